using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>ARRAY: elements in one block of memory, which a mapping shares.</summary>
internal sealed unsafe class ArrayMap : EmulatedMap
{
    private readonly NativeBlock _memory;
    private readonly byte* _values;
    private readonly uint _stride;
    private readonly uint _maxEntries;

    public ArrayMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel, spec)
    {
        _stride = (uint)((spec.ValueSize + 7UL) & ~7UL);
        _maxEntries = spec.MaxEntries;
        ulong page = (ulong)kernel.Machine.PageSize;
        ulong size = (ulong)_stride * spec.MaxEntries;
        bool mappable = (Flags & BpfMapFlags.MMapable) != 0;
        if (mappable)
            size = (size + page - 1) & ~(page - 1);
        _memory = new NativeBlock(size, mappable ? (uint)page : 16);
        _values = _memory.Start;
    }

    public override bool SupportsForEach => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* At(uint index) => _values + ((ulong)index * _stride);

    public override byte* LookupElement(byte* key, int cpuSlot)
    {
        uint index = *(uint*)key;
        return index < _maxEntries ? At(index) : null;
    }

    public override int UpdateElement(byte* key, byte* value, ulong flags, int cpuSlot)
    {
        int error = ArrayKeys.CheckUpdate(*(uint*)key, _maxEntries, flags);
        if (error != 0)
            return error;
        byte* element = At(*(uint*)key);
        if ((flags & FlagLock) != 0)
        {
            if (Fields is not { SpinLockOffset: >= 0 } fields)
                return -Errno.EINVAL;
            fields.Lock(element);
            CopyValue(element, value);
            fields.Unlock(element);
            return 0;
        }

        CopyValue(element, value);
        ReleaseFields(element);
        return 0;
    }

    public override int DeleteElement(byte* key) => -Errno.EINVAL;

    public override int GetDirectValue(uint offset, out byte* value, out uint length)
    {
        value = _values;
        length = ValueSize;
        return _maxEntries != 1 ? -Errno.ENOTSUPP : offset >= ValueSize ? -Errno.EINVAL : 0;
    }

    public override bool NextElement(MapElementCursor* cursor, int cpuSlot, out byte* key, out byte* value)
    {
        bool any = ArrayKeys.Advance(cursor, _maxEntries, out key);
        value = any ? At(cursor->Index) : null;
        return any;
    }

    public override int SyscallLookup(byte* key, ulong value, ulong flags)
    {
        uint index = *(uint*)key;
        return index < _maxEntries ? CopyValueOut(value, At(index), flags) : -Errno.ENOENT;
    }

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file) => UpdateElement(key, value, flags, 0);

    public override int SyscallDelete(byte* key) => -Errno.EINVAL;

    public override int SyscallNextKey(byte* key, ulong next) => ArrayKeys.Next(key, next, _maxEntries);

    public override int SyscallBatch(BpfCommand command, ref bpf_attr_batch attr, KernelFile file) => ArrayKeys.Batch(this, command, ref attr, file);

    public override byte[] ComputeHash()
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        ulong size = (ulong)_stride * _maxEntries;
        for (ulong at = 0; at < size; at += 1 << 30)
            hash.AppendData(new ReadOnlySpan<byte>(_values + at, (int)Math.Min(size - at, 1 << 30)));
        return hash.GetHashAndReset();
    }

    public override int MapMemory(KernelFile file, MemoryRequest request, out nint address)
    {
        address = 0;
        int error = CheckMapping(request);
        if (error != 0)
            return error;
        if ((Flags & BpfMapFlags.MMapable) == 0 || request.Offset + request.Length > _memory.Size || request.Offset + request.Length < request.Offset)
            return -Errno.EINVAL;
        address = (nint)(_values + request.Offset);
        return 0;
    }

    protected override void Destroy()
    {
        if (Fields is { NeedsRelease: true })
        {
            for (uint i = 0; i < _maxEntries; i++)
                ReleaseFields(At(i));
        }

        _memory.Dispose();
        base.Destroy();
    }
}
