using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>An object of the kernel that programs hold pointers to: its memory as the kernel's BTF lays it out.</summary>
internal abstract unsafe class GuestObject : IDisposable
{
    private readonly bool _isWritable;
    private byte* _memory;
    private int _references = 1;

    protected GuestObject(uint size, bool isWritable)
    {
        Size = size;
        _isWritable = isWritable;
        _memory = (byte*)NativeMemory.AllocZeroed(Math.Max(size, 8));
    }

    ~GuestObject() => NativeMemory.Free(_memory);

    /// <summary>For messages: "a task".</summary>
    public abstract string Description { get; }

    /// <summary>Bytes of memory.</summary>
    public uint Size { get; }

    /// <summary>The memory.</summary>
    public byte* Memory => _memory;

    /// <summary>Adds a reference.</summary>
    public void Acquire() => Interlocked.Increment(ref _references);

    /// <summary>Gives a reference back; the last one frees the object.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            Dispose();
    }

    /// <summary>The address that a program of this run holds.</summary>
    public ulong Address(RunContext run)
    {
        ulong address = run.LeaseRegion(RegionKind.KernelObject, _memory, Size, _isWritable ? Size : 0, this);
        OnAddressed(run, address);
        return address;
    }

    public override string ToString() => Description;

    public void Dispose()
    {
        OnDisposing();
        NativeMemory.Free(_memory);
        _memory = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>A run holds the object at this address: the pointers in it are set.</summary>
    protected virtual void OnAddressed(RunContext run, ulong address)
    {
    }

    /// <summary>The memory is about to go.</summary>
    protected virtual void OnDisposing()
    {
    }
}
