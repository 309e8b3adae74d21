using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Conformance.RandomWalk;

/// <summary>Makes walks: some maps, valid for the most part, and random calls on them, right and wrong.</summary>
internal sealed class WalkGenerator(int seed)
{
    private static readonly BpfMapType[] s_common =
    [
        BpfMapType.Hash, BpfMapType.Array, BpfMapType.PerCpuHash, BpfMapType.PerCpuArray, BpfMapType.LruHash, BpfMapType.LruPerCpuHash,
        BpfMapType.LpmTrie, BpfMapType.Queue, BpfMapType.Stack, BpfMapType.BloomFilter, BpfMapType.ArrayOfMaps, BpfMapType.HashOfMaps, BpfMapType.ProgArray,
    ];

    private static readonly uint[] s_sizes = [0, 1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 64, 260, 261, 512, 513, 1016, 32768, 32769];
    private static readonly uint[] s_entries = [0, 1, 2, 3, 4, 5, 7, 8, 16, 17, 64, 512, 600, 4096, 4095];
    private static readonly uint[] s_flagBits = [1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x8000, 0x20000, 0x80000];
    private readonly Random _random = new(seed);
    private readonly List<WalkMapSpec> _maps = [];
    private readonly List<byte[][]> _universes = [];

    /// <summary>The steps of the seed's walk.</summary>
    public List<WalkStep> Generate(int length)
    {
        var steps = new List<WalkStep> { Add(ValidSpec(BpfMapType.Array, "inner")), Add(ValidSpec(Pick(s_common), "")), Add(ValidSpec(Pick(s_common), "")) };
        if (One(3))
            steps.Add(Add(ValidSpec((BpfMapType)_random.Next(1, 34), "")));
        while (steps.Count < length)
        {
            if (One(12))
                steps.Add(new WalkStep(WalkOperation.Create) { Map = -1, Spec = RandomSpec() });
            else if (One(40))
                steps.Add(Reopen());
            else
                steps.Add(Call());
        }

        return steps;
    }

    private WalkStep Add(WalkMapSpec spec)
    {
        _maps.Add(spec);
        _universes.Add([.. Enumerable.Range(0, 14).Select(_ => Key(spec))]);
        return new WalkStep(WalkOperation.Create) { Map = _maps.Count - 1, Spec = spec };
    }

    private WalkStep Reopen()
    {
        int map = _random.Next(_maps.Count);
        _maps.Add(_maps[map]);
        _universes.Add(_universes[map]);
        return new WalkStep(WalkOperation.Reopen) { Map = map, NewMap = _maps.Count - 1, Flags = Pick<ulong>(0, 0, 8, 16, 24, 1) };
    }

    private WalkStep Call()
    {
        int map = _random.Next(_maps.Count);
        WalkMapSpec spec = _maps[map];
        byte[][] universe = _universes[map];
        int target = One(60) ? -1 : One(60) ? -2 : map;
        WalkOperation operation = One(120) ? WalkOperation.Freeze : One(12) ? WalkOperation.Walk : One(30) ? WalkOperation.Info : Operation(spec.Type);
        bool batch = operation is >= WalkOperation.UpdateBatch and <= WalkOperation.LookupAndDeleteBatch;
        int count = batch ? _random.Next(0, 9) : 1;
        byte[][] keys = spec.KeySize == 0 ? [] : [.. Enumerable.Range(0, count).Select(_ => One(12) ? Key(spec) : Pick(universe))];
        var step = new WalkStep(operation)
        {
            Map = target,
            Keys = keys,
            Values = [.. Enumerable.Range(0, count).Select(_ => Value(spec))],
            KeyPointer = Pointer(),
            ValuePointer = Pointer(),
            OutPointer = Pointer(),
            Count = count,
            Flags = UpdateFlags(),
        };
        return batch ? Batch(step, spec) : operation switch
        {
            WalkOperation.NextKey when One(4) => step with { KeyPointer = WalkPointer.Null },
            WalkOperation.Lookup or WalkOperation.LookupAndDelete when !One(10) => step with { Flags = 0 },
            WalkOperation.Delete or WalkOperation.NextKey or WalkOperation.Freeze => step with { Flags = One(20) ? 1UL : 0 },
            _ => step,
        };
    }

