using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>
/// The values of a map mapped into memory: reading and writing them is no call to the kernel. What programs write is
/// seen at once, and so is what is written here. Owns the mapping, which keeps the map itself alive; spans and
/// references into it are valid until Dispose, so keep this object and do not use them longer. There is no finalizer,
/// since such a span may outlive the last use of this object.
/// </summary>
public sealed unsafe class BpfMapMemory : IDisposable
{
    private readonly IBpfKernel _kernel;
    private readonly string _subject;
    private readonly int _length;
    private readonly long _mapped;
    private readonly bool _writable;
    private readonly StrongBox<int> _owners;
    private nint _address;

    private BpfMapMemory(IBpfKernel kernel, string subject, nint address, int length, long mapped, bool writable, StrongBox<int> owners)
    {
        _owners = owners;
        _kernel = kernel;
        _subject = subject;
        _address = address;
        _length = length;
        _mapped = mapped;
        _writable = writable;
    }

    /// <summary>Length in bytes: all elements of an array, each in <c>round_up(value_size, 8)</c> bytes; all pages of an arena, of which spans reach the first 2 GiB.</summary>
    public int Length => _length;

    /// <summary>Whether <see cref="WritableSpan"/> and <see cref="At"/> may be used.</summary>
    public bool IsWritable => _writable;

    /// <summary>The bytes, to read.</summary>
    /// <exception cref="ObjectDisposedException">The mapping was disposed of.</exception>
    public ReadOnlySpan<byte> Span => new(Start(), _length);

    /// <summary>The bytes, to read and write.</summary>
    /// <exception cref="InvalidOperationException">The memory was mapped for reading only.</exception>
    /// <exception cref="ObjectDisposedException">The mapping was disposed of.</exception>
    public Span<byte> WritableSpan => new(StartWritable(), _length);

    /// <summary>A value in the memory, to read.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="offset">Its first byte.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value does not lie wholly within the memory.</exception>
    /// <exception cref="ObjectDisposedException">The mapping was disposed of.</exception>
    public ref readonly T Peek<T>(int offset)
        where T : unmanaged => ref Unsafe.AsRef<T>(Start() + Checked(offset, sizeof(T)));

    /// <summary>A value in the memory, to read and write.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="offset">Its first byte.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value does not lie wholly within the memory.</exception>
    /// <exception cref="InvalidOperationException">The memory was mapped for reading only.</exception>
    /// <exception cref="ObjectDisposedException">The mapping was disposed of.</exception>
    public ref T At<T>(int offset)
        where T : unmanaged => ref Unsafe.AsRef<T>(StartWritable() + Checked(offset, sizeof(T)));

    /// <summary>Unmaps the memory. Spans and references into it must not be used any more.</summary>
    public void Dispose()
    {
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address != 0 && Interlocked.Decrement(ref _owners.Value) == 0)
            _kernel.UnmapMemory(address, (nuint)_mapped);
    }

    /// <summary>The same mapping with another owner: Linux maps an arena at one address of a process.</summary>
    internal BpfMapMemory Share(bool writable)
    {
        nint address = (nint)Start();
        Interlocked.Increment(ref _owners.Value);
        return new BpfMapMemory(_kernel, _subject, address, _length, _mapped, writable && _writable, _owners);
    }

    /// <summary>Maps an array made with <see cref="BpfMapFlags.MMapable"/>, or an arena.</summary>
    internal static BpfMapMemory Create(BpfMap map, bool writable)
    {
        IBpfKernel kernel = map.Kernel;
        int page = kernel.Facts.PageSize;
        nint address = 0;
        long length;
        if (map.Type == BpfMapType.Arena)
        {
            length = (long)map.MaxEntries * page;
            address = (nint)map.Extra;
        }
        else if (map.Type == BpfMapType.Array && (map.Flags & BpfMapFlags.MMapable) != 0)
        {
            length = (long)map.MaxEntries * PerCpuLayout.RoundUp(map.ValueSize);
        }
        else
        {
            throw MapErrors.Invalid(map, "mmap", map.Type == BpfMapType.Array
                ? "An array can be mapped only if it was created with BPF_F_MMAPABLE."
                : $"A {map.Type} cannot be mapped: only arrays created with BPF_F_MMAPABLE, arenas, and ring buffers through their own type.");
        }

        long mapped = (length + page - 1) / page * page;
        if (mapped > int.MaxValue && map.Type != BpfMapType.Arena)
            throw MapErrors.Invalid(map, "mmap", $"The values take {length} bytes; spans reach 2 GiB.");
        MemoryProtection protection = writable ? MemoryProtection.Read | MemoryProtection.Write : MemoryProtection.Read;
        int fd = map.Handle.Enter();
        int result;
        try
        {
            result = kernel.MapMemory(fd, (nuint)mapped, protection, MemorySharing.Shared, 0, ref address);
        }
        finally
        {
            map.Handle.Exit();
        }

        if (result < 0)
        {
            throw KernelErrors.Create(result, kernel, "mmap", map.Subject, (BpfErrno)(-result) switch
            {
                BpfErrno.EPERM when writable => "The map is frozen: map it for reading only.",
                BpfErrno.EACCES when writable => "Programs may only read this map, or its descriptor was opened for one direction: map it for reading only, through a descriptor of both directions.",
                BpfErrno.EINVAL or BpfErrno.EACCES => "Memory can only be mapped through a descriptor that was opened for reading and writing.",
                _ => null,
            });
        }

        return new BpfMapMemory(kernel, map.Subject, address, (int)Math.Min(length, int.MaxValue), mapped, writable, new StrongBox<int>(1));
    }

    private byte* Start()
    {
        nint address = Volatile.Read(ref _address);
        if (address == 0)
            throw new ObjectDisposedException(nameof(BpfMapMemory), $"The mapping of {_subject} was disposed of.");
        return (byte*)address;
    }

    private byte* StartWritable()
    {
        if (!_writable)
            throw new InvalidOperationException($"The memory of {_subject} is mapped for reading only, because the map is frozen or was asked for so; writing it would end the process.");
        return Start();
    }

    private int Checked(int offset, int size) => offset >= 0 && offset <= _length - size
        ? offset
        : throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{size} bytes from offset {offset} do not lie within the {_length} bytes of {_subject}.");
}
