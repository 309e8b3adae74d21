using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// What BPF_ITER_CREATE gives: reading it runs the program over its target as Linux does (bpf_seq_read): once for each item,
/// and once more at the end with none. A read that the buffer of 32 KiB cannot hold goes on with the next.
/// </summary>
internal sealed unsafe class IteratorFile : EmulatedObject
{
    private const int ContextWords = 8;
    private static ulong s_lastSession;

    private readonly Lock _lock = new();
    private readonly EmulatedProgram _program;
    private readonly EmulatedObject? _object;
    private readonly IteratorTarget _target;
    private readonly string _name;
    private readonly ulong _session = Interlocked.Increment(ref s_lastSession);
    private readonly SequenceFile _sequence = new();
    private readonly uint _contextSize;
    private ulong _position;
    private ulong _number;
    private bool _isDone;
    private bool _endRequested;

    private IteratorFile(EmulatedKernel kernel, EmulatedProgram program, AttachPoint point)
        : base(kernel)
    {
        program.Acquire();
        point.Object?.Acquire();
        _program = program;
        _object = point.Object;
        _name = point.Name;
        _target = IteratorTarget.Create(kernel, point);
        string structure = "bpf_iter__" + point.Name;
        _contextSize = kernel.KernelTypes.Btf is { } btf && btf.TryFindByName(structure, Formats.Btf.BtfKind.Struct, out uint id)
            ? Math.Min(btf[id].Size, ContextWords * sizeof(ulong))
            : ContextWords * sizeof(ulong);
    }

    public override string Description => $"iterator over {_name}";

    /// <summary>BPF_ITER_CREATE.</summary>
    /// <returns>A descriptor, or -errno.</returns>
    public static int Open(EmulatedKernel kernel, EmulatedLink link) =>
        link.Program is { } program ? kernel.OpenDescriptor(new IteratorFile(kernel, program, link.Point), canWrite: false) : -Errno.EINVAL;

    public override int Read(KernelFile file, Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        lock (_lock)
        {
            if (_sequence.Count == 0)
            {
                int error = Walk(buffer.Length);
                if (error != 0)
                    return error;
            }

            return _sequence.Take(buffer);
        }
    }

    protected override void Destroy()
    {
        _sequence.Release();
        _program.Release();
        _object?.Release();
    }

    // Shows items until there is enough to read; -errno if there is nothing to read for a reason.
    private int Walk(int wanted)
    {
        IteratorItem? item = _endRequested ? null : _target.Find(_position);
        bool isFirst = true;
        while (item is not null)
        {
            int before = _sequence.Count;
            if (!isFirst && before >= wanted)
                break;
            int result = Show(item);
            if (result < 0 || _sequence.HasOverflowed)
            {
                _sequence.Truncate(before);
                if (before == 0)
                {
                    item.Dispose();
                    return result < 0 ? result : -Errno.E2BIG;
                }

                break;
            }

            isFirst = false;
            _position = item.Position + 1;
            item.Dispose();
            item = _endRequested ? null : _target.Find(_position);
            if (item is not null)
                _number++;
        }

        if (item is not null)
        {
            item.Dispose();
            return 0;
        }

        if (_isDone)
            return 0;
        int count = _sequence.Count;
        int error = Show(null);
        if (_sequence.HasOverflowed)
        {
            _sequence.Truncate(count);
            return count == 0 ? -Errno.E2BIG : 0;
        }

        _isDone = true;
        return error == -Errno.EFAULT && count == 0 && _sequence.Count == 0 ? error : 0;
    }

    // Runs the program once. 0, -EAGAIN when it asks for the same item again, -EFAULT after a fault.
    private int Show(IteratorItem? item)
    {
        const int MetaSize = 24;
        byte* memory = (byte*)NativeMemory.AlignedAlloc((ContextWords * sizeof(ulong)) + MetaSize, 8);
        NativeMemory.Clear(memory, (ContextWords * sizeof(ulong)) + MetaSize);
        ulong* words = (ulong*)memory;
        ulong* meta = words + ContextWords;
        try
        {
            bool ran = Kernel.Runner.TryRun(
                _program, memory, _contextSize, null, Kernel.CurrentCpuSlot, out ulong result, out _,
                run =>
                {
                    meta[0] = _sequence.Address(run);
                    meta[1] = _session;
                    meta[2] = _number;
                    words[0] = run.OpenRegion(RegionKind.KernelObject, (byte*)meta, MetaSize, 0, "struct bpf_iter_meta");
                    if (item is null)
                        _target.FillEnd(run, words);
                    else
                        item.Fill(run, words);
                });
            if (!ran)
                return -Errno.EFAULT;
            if (result == 0)
                return 0;
            if (!_target.EndsOnRequest)
                return -Errno.EAGAIN;
            _endRequested = true;
            return 0;
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }
}
