using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Benchmarks.Maps;

/// <summary>The C# side, and the maps that both sides work on.</summary>
internal sealed class MapOperations : IDisposable
{
    public const int Keys = 10_000;
    public const int BigKeys = 100_000;

    private readonly BpfHashMap<ulong, Value64> _hash;
    private readonly BpfPerCpuHashMap<ulong, Value64> _perCpu;
    private readonly BpfArray<Value64> _array;
    private readonly BpfHashMap<ulong, Value64> _big;
    private readonly BpfArray<ulong> _mapped;
    private readonly BpfArrayMemory<ulong> _memory;
    private readonly PerCpuBuffer<Value64> _buffer;
    private readonly AlignedArray<ulong> _keys = new(Keys);
    private readonly AlignedArray<Value64> _values = new(Keys);
    private readonly AlignedArray<ulong> _readKeys = new(Keys);
    private readonly AlignedArray<Value64> _readValues = new(Keys);
    private ulong _sink;

    public MapOperations()
    {
        LinuxKernel kernel = LinuxKernel.Instance;
        // The batch lookup of 10,000 in one call ends at the end of the map, so that map holds exactly those.
        _hash = BpfHashMap<ulong, Value64>.Create(kernel, 2 * Keys);
        _perCpu = BpfPerCpuHashMap<ulong, Value64>.Create(kernel, 2 * Keys);
        _array = BpfArray<Value64>.Create(kernel, Keys);
        _big = BpfHashMap<ulong, Value64>.Create(kernel, 2 * BigKeys);
        _mapped = BpfArray<ulong>.Create(kernel, Keys, flags: BpfMapFlags.MMapable);
        _memory = _mapped.MapMemory();
        _buffer = _perCpu.CreateBuffer();
        for (int i = 0; i < Keys; i++)
        {
            _keys.Span[i] = (ulong)i;
            _values.Span[i][0] = (ulong)i;
            _perCpu.UpdateElem(in _keys.Span[i], _buffer);
        }

        _hash.UpdateBatch(_keys.Span, _values.Span);
        for (ulong key = 0; key < BigKeys; key++)
        {
            Value64 value = default;
            value[0] = key;
            _big.UpdateElem(in key, in value);
        }
    }

    public IReadOnlyList<uint> Ids => [_hash.Map.Id, _perCpu.Map.Id, _array.Map.Id, _big.Map.Id, _mapped.Map.Id];

    public static void Lookup(BpfHashMap<ulong, Value64> map, long count)
    {
        ulong key = 0;
        for (long i = 0; i < count; i++)
        {
            if (!map.LookupElem(in key, out _))
                throw new InvalidOperationException("A key is missing.");
            key = key + 1 == Keys ? 0 : key + 1;
        }
    }

    public void HashUpdate(long count)
    {
        Span<ulong> keys = _keys.Span;
        Span<Value64> values = _values.Span;
        for (long i = 0; i < count; i++)
        {
            int k = (int)(i % Keys);
            _hash.UpdateElem(in keys[k], in values[k]);
        }
    }

    public void HashLookup(long count) => Lookup(_hash, count);

    public void PerCpuUpdate(long count)
    {
        Span<ulong> keys = _keys.Span;
        for (long i = 0; i < count; i++)
            _perCpu.UpdateElem(in keys[(int)(i % Keys)], _buffer);
    }

    public void PerCpuLookup(long count)
    {
        Span<ulong> keys = _keys.Span;
        for (long i = 0; i < count; i++)
        {
            if (!_perCpu.LookupElem(in keys[(int)(i % Keys)], _buffer))
                throw new InvalidOperationException("A key is missing.");
        }
    }

    public void ArrayUpdate(long count)
    {
        Span<Value64> values = _values.Span;
        for (long i = 0; i < count; i++)
        {
            int k = (int)(i % Keys);
            _array.UpdateElem(k, in values[k]);
        }
    }

    public void ArrayLookup(long count)
    {
        for (long i = 0; i < count; i++)
        {
            if (!_array.LookupElem((int)(i % Keys), out _))
                throw new InvalidOperationException("An index is missing.");
        }
    }

    public void BatchUpdate(long count)
    {
        for (long i = 0; i < count; i += Keys)
            _hash.UpdateBatch(_keys.Span, _values.Span);
    }

    public void BatchLookup(long count)
    {
        for (long i = 0; i < count; i += Keys)
        {
            BpfBatchCursor cursor = default;
            if (_hash.LookupBatch(ref cursor, _readKeys.Span, _readValues.Span) != Keys)
                throw new InvalidOperationException("The batch is not whole.");
        }
    }

    public void Walk(long count)
    {
        for (long seen = 0; seen < count;)
        {
            foreach ((_, Value64 value) in _big)
            {
                _sink += value[0];
                seen++;
            }
        }
    }

    public void MappedAdd(long count)
    {
        Span<ulong> elements = _memory.WritableSpan[..Keys];
        for (long i = 0; i < count; i++)
            elements[(int)(i % Keys)]++;
    }

    public void Dispose()
    {
        _keys.Dispose();
        _values.Dispose();
        _readKeys.Dispose();
        _readValues.Dispose();
        _memory.Dispose();
        _buffer.Dispose();
        _hash.Dispose();
        _perCpu.Dispose();
        _array.Dispose();
        _big.Dispose();
        _mapped.Dispose();
    }
}
