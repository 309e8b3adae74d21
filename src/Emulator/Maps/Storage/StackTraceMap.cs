using System.Numerics;

namespace LibbpfSharp.Emulator;

/// <summary>STACK_TRACE: traces by id; programs store them, user space reads and deletes them.</summary>
internal sealed unsafe class StackTraceMap(EmulatedKernel kernel, MapSpec spec) : EmulatedMap(kernel, spec)
{
    private const ulong FastCompare = 1 << 9, ReuseId = 1 << 10;
    private readonly byte[]?[] _traces = new byte[]?[BitOperations.RoundUpToPowerOf2(spec.MaxEntries)];

    public override bool SupportsLookupAndDelete => true;

    /// <summary>Most frames of a trace.</summary>
    public int MaximumFrames => (int)(ValueSize / FrameSize);

    private uint FrameSize => (Flags & BpfMapFlags.StackBuildId) != 0 ? 32u : 8u;

    /// <summary>Stores a trace as bpf_get_stackid() does.</summary>
    /// <param name="trace">Frames, 8 bytes each (32 with BPF_F_STACK_BUILD_ID); more than fit are cut.</param>
    /// <param name="flags">BPF_F_FAST_STACK_CMP and BPF_F_REUSE_STACKID count here.</param>
    /// <returns>The id, or -EEXIST if another trace has it.</returns>
    public int Store(ReadOnlySpan<byte> trace, ulong flags)
    {
        trace = trace[..(int)Math.Min((uint)trace.Length, ValueSize)];
        uint id;
        fixed (byte* bytes = trace)
            id = JenkinsHash.OfWords((uint*)bytes, (uint)trace.Length / 4, 0) & (uint)(_traces.Length - 1);
        byte[]? old = Volatile.Read(ref _traces[id]);
        if (old is not null && ((flags & FastCompare) != 0 || old.AsSpan().SequenceEqual(trace)))
            return (int)id;
        if (old is not null && (flags & ReuseId) == 0)
            return -Errno.EEXIST;
        Volatile.Write(ref _traces[id], trace.ToArray());
        return (int)id;
    }

    public override int DeleteElement(byte* key) => SyscallDelete(key);

    public override int SyscallLookup(byte* key, ulong value, ulong flags)
    {
        uint id = *(uint*)key;
        return id < _traces.Length && Volatile.Read(ref _traces[id]) is { } trace ? Copy(trace, value) : -Errno.ENOENT;
    }

    public override int SyscallLookupAndDelete(byte* key, ulong value, ulong flags)
    {
        uint id = *(uint*)key;
        return id < _traces.Length && Interlocked.Exchange(ref _traces[id], null) is { } trace ? Copy(trace, value) : -Errno.ENOENT;
    }

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file) => -Errno.EINVAL;

    public override int SyscallDelete(byte* key)
    {
        uint id = *(uint*)key;
        if (id >= _traces.Length)
            return -Errno.E2BIG;
        return Interlocked.Exchange(ref _traces[id], null) is null ? -Errno.ENOENT : 0;
    }

    public override int SyscallNextKey(byte* key, ulong next)
    {
        uint id = 0;
        if (key != null && *(uint*)key < _traces.Length && _traces[*(uint*)key] is not null)
            id = *(uint*)key + 1;
        while (id < _traces.Length && _traces[id] is null)
            id++;
        return id < _traces.Length ? CopyOut(next, &id, sizeof(uint)) : -Errno.ENOENT;
    }

    private int Copy(byte[] trace, ulong value)
    {
        if (!UserMemory.IsValid(value))
            return -Errno.EFAULT;
        var target = new Span<byte>((void*)value, (int)ValueSize);
        trace.CopyTo(target);
        target[trace.Length..].Clear();
        return 0;
    }
}
