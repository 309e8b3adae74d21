using System.Buffers;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Interop;

/// <summary>Bytes in native memory (a kernel's BTF is megabytes that the garbage collector need not move). Dispose frees them;
/// there is no finalizer, since a span may outlive the object.</summary>
public sealed unsafe class KernelBlob : MemoryManager<byte>
{
    private byte* _data;

    /// <summary>Allocates zeroed memory.</summary>
    /// <param name="length">Length in bytes.</param>
    public KernelBlob(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _data = (byte*)NativeMemory.AllocZeroed((nuint)Math.Max(length, 1));
    }

    /// <summary>Length in bytes.</summary>
    public int Length { get; }

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_data == null, this);
        return new Span<byte>(_data, Length);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_data == null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)Length, nameof(elementIndex));
        return new MemoryHandle(_data + elementIndex, pinnable: this);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        byte* data = _data;
        _data = null;
        NativeMemory.Free(data);
    }
}
