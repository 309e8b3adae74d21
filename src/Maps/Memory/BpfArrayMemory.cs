using System.Runtime.InteropServices;

namespace LibbpfSharp.Maps;

/// <summary>The elements of a mapped array, by index. Owns the mapping; see <see cref="BpfMapMemory"/> for what that means for references into it.</summary>
/// <typeparam name="TValue">The value.</typeparam>
public sealed unsafe class BpfArrayMemory<TValue> : IDisposable
    where TValue : unmanaged
{
    private readonly int _stride;

    internal BpfArrayMemory(BpfMapMemory memory, uint count)
    {
        Memory = memory;
        Count = (int)count;
        _stride = PerCpuLayout.RoundUp(sizeof(TValue));
    }

    /// <summary>The mapping as bytes.</summary>
    public BpfMapMemory Memory { get; }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    /// <summary>An element, to read.</summary>
    /// <param name="index">Its index.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such element.</exception>
    public ref readonly TValue this[int index] => ref Memory.Peek<TValue>(Offset(index));

    /// <summary>All elements, to read.</summary>
    /// <exception cref="NotSupportedException">The values are not a multiple of 8 bytes long, so that there are gaps between them.</exception>
    public ReadOnlySpan<TValue> Span => MemoryMarshal.Cast<byte, TValue>(Contiguous(Memory.Span));

    /// <summary>All elements, to read and write.</summary>
    /// <exception cref="NotSupportedException">The values are not a multiple of 8 bytes long, so that there are gaps between them.</exception>
    /// <exception cref="InvalidOperationException">The memory was mapped for reading only.</exception>
    public Span<TValue> WritableSpan
    {
        get
        {
            Contiguous(default);
            return MemoryMarshal.Cast<byte, TValue>(Memory.WritableSpan);
        }
    }

    /// <summary>An element, to read and write: <c>memory.At(3) = value</c>, or Interlocked on it.</summary>
    /// <param name="index">Its index.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such element.</exception>
    /// <exception cref="InvalidOperationException">The memory was mapped for reading only.</exception>
    public ref TValue At(int index) => ref Memory.At<TValue>(Offset(index));

    /// <summary>Unmaps the memory.</summary>
    public void Dispose() => Memory.Dispose();

    private int Offset(int index)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The array has {Count} elements.");
        return index * _stride;
    }

    private ReadOnlySpan<byte> Contiguous(ReadOnlySpan<byte> bytes) => _stride == sizeof(TValue)
        ? bytes
        : throw new NotSupportedException($"Elements of {sizeof(TValue)} bytes lie {_stride} bytes apart: use the indexer and At.");
}
