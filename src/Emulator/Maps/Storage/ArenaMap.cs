using System.Runtime.InteropServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>ARENA: up to 4 GiB shared by programs and user space. Pages exist from the start here; allocation is kept in books.</summary>
internal sealed unsafe class ArenaMap : EmulatedMap
{
    private readonly NativeBlock _memory;
    private readonly Lock _lock = new();
    private readonly bool[] _allocated;

    public ArenaMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel, spec)
    {
        PageSize = (uint)kernel.Machine.PageSize;
        _memory = new NativeBlock((ulong)spec.MaxEntries * PageSize, PageSize);
        _allocated = new bool[spec.MaxEntries];
        IsMapped = spec.Extra != 0;
    }

    /// <summary>Whether it has its address in user space: given when it was made, or by mapping it.</summary>
    public bool IsMapped { get; private set; }

    /// <summary>Size of a page in bytes.</summary>
    public uint PageSize { get; }

    /// <summary>First byte.</summary>
    public byte* Memory => _memory.Start;

    /// <summary>Size in bytes.</summary>
    public ulong Size => _memory.Size;

    /// <summary>The address that user space sees byte 0 at.</summary>
    public ulong UserAddress => (ulong)_memory.Start;

    public override int GetDirectValue(uint offset, out byte* value, out uint length)
    {
        value = _memory.Start;
        length = (uint)Math.Min(Size, uint.MaxValue);
        return offset / PageSize >= MaxEntries ? -Errno.ERANGE : 0;
    }

    /// <summary>bpf_arena_alloc_pages().</summary>
    /// <param name="page">First page wanted, or -1 for any.</param>
    /// <param name="count">Pages, at least 1.</param>
    /// <returns>Number of the first page, or -1.</returns>
    public long AllocatePages(long page, uint count)
    {
        if (count == 0 || count > MaxEntries || page > MaxEntries - count)
            return -1;
        lock (_lock)
        {
            long last = page >= 0 ? page : MaxEntries - count;
            for (long first = Math.Max(page, 0); first <= last; first++)
            {
                if (_allocated.AsSpan((int)first, (int)count).Contains(true) || IsTouched(first, count))
                    continue;
                _allocated.AsSpan((int)first, (int)count).Fill(true);
                NativeMemory.Clear(_memory.Start + (first * PageSize), (nuint)count * PageSize);
                return first;
            }

            return -1;
        }
    }

    // Linux allocates a page that user space touches first; here it is one that user space, or a loader, wrote to.
    private bool IsTouched(long page, uint count)
    {
        for (long i = page; i < page + count; i++)
        {
            if (new ReadOnlySpan<byte>(_memory.Start + (i * PageSize), (int)PageSize).ContainsAnyExcept((byte)0))
                return true;
        }

        return false;
    }

    /// <summary>bpf_arena_free_pages().</summary>
    public void FreePages(uint page, uint count)
    {
        lock (_lock)
        {
            if (page >= MaxEntries)
                return;
            count = Math.Min(count, MaxEntries - page);
            _allocated.AsSpan((int)page, (int)count).Clear();
            NativeMemory.Clear(_memory.Start + ((ulong)page * PageSize), (nuint)count * PageSize); // reads give zeros, as from a page that is not there
        }
    }

    public override int SyscallLookup(byte* key, ulong value, ulong flags) => -Errno.EINVAL;

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file) => -Errno.EOPNOTSUPP;

    public override int SyscallDelete(byte* key) => -Errno.EOPNOTSUPP;

    public override int SyscallNextKey(byte* key, ulong next) => -Errno.EOPNOTSUPP;

    public override int MapMemory(KernelFile file, MemoryRequest request, out nint address)
    {
        address = 0;
        int error = CheckMapping(request);
        if (error != 0)
            return error;
        if (request.Length > 1UL << 32)
            return -Errno.E2BIG;
        if (request.Offset != 0 || request.Length != Size)
            return -Errno.EINVAL;

        // Memory of the process is wherever it is: an address of its own (map_extra) cannot be promised.
        address = (nint)_memory.Start;
        IsMapped = true;
        return 0;
    }

    protected override void Destroy()
    {
        _memory.Dispose();
        base.Destroy();
    }
}