    // Mostly what the type can do.
    private WalkOperation Operation(BpfMapType type)
    {
        while (true)
        {
            var operation = (WalkOperation)_random.Next(1, 10);
            bool can = type switch
            {
                BpfMapType.Hash or BpfMapType.PerCpuHash or BpfMapType.LruHash or BpfMapType.LruPerCpuHash => true,
                BpfMapType.HashOfMaps => operation != WalkOperation.LookupAndDelete,
                BpfMapType.Array or BpfMapType.PerCpuArray => operation is WalkOperation.Update or WalkOperation.Lookup or WalkOperation.NextKey or WalkOperation.UpdateBatch or WalkOperation.LookupBatch,
                BpfMapType.ArrayOfMaps => operation is not (WalkOperation.LookupAndDelete or WalkOperation.DeleteBatch or WalkOperation.LookupAndDeleteBatch),
                BpfMapType.LpmTrie => operation is not (WalkOperation.LookupAndDelete or WalkOperation.LookupAndDeleteBatch),
                BpfMapType.Queue or BpfMapType.Stack => operation is WalkOperation.Update or WalkOperation.Lookup or WalkOperation.LookupAndDelete,
                BpfMapType.BloomFilter => operation is WalkOperation.Update or WalkOperation.Lookup,
                _ => operation <= WalkOperation.LookupAndDelete,
            };
            if (can || One(12))
                return operation;
        }
    }

    private WalkStep Batch(WalkStep step, WalkMapSpec spec)
    {
        ulong elementFlags = One(10) ? Pick<ulong>(1, 2, 3, 4, 8, 1UL << 32) : 0;
        ulong flags = One(10) ? 1UL : 0;
        step = step with { ElementFlags = elementFlags, Flags = flags };
        if (step.Operation is WalkOperation.UpdateBatch or WalkOperation.DeleteBatch)
            return step;
        // A hash gives whole buckets in an unspecified order: only a call that takes all is comparable, and no call
        // that fails after it has taken some.
        if (spec.IsHash)
        {
            return step with
            {
                Count = One(20) ? 0 : 1024,
                Cursor = One(10) ? [0xff, 0xff, 0xff, 0xff] : null,
                KeyPointer = step.Operation == WalkOperation.LookupAndDeleteBatch ? WalkPointer.Good : step.KeyPointer,
                ValuePointer = step.Operation == WalkOperation.LookupAndDeleteBatch ? WalkPointer.Good : step.ValuePointer,
                OutPointer = step.Operation == WalkOperation.LookupAndDeleteBatch ? WalkPointer.Good : step.OutPointer,
            };
        }

        return step with { Cursor = One(2) && step.Keys.Length > 0 ? step.Keys[0] : null };
    }

    private ulong UpdateFlags() => _random.Next(20) switch
    {
        < 14 => 0,
        < 16 => 1,
        < 18 => 2,
        18 => Pick<ulong>(3, 4, 5, 6, 7),
        _ => Pick<ulong>(8, 16, 1UL << 32, ulong.MaxValue),
    };

    private WalkPointer Pointer() => One(40) ? (One(2) ? WalkPointer.Null : WalkPointer.Bad) : WalkPointer.Good;

    private WalkMapSpec ValidSpec(BpfMapType type, string name)
    {
        uint key = Pick<uint>(1, 2, 3, 4, 4, 5, 8, 8, 12, 16, 20);
        uint value = Pick<uint>(1, 2, 3, 4, 5, 8, 8, 12, 16, 17, 64);
        uint entries = Pick<uint>(1, 2, 3, 4, 5, 8, 16, 600);
        uint access = One(12) ? Pick<uint>(8, 0x10, 0x80, 0x100) : 0;
        return type switch
        {
            BpfMapType.Hash or BpfMapType.PerCpuHash => new(type, key, value, entries, access | Pick<uint>(0, 0, 1, 0x40)) { Name = name },
            BpfMapType.LruHash or BpfMapType.LruPerCpuHash => new(type, key, value, entries, access | Pick<uint>(0, 0, 2)) { Name = name },
            BpfMapType.Array or BpfMapType.PerCpuArray => new(type, 4, value, Math.Min(entries, 17), access) { Name = name },
            BpfMapType.LpmTrie => new(type, Pick<uint>(5, 6, 8, 20), value, entries, access | 1) { Name = name },
            BpfMapType.Queue or BpfMapType.Stack => new(type, 0, value, entries, access) { Name = name },
            BpfMapType.BloomFilter => new(type, 0, value, 1000, access) { Name = name, Extra = Pick<ulong>(0, 3, 15) },
            BpfMapType.ArrayOfMaps => new(type, 4, 4, Math.Min(entries, 16), access & 0x18) { Name = name, Inner = 0 },
            BpfMapType.HashOfMaps => new(type, key, 4, entries, access | Pick<uint>(0, 1)) { Name = name, Inner = 0 },
            BpfMapType.ProgArray or BpfMapType.CgroupArray or BpfMapType.PerfEventArray or BpfMapType.XskMap => new(type, 4, 4, Math.Min(entries, 16), access & 0x18) { Name = name },
            BpfMapType.RingBuf or BpfMapType.UserRingBuf => new(type, 0, 0, 4096, 0) { Name = name },
            BpfMapType.StackTrace => new(type, 4, 80, entries, access & 0x18) { Name = name },
            BpfMapType.CgroupStorage or BpfMapType.PerCpuCgroupStorage => new(type, Pick<uint>(8, 16), value, 0, access) { Name = name },
            BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.SockMap or BpfMapType.SockHash or BpfMapType.ReusePortSockArray =>
                new(type, 4, Pick<uint>(4, 8), entries, access & 0x18) { Name = name },
            BpfMapType.CpuMap => new(type, 4, Pick<uint>(4, 8), Math.Min(entries, 64), 0) { Name = name },
            BpfMapType.Arena => new(type, 0, 0, 2, 0x400) { Name = name },
            _ => new(type, 4, value, 0, 1) { Name = name },
        };
    }

