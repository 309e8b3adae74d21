using System.Buffers;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>
/// Reads a whole map in chunks: by batches where the kernel has them for the kind of map, else key by key. A mutable
/// struct, so that a walk allocates nothing; its owner must not copy it.
/// </summary>
internal unsafe struct MapWalk
{
    private const int ChunkBytes = 128 * 1024;
    private const int MaxChunk = 4096;
    private readonly BpfMap _map;
    private readonly bool _restarts;
    private byte[]? _keys;
    private byte[]? _values;
    private byte[]? _current; // key by key: the key that the walk stands on
    private BpfBatchCursor _cursor;
    private int _room;
    private ulong _seen;
    private Mode _mode;

    public MapWalk(BpfMap map, bool byKey = false)
    {
        _map = map;
        _mode = byKey ? Mode.ByKey : Mode.Start;
        // A bucket number never goes back; a key that is gone has the first one as its successor.
        _restarts = byKey || map.Type is BpfMapType.LpmTrie;
        long size = Math.Max(1, (long)map.KeySize + map.ElementSize);
        // One more than the capacity, so that a small map comes with its end in one call.
        _room = (int)Math.Min(Math.Clamp(ChunkBytes / size, 16, MaxChunk), map.MaxEntries + 1L);
    }

    private enum Mode
    {
        Start,
        Batches,
        ByKey,
        Done,
    }

    /// <summary>Keys of the chunk, one after the other.</summary>
    public readonly byte[] Keys => _keys!;

    /// <summary>Values of the chunk, one after the other.</summary>
    public readonly byte[] Values => _values!;

    /// <summary>Reads the next chunk, which has at least one element.</summary>
    /// <returns>Its elements; 0 at the end.</returns>
    public int Next()
    {
        int count = 0;
        while (count == 0 && _mode != Mode.Done)
        {
            if (_keys is null)
                Rent();
            count = _mode == Mode.ByKey ? NextByKey() : NextBatch();
        }

        return count;
    }

    public void Dispose()
    {
        _mode = Mode.Done;
        Return();
        if (_current is not null)
            ArrayPool<byte>.Shared.Return(_current);
        _current = null;
    }

    private int NextBatch()
    {
        int count;
        int result;
        fixed (byte* k = _keys)
        fixed (byte* v = _values)
        {
            result = _map.TryReadBatch(BpfCommand.MapLookupBatch, ref _cursor, k, v, _room, BpfUpdateFlags.Any, out count);
        }

        if (result < 0)
        {
            var errno = (BpfErrno)(-result);
            if (errno == BpfErrno.ENOSPC && _room <= _map.MaxEntries)
            {
                // A bucket holds more elements than there is room for.
                Return();
                _room = (int)Math.Min((long)_room * 2, Math.Min(_map.MaxEntries + 1L, int.MaxValue / Math.Max(1, _map.ElementSize)));
                return 0;
            }

            // EINVAL: a kernel before 5.6 does not know the command.
            if (_mode != Mode.Start || errno is not (BpfErrno.ENOTSUPP or BpfErrno.EOPNOTSUPP or BpfErrno.EINVAL))
                MapErrors.ThrowReadBatch(result, _map, MapErrors.LookupBatch, _room, BpfUpdateFlags.Any);
            _mode = Mode.ByKey;
            return 0;
        }

        _mode = _cursor.IsAtEnd ? Mode.Done : Mode.Batches;
        Count(count);
        return count;
    }

    private int NextByKey()
    {
        int keySize = _map.KeySize;
        int valueSize = _map.ElementSize;
        int count = 0;
        bool first = _current is null;
        _current ??= ArrayPool<byte>.Shared.Rent(Math.Max(1, keySize));
        Span<byte> current = _current.AsSpan(0, keySize);
        while (count < _room)
        {
            Span<byte> key = _keys.AsSpan(count * keySize, keySize);
            if (!_map.GetNextKey(first ? default : current, key))
            {
                _mode = Mode.Done;
                break;
            }

            first = false;
            key.CopyTo(current);
            CountByKey();
            // Deleted since: not an element any more.
            if (_map.LookupElem(key, _values.AsSpan(count * valueSize, valueSize)))
                count++;
        }

        return count;
    }

    private void Count(int count)
    {
        _seen += (uint)count;
        if (_restarts && _seen > _map.MaxEntries)
            throw new BpfIterationAbortedException(_map.Subject, _map.MaxEntries);
    }

    private void CountByKey()
    {
        if (++_seen > _map.MaxEntries)
            throw new BpfIterationAbortedException(_map.Subject, _map.MaxEntries);
    }

    private void Rent()
    {
        _keys = ArrayPool<byte>.Shared.Rent(checked(Math.Max(1, _room * _map.KeySize)));
        _values = ArrayPool<byte>.Shared.Rent(checked(Math.Max(1, _room * _map.ElementSize)));
    }

    private void Return()
    {
        if (_keys is not null)
            ArrayPool<byte>.Shared.Return(_keys);
        if (_values is not null)
            ArrayPool<byte>.Shared.Return(_values);
        _keys = null;
        _values = null;
    }
}
