using System.Runtime.InteropServices;

namespace LibbpfSharp.Benchmarks.Maps;

/// <summary>Elements aligned to cache lines, as the C side has them.</summary>
internal sealed unsafe class AlignedArray<T> : IDisposable
    where T : unmanaged
{
    private readonly int _length;
    private T* _data;

    public AlignedArray(int length)
    {
        _length = length;
        _data = (T*)NativeMemory.AlignedAlloc((nuint)(length * sizeof(T)), 64);
        Span.Clear();
    }

    public Span<T> Span => new(_data, _length);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}
