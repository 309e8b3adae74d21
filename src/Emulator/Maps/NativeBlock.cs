using System.Runtime.ConstrainedExecution;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>Zeroed native memory that never moves, freed with its owner (by the finalizer if the kernel is never disposed of).</summary>
internal sealed unsafe class NativeBlock : CriticalFinalizerObject, IDisposable
{
    private void* _address;

    /// <summary>Allocates.</summary>
    /// <param name="size">Size in bytes.</param>
    /// <param name="alignment">A power of two; up to 16 costs nothing.</param>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public NativeBlock(ulong size, uint alignment = 16)
    {
        if (size > (ulong)nint.MaxValue - 65536)
            throw new InsufficientMemoryException();
        Size = size;
        if (alignment <= 16)
        {
            // calloc, so that a large block takes no memory before it is used.
            _address = NativeMemory.AllocZeroed((nuint)Math.Max(size, 1));
            Start = (byte*)_address;
        }
        else
        {
            _address = NativeMemory.AllocZeroed((nuint)(size + alignment));
            Start = (byte*)(((nuint)_address + alignment - 1) & ~(nuint)(alignment - 1));
        }
    }

    ~NativeBlock() => NativeMemory.Free(_address);

    public byte* Start { get; }

    /// <summary>Usable size in bytes.</summary>
    public ulong Size { get; }

    public void Dispose()
    {
        NativeMemory.Free(_address);
        _address = null;
        GC.SuppressFinalize(this);
    }
}
