using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Maps;

/// <summary>
/// Where a batch lookup goes on. Starts as <c>default</c>; passed by reference to each call for the same map, until
/// <see cref="IsAtEnd"/>. Holds what the kernel calls in_batch and out_batch: a bucket number for hashes (4 bytes
/// whatever the key's size), the last key for arrays and tries.
/// </summary>
public struct BpfBatchCursor
{
    private Position _position;
    private byte[]? _long;
    private bool _started;
    private bool _atEnd;

    /// <summary>True after the call that gave the last elements.</summary>
    public readonly bool IsAtEnd => _atEnd;

    /// <summary>Starts again at the first element.</summary>
    public void Reset()
    {
        _started = false;
        _atEnd = false;
    }

    internal readonly bool IsStarted => _started;

    /// <summary>Memory for the position, at least 4 bytes and at least a key.</summary>
    [UnscopedRef]
    internal Span<byte> Bytes(int keySize)
    {
        int size = Math.Max(sizeof(uint), keySize);
        if (size <= Position.Size)
            return MemoryMarshal.CreateSpan(ref Unsafe.As<Position, byte>(ref _position), size);
        // Only keys of tries and arrays are ever positions, and those are at most 260 bytes; room for what comes.
        if (_long is null || _long.Length < size)
            _long = new byte[size];
        return _long.AsSpan(0, size);
    }

    internal void Advance(bool atEnd)
    {
        _started = true;
        _atEnd = atEnd;
    }

    [InlineArray(Size)]
    private struct Position
    {
        public const int Size = 264;
        private byte _first;
    }
}