    private WalkMapSpec RandomSpec()
    {
        BpfMapType type = One(15) ? (BpfMapType)Pick(0, 34, 35, 99) : One(2) ? Pick(s_common) : (BpfMapType)_random.Next(1, 34);
        WalkMapSpec spec = ValidSpec(type, Pick("", "abc", "bad-name", "a.b_C9", "exactly15chars_"));
        for (int changes = _random.Next(0, 4); changes > 0; changes--)
        {
            spec = _random.Next(7) switch
            {
                0 => spec with { KeySize = Pick(s_sizes) },
                1 => spec with { ValueSize = Pick(s_sizes) },
                2 => spec with { MaxEntries = Pick(s_entries) },
                3 => spec with { Flags = spec.Flags | Pick(s_flagBits) },
                4 => spec with { Flags = spec.Flags & ~1u, NumaNode = Pick(0, -1, 1000) },
                5 => spec with { Extra = Pick<ulong>(0, 1, 15, 16, 1UL << 32) },
                _ => spec with { Inner = _random.Next(-2, _maps.Count) },
            };
        }

        // Sizes that are legal may still be refused for want of memory, which no two machines do alike. An arena at a
        // user address is the process's own affair.
        if (spec.ValueSize > 1000 || spec.KeySize > 500)
            spec = spec with { MaxEntries = Math.Min(spec.MaxEntries, 4) };
        // How many CPUs a CPUMAP may name is the kernel build's limit.
        if (spec.Type == BpfMapType.CpuMap)
            spec = spec with { MaxEntries = Math.Min(spec.MaxEntries, 64) };
        return spec.Type == BpfMapType.Arena ? spec with { Extra = 0 } : spec;
    }

    private byte[] Key(WalkMapSpec spec)
    {
        byte[] key = new byte[spec.KeySize];
        switch (spec.Type)
        {
            case BpfMapType.LpmTrie:
                int bits = ((int)spec.KeySize - 4) * 8;
                BitConverter.TryWriteBytes(key, (uint)(One(15) ? bits + 1 : _random.Next(0, bits + 1)));
                // Few distinct bytes, so that prefixes contain each other.
                for (int i = 4; i < key.Length; i++)
                    key[i] = (byte)Pick(0, 0, 0x80, 0xff, 0xc0);
                break;
            case BpfMapType.Hash or BpfMapType.PerCpuHash or BpfMapType.LruHash or BpfMapType.LruPerCpuHash or BpfMapType.HashOfMaps
                or BpfMapType.CgroupStorage or BpfMapType.PerCpuCgroupStorage:
                _random.NextBytes(key);
                break;
            default:
                if (key.Length >= 4)
                    BitConverter.TryWriteBytes(key, One(20) ? uint.MaxValue : (uint)_random.Next(0, (int)Math.Min(spec.MaxEntries, 16) + 2));
                break;
        }

        return key;
    }

    private byte[] Value(WalkMapSpec spec)
    {
        byte[] value = new byte[spec.ValueBytes];
        switch (spec.Type)
        {
            case BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps:
                BitConverter.TryWriteBytes(value, _random.Next(3) == 0 ? _random.Next(-2, _maps.Count) : 0);
                break;
            case BpfMapType.ProgArray:
                // -3 and below are programs.
                BitConverter.TryWriteBytes(value, _random.Next(-5, 1));
                break;
            case BpfMapType.PerfEventArray or BpfMapType.CgroupArray or BpfMapType.XskMap or BpfMapType.SockMap or BpfMapType.SockHash or BpfMapType.ReusePortSockArray:
                value.AsSpan().Fill(0xff);
                break;
            case BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.CpuMap:
                break;
            default:
                _random.NextBytes(value);
                break;
        }

        return value;
    }

    private bool One(int of) => _random.Next(of) == 0;

    private T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];
}
