using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>An object of the kernel that programs hold pointers to: its memory as the kernel's BTF lays it out.</summary>
internal abstract unsafe class GuestObject : IDisposable
{
    private readonly bool _isWritable;

    // Pinned, and given back by the garbage collector: runs on other CPUs may hold its address after its last reference is gone.
    private readonly byte[] _block;
    private readonly byte* _memory;
    private int _references = 1;

    protected GuestObject(uint size, bool isWritable)
    {
        Size = size;
        _isWritable = isWritable;
        _block = GC.AllocateArray<byte>((int)Math.Max(size, 8), pinned: true);
        _memory = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_block));
    }

    /// <summary>For messages: "a task".</summary>
    public abstract string Description { get; }

    /// <summary>Bytes of memory.</summary>
    public uint Size { get; }

    /// <summary>The memory.</summary>
    public byte* Memory => _memory;

    /// <summary>Adds a reference.</summary>
    public void Acquire() => Interlocked.Increment(ref _references);

    /// <summary>Adds a reference if there is still one.</summary>
    public bool TryAcquire()
    {
        int before = Volatile.Read(ref _references);
        while (before > 0)
        {
            int seen = Interlocked.CompareExchange(ref _references, before + 1, before);
            if (seen == before)
                return true;
            before = seen;
        }

        return false;
    }

    /// <summary>Gives a reference back; the last one ends the object.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            Dispose();
    }

    /// <summary>The address that a program of this run holds.</summary>
    public virtual ulong Address(RunContext run)
    {
        ulong address = run.LeaseRegion(RegionKind.KernelObject, _memory, Size, _isWritable ? Size : 0, this);
        OnAddressed(run, address);
        return address;
    }

    public override string ToString() => Description;

    public void Dispose()
    {
        OnDisposing();
        GC.SuppressFinalize(this);
    }

    /// <summary>A run holds the object at this address: the pointers in it are set.</summary>
    protected virtual void OnAddressed(RunContext run, ulong address)
    {
    }

    /// <summary>Nobody owns it any more.</summary>
    protected virtual void OnDisposing()
    {
    }
}
