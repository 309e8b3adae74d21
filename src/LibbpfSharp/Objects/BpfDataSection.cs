using System.Runtime.InteropServices;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>A data section of a loaded object (.data, .bss, .rodata), as the memory that programs see.</summary>
public sealed unsafe class BpfDataSection
{
    private readonly Lock _lock = new();
    private readonly BpfObject _owner;
    private readonly nuint _mappedLength;
    private nint _address;
    private bool _disposed;

    internal BpfDataSection(BpfObject owner, string name, BpfMap map, bool isReadOnly)
    {
        _owner = owner;
        Name = name;
        Map = map;
        IsReadOnly = isReadOnly;
        nuint page = (nuint)map.Kernel.Facts.PageSize;
        _mappedLength = ((nuint)((map.ValueSize + 7) & ~7) * map.MaxEntries + page - 1) / page * page;
    }

    /// <summary>Name of the section.</summary>
    public string Name { get; }

    /// <summary>The map that holds it.</summary>
    public BpfMap Map { get; }

    /// <summary>True for constants: they are frozen, and can only be read.</summary>
    public bool IsReadOnly { get; }

    /// <summary>
    /// The bytes, shared with programs: what they write is seen here and the other way. Good until the object is
    /// disposed of, which must outlive every use.
    /// </summary>
    /// <exception cref="InvalidOperationException">The section is read-only.</exception>
    /// <exception cref="ObjectDisposedException">The object was disposed of.</exception>
    public Span<byte> Bytes => IsReadOnly
        ? throw new InvalidOperationException($"Section '{Name}' of {_owner} is read-only once loaded: set its variables before load, or read {nameof(ReadOnlyBytes)}.")
        : new Span<byte>((void*)Address(), Map.ValueSize);

    /// <summary>The bytes, to be read.</summary>
    /// <exception cref="ObjectDisposedException">The object was disposed of.</exception>
    public ReadOnlySpan<byte> ReadOnlyBytes => new((void*)Address(), Map.ValueSize);

    /// <summary>Reads a variable; never from memory that another thread unmaps meanwhile.</summary>
    internal T Read<T>(int offset)
        where T : unmanaged
    {
        lock (_lock)
            return MemoryMarshal.Read<T>(ReadOnlyBytes.Slice(offset, sizeof(T)));
    }

    /// <summary>Writes a variable; never to memory that another thread unmaps meanwhile.</summary>
    internal void Write<T>(int offset, in T value)
        where T : unmanaged
    {
        lock (_lock)
            MemoryMarshal.Write(Bytes.Slice(offset, sizeof(T)), in value);
    }

    internal void Unmap()
    {
        lock (_lock)
        {
            _disposed = true;
            nint address = _address;
            Volatile.Write(ref _address, 0);
            if (address != 0)
                Map.Kernel.UnmapMemory(address, _mappedLength);
        }
    }

    private nint Address()
    {
        nint known = Volatile.Read(ref _address);
        return known != 0 ? known : MapIt();
    }

    private nint MapIt()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, _owner);
            if (_address == 0)
            {
                nint address = 0;
                MemoryProtection protection = IsReadOnly ? MemoryProtection.Read : MemoryProtection.Read | MemoryProtection.Write;
                int fd = Map.Handle.Enter();
                int result;
                try
                {
                    result = Map.Kernel.MapMemory(fd, _mappedLength, protection, MemorySharing.Shared, 0, ref address);
                }
                finally
                {
                    Map.Handle.Exit();
                }

                KernelErrors.Check(result, Map.Kernel, $"mapping section '{Name}'", $"map '{Map.Name}'");
                Volatile.Write(ref _address, address);
            }

            return _address;
        }
    }
}
