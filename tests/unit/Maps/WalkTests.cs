using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;
using LibbpfSharp.Tests.Unit.Interop;

namespace LibbpfSharp.Tests.Unit.Maps;

/// <summary>Walks over kernels that answer batches in their worse ways.</summary>
public sealed class WalkTests
{
    private const int Count = 100;

    [Fact]
    public void A_bucket_that_does_not_fit_makes_the_walk_take_more_room()
    {
        using var kernel = new BatchKernel { LeastRoom = 90 };
        using BpfHashMap<uint, Page> map = Fill(kernel);
        Assert.Equal(Enumerable.Range(0, Count), map.Select(e => (int)e.Key).Order());
        // 32 places of 4 KiB at first, then 64, then all that the map can hold and one.
        Assert.Equal([31u, 62u, 101u], kernel.Rooms);
    }

    [Fact]
    public void A_kernel_without_batches_is_walked_key_by_key()
    {
        foreach (BpfErrno errno in new[] { BpfErrno.EINVAL, BpfErrno.ENOTSUPP, BpfErrno.EOPNOTSUPP })
        {
            using var kernel = new BatchKernel { Refusal = errno };
            using BpfHashMap<uint, Page> map = Fill(kernel);
            Assert.Equal(Enumerable.Range(0, Count), map.Select(e => (int)e.Key).Order());
            Assert.Single(kernel.Rooms);
        }
    }

    [Fact]
    public void Another_error_of_a_batch_is_an_exception()
    {
        using var kernel = new BatchKernel { Refusal = BpfErrno.ENOMEM };
        using BpfHashMap<uint, Page> map = Fill(kernel);
        BpfException e = Assert.Throws<BpfException>(() => map.Count());
        Assert.Equal(BpfErrno.ENOMEM, e.Errno);
        Assert.Contains("BPF_MAP_LOOKUP_BATCH", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Short_batches_and_empty_ones_do_not_end_a_walk()
    {
        using var kernel = new BatchKernel { MostRoom = 7, EmptyEvery = 3 };
        using BpfHashMap<uint, uint> map = BpfHashMap<uint, uint>.Create(kernel, 1000, "m");
        for (uint i = 0; i < Count; i++)
            map.UpdateElem(i, i);
        Assert.Equal(Enumerable.Range(0, Count), map.Select(e => (int)e.Key).Order());
    }

    [Fact]
    public void A_bucket_that_does_not_fit_an_explicit_batch_is_ENOSPC_and_the_cursor_stays()
    {
        using var kernel = new BatchKernel { LeastRoom = 50 };
        using BpfHashMap<uint, Page> map = Fill(kernel);
        BpfBatchCursor cursor = default;
        BpfException e = Assert.Throws<BpfException>(() => map.LookupBatch(ref cursor, new uint[10], new Page[10]));
        Assert.Equal(BpfErrno.ENOSPC, e.Errno);
        Assert.Contains("more than the 10 elements", e.Message, StringComparison.Ordinal);
        Assert.False(cursor.IsAtEnd);
        Assert.Equal(Count, map.LookupBatch(ref cursor, new uint[Count], new Page[Count]));
        Assert.True(cursor.IsAtEnd);
    }

    [Fact]
    public void A_trie_walk_that_starts_over_for_ever_is_ended()
    {
        using var kernel = new EmulatedKernel();
        using BpfLpmTrie<BpfIPv4Prefix, Page> trie = BpfLpmTrie<BpfIPv4Prefix, Page>.Create(kernel, 64, "trie");
        uint next = 0;
        for (; next < 60; next++)
            trie.UpdateElem(Network(next), default);
        Assert.Throws<BpfIterationAbortedException>(() =>
        {
            foreach (KeyValuePair<BpfIPv4Prefix, Page> entry in trie)
            {
                // The key that the next batch would go on from is replaced.
                trie.DeleteElem(entry.Key);
                trie.UpdateElem(Network(next++), default);
            }
        });
    }

    [Fact]
    public void Counting_needs_6_6()
    {
        using var old = new EmulatedKernel(new EmulatedKernelOptions { Release = new Version(6, 5) });
        using BpfHashMap<int, int> map = BpfHashMap<int, int>.Create(old, 4, "m");
        BpfUnsupportedFeatureException e = Assert.Throws<BpfUnsupportedFeatureException>(() => map.SumElemCount());
        Assert.Equal(new Version(6, 6), e.MinimumKernel);
        Assert.Contains("6.6", e.Message, StringComparison.Ordinal);
        using BpfArray<int> array = BpfArray<int>.Create(old, 4, "a");
        Assert.Equal(0, array.Map.SumElemCount());
    }

    private static System.Net.IPNetwork Network(uint i) => new(new System.Net.IPAddress([10, (byte)(i >> 8), (byte)i, 0]), 24);

    private static BpfHashMap<uint, Page> Fill(IBpfKernel kernel)
    {
        BpfHashMap<uint, Page> map = BpfHashMap<uint, Page>.Create(kernel, Count, "m");
        for (uint i = 0; i < Count; i++)
            map.UpdateElem(i, default);
        return map;
    }

    [System.Runtime.CompilerServices.InlineArray(1024)]
    private struct Page
    {
        private uint _first;
    }

    /// <summary>An emulated kernel whose batch lookups are made worse.</summary>
    private sealed class BatchKernel : FakeKernel, IDisposable
    {
        private readonly EmulatedKernel _kernel = new();
        private int _batches;

        public int LeastRoom { get; init; }

        public uint MostRoom { get; init; } = uint.MaxValue;

        public int EmptyEvery { get; init; } = int.MaxValue;

        public BpfErrno Refusal { get; init; }

        public List<uint> Rooms { get; } = [];

        public override int Bpf(BpfCommand command, ref BpfAttr attr, uint size)
        {
            if (command != BpfCommand.MapLookupBatch)
                return _kernel.Bpf(command, ref attr, size);
            Rooms.Add(attr.batch.count);
            if (Refusal != BpfErrno.None)
                return -(int)Refusal;
            if (attr.batch.count < LeastRoom)
            {
                attr.batch.count = 0;
                return -(int)BpfErrno.ENOSPC;
            }

            if (++_batches % EmptyEvery == 0 && attr.batch.in_batch != 0)
            {
                attr.batch.count = 0; // in_batch and out_batch are the same memory: the cursor stays
                return 0;
            }

            attr.batch.count = Math.Min(attr.batch.count, MostRoom);
            return _kernel.Bpf(command, ref attr, size);
        }

        public void Dispose() => _kernel.Dispose();
    }
}
