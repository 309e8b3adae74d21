using System.Net;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;
using LibbpfSharp.Tests.Maps;

namespace LibbpfSharp.Tests.Integration.Maps;

/// <summary>A type per kind of map, the same on both kernels.</summary>
public sealed class TypedMapTests
{
    public static TheoryData<string> Kernels => TestKernels.Both;

    [Theory, MemberData(nameof(Kernels))]
    public void A_hash_does_all_that_hashes_do(string kernel)
    {
        using BpfHashMap<uint, ulong> map = BpfHashMap<uint, ulong>.Create(TestKernels.Get(kernel), 100, "counts");
        Assert.Equal("counts", map.Name);
        Assert.Equal(100u, map.MaxEntries);
        Assert.False(map.GetFirstKey(out _));
        map.UpdateElem(1, 10, BpfUpdateFlags.NoExist);
        map.UpdateElem(1, 11, BpfUpdateFlags.Exist);
        Assert.True(map.LookupElem(1, out ulong value));
        Assert.Equal(11ul, value);
        Assert.False(map.LookupElem(2, out value));
        Assert.Equal(0ul, value);
        Assert.True(map.GetFirstKey(out uint key));
        Assert.Equal(1u, key);
        Assert.False(map.GetNextKey(1, out _));
        Assert.True(map.LookupAndDeleteElem(1, out value));
        Assert.Equal(11ul, value);
        Assert.False(map.LookupAndDeleteElem(1, out value));
        Assert.False(map.DeleteElem(1));
        map.UpdateElem(3, 4);
        Assert.True(map.DeleteElem(3));
        Assert.Empty(map);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void An_lru_does_all_that_hashes_do(string kernel)
    {
        using BpfLruHashMap<uint, ulong> map = BpfLruHashMap<uint, ulong>.Create(TestKernels.Get(kernel), 256, "lru");
        for (uint i = 0; i < 10_000; i++)
        {
            map.UpdateElem(i, i);
            Assert.True(map.LookupElem(i, out ulong value));
            Assert.Equal(i, value);
        }

        int count = map.Count();
        Assert.InRange(count, 1, 256);
        AssertSum(count, TestKernels.Get(kernel), map.SumElemCount);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void A_walk_gives_every_element_once(string kernel)
    {
        IBpfKernel on = TestKernels.Get(kernel);
        foreach (int count in new[] { 0, 1, 17, 5_000 })
        {
            using BpfHashMap<uint, ulong> map = BpfHashMap<uint, ulong>.Create(on, 8192, "walked");
            uint[] keys = [.. Enumerable.Range(0, count).Select(i => (uint)i * 7)];
            ulong[] values = [.. keys.Select(k => k + 1ul)];
            map.UpdateBatch(keys, values);
            var seen = new Dictionary<uint, ulong>();
            foreach ((uint key, ulong value) in map)
                seen.Add(key, value);
            Assert.Equal(count, seen.Count);
            Assert.All(seen, e => Assert.Equal(e.Key + 1ul, e.Value));

            // The same key by key, as on kernels without batches.
            seen.Clear();
            using var walk = new BpfMapEnumerator<uint, ulong>(map.Map, byKey: true);
            while (walk.MoveNext())
                seen.Add(walk.Current.Key, walk.Current.Value);
            Assert.Equal(count, seen.Count);
            Assert.Throws<InvalidOperationException>(() => map.GetEnumerator().Current);
        }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void A_walk_grows_when_a_bucket_does_not_fit_and_ends_when_elements_go(string kernel)
    {
        // Large values: a chunk has 16 places at first, and some bucket may hold more than a short batch.
        using BpfHashMap<uint, Page> map = BpfHashMap<uint, Page>.Create(TestKernels.Get(kernel), 512, "large", BpfMapFlags.NoPrealloc);
        for (uint i = 0; i < 512; i++)
        {
            Page page = default;
            page[0] = i;
            page[1023] = i;
            map.UpdateElem(i, page);
        }

        int seen = 0;
        foreach ((uint key, Page page) in map)
        {
            Assert.Equal(key, page[0]);
            Assert.Equal(key, page[1023]);
            Assert.True(map.DeleteElem(key)); // in the loop's body
            seen++;
        }

        Assert.Equal(512, seen);
        Assert.Empty(map);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void A_walk_key_by_key_that_starts_over_for_ever_is_ended(string kernel)
    {
        using BpfHashMap<uint, ulong> map = BpfHashMap<uint, ulong>.Create(TestKernels.Get(kernel), 64, "moving");
        for (uint i = 0; i < 40; i++)
            map.UpdateElem(i, i);
        uint next = 1000;
        // Each key that the walk stands on is replaced by another one.
        BpfIterationAbortedException e = Assert.Throws<BpfIterationAbortedException>(() =>
        {
            foreach (byte[] key in map.Map.EnumerateKeys())
            {
                map.DeleteElem(BitConverter.ToUInt32(key));
                map.UpdateElem(next++, 0);
            }
        });
        Assert.Contains("max_entries (64)", e.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Batches_say_how_far_they_got(string kernel)
    {
        using BpfHashMap<uint, ulong> map = BpfHashMap<uint, ulong>.Create(TestKernels.Get(kernel), 8, "small");
        uint[] keys = [.. Enumerable.Range(0, 16).Select(i => (uint)i)];
        ulong[] values = new ulong[16];
        BpfBatchException e = Assert.Throws<BpfBatchException>(() => map.UpdateBatch(keys, values));
        Assert.Equal(BpfErrno.E2BIG, e.Errno);
        Assert.Equal(8, e.Completed);
        Assert.Equal(16, e.Requested);
        Assert.Contains("8 of 16", e.Message, StringComparison.Ordinal);
        Assert.Equal(8, map.Count());
        e = Assert.Throws<BpfBatchException>(() => map.DeleteBatch([0, 1, 99, 2]));
        Assert.Equal(BpfErrno.ENOENT, e.Errno);
        Assert.Equal(2, e.Completed);
        Assert.Equal(6, map.Count());
        Assert.Throws<ArgumentException>(() => map.UpdateBatch(keys, values.AsSpan(1)));
        BpfException other = Assert.Throws<BpfException>(() => map.UpdateBatch(keys, values, BpfUpdateFlags.NoExist));
        Assert.Equal(BpfErrno.EINVAL, other.Errno);
        Assert.Contains("neither BPF_NOEXIST", other.Message, StringComparison.Ordinal);
        map.UpdateBatch([], []);
        map.DeleteBatch([]);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Batch_lookups_go_on_where_they_ended(string kernel)
    {
        using BpfHashMap<uint, ulong> map = BpfHashMap<uint, ulong>.Create(TestKernels.Get(kernel), 1000, "batch");
        for (uint i = 0; i < 1000; i++)
            map.UpdateElem(i, i);
        BpfBatchCursor cursor = default;
        var seen = new HashSet<uint>();
        uint[] keys = new uint[100];
        ulong[] values = new ulong[100];
        while (!cursor.IsAtEnd)
        {
            int count = map.LookupBatch(ref cursor, keys, values);
            for (int i = 0; i < count; i++)
            {
                Assert.True(seen.Add(keys[i]));
                Assert.Equal(keys[i], values[i]);
            }
        }

        Assert.Equal(1000, seen.Count);
        Assert.Equal(0, map.LookupBatch(ref cursor, keys, values));
        cursor.Reset();
        int taken = 0;
        while (!cursor.IsAtEnd)
            taken += map.LookupAndDeleteBatch(ref cursor, keys, values);
        Assert.Equal(1000, taken);
        Assert.Empty(map);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void An_array_has_all_elements_in_order(string kernel)
    {
        using BpfArray<Bytes12> map = BpfArray<Bytes12>.Create(TestKernels.Get(kernel), 5000, "array");
        int[] indexes = [.. Enumerable.Range(0, 5000)];
        var values = new Bytes12[5000];
        for (int i = 0; i < values.Length; i++)
            values[i][11] = (byte)i;
        map.UpdateBatch(indexes, values);
        int next = 0;
        foreach ((int index, Bytes12 value) in map)
        {
            Assert.Equal(next++, index);
            Assert.Equal((byte)index, value[11]);
        }

        Assert.Equal(5000, next);
        Assert.Throws<ArgumentOutOfRangeException>(() => map.UpdateElem(-1, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.LookupElem(-1, out _));
        Assert.False(map.LookupElem(5000, out _));
        BpfBatchException e = Assert.Throws<BpfBatchException>(() => map.UpdateBatch([1, 2, 5000, 3], values.AsSpan(0, 4)));
        Assert.Equal(2, e.Completed);
        Assert.Equal(BpfErrno.E2BIG, e.Errno);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void A_trie_takes_networks(string kernel)
    {
        using BpfLpmTrie<BpfIPv4Prefix, uint> map = BpfLpmTrie<BpfIPv4Prefix, uint>.Create(TestKernels.Get(kernel), 4, "routes");
        map.UpdateElem(IPNetwork.Parse("10.0.0.0/8"), 8);
        map.UpdateElem(IPNetwork.Parse("10.1.0.0/16"), 16, BpfUpdateFlags.NoExist);
        map.UpdateElem(new BpfIPv4Prefix(IPNetwork.Parse("0.0.0.0/0")), 1);
        Assert.True(map.LookupElem(IPAddress.Parse("10.1.2.3"), out uint value));
        Assert.Equal(16u, value);
        Assert.True(map.LookupElem(IPAddress.Parse("10.2.2.3"), out value));
        Assert.Equal(8u, value);
        Assert.True(map.LookupElem(IPAddress.Parse("11.2.2.3"), out value));
        Assert.Equal(1u, value);
        Assert.Equal(["10.1.0.0/16", "10.0.0.0/8", "0.0.0.0/0"], map.Select(e => e.Key.ToIPNetwork().ToString()));
        Assert.True(map.DeleteElem(IPNetwork.Parse("0.0.0.0/0")));
        Assert.False(map.LookupElem(IPAddress.Parse("11.2.2.3"), out value));
        Assert.False(map.LookupElem(IPNetwork.Parse("11.0.0.0/8"), out _));
        map.UpdateElem(IPNetwork.Parse("1.0.0.0/8"), 1);
        map.UpdateElem(IPNetwork.Parse("2.0.0.0/8"), 1);
        BpfException e = Assert.Throws<BpfException>(() => map.UpdateElem(IPNetwork.Parse("3.0.0.0/8"), 1));
        Assert.Equal(BpfErrno.ENOSPC, e.Errno);
        Assert.Contains("max_entries is 4", e.Message, StringComparison.Ordinal);
        Assert.Contains("IPv6", Assert.Throws<ArgumentException>(() => map.UpdateElem(IPNetwork.Parse("fe80::/10"), 1)).Message, StringComparison.Ordinal);

        using BpfLpmTrie<BpfIPv6Prefix, uint> six = BpfLpmTrie<BpfIPv6Prefix, uint>.Create(TestKernels.Get(kernel), 4, "routes6");
        six.UpdateElem(IPNetwork.Parse("2001:db8::/32"), 32);
        Assert.True(six.LookupElem(IPAddress.Parse("2001:db8:1::1"), out value));
        Assert.Equal(32u, value);
        Assert.Contains("IPv4", Assert.Throws<ArgumentException>(() => six.LookupElem(IPAddress.Loopback, out _)).Message, StringComparison.Ordinal);
        Assert.Equal("2001:db8::/32", six.Single().Key.ToString());
    }

    [Theory, MemberData(nameof(Kernels))]
    public void A_trie_walk_that_loses_its_place_is_ended_or_whole(string kernel)
    {
        using BpfLpmTrie<BpfIPv4Prefix, uint> map = BpfLpmTrie<BpfIPv4Prefix, uint>.Create(TestKernels.Get(kernel), 5000, "trie");
        for (uint i = 0; i < 5000; i++)
            map.UpdateElem(new IPNetwork(new IPAddress([10, (byte)(i >> 8), (byte)i, 0]), 24), i);
        Assert.Equal(5000, map.Count());
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Queues_and_stacks_push_peek_and_pop(string kernel)
    {
        using BpfQueue<uint> queue = BpfQueue<uint>.Create(TestKernels.Get(kernel), 2, "queue");
        using BpfStack<uint> stack = BpfStack<uint>.Create(TestKernels.Get(kernel), 2, "stack");
        foreach (BpfQueueOrStack<uint> map in new BpfQueueOrStack<uint>[] { queue, stack })
        {
            Assert.False(map.PopElem(out uint none));
            Assert.Equal(0u, none);
            map.PushElem(1);
            map.PushElem(2);
            Assert.Equal(BpfErrno.E2BIG, Assert.Throws<BpfException>(() => map.PushElem(3)).Errno);
            Assert.True(map.PeekElem(out uint peeked));
            Assert.True(map.PopElem(out uint first));
            Assert.Equal(peeked, first);
            Assert.True(map.PopElem(out uint second));
            Assert.Equal(map is BpfQueue<uint> ? (1u, 2u) : (2u, 1u), (first, second));
            Assert.False(map.PeekElem(out _));
        }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void A_bloom_filter_knows_what_was_pushed(string kernel)
    {
        using BpfBloomFilter<ulong> map = BpfBloomFilter<ulong>.Create(TestKernels.Get(kernel), 1000, "bloom", hashFunctions: 3);
        for (ulong i = 0; i < 100; i++)
            map.PushElem(i);
        for (ulong i = 0; i < 100; i++)
            Assert.True(map.PeekElem(i));
        int wrong = 0;
        for (ulong i = 1000; i < 2000; i++)
            wrong += map.PeekElem(i) ? 1 : 0;
        Assert.InRange(wrong, 0, 200);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Outer_maps_hold_typed_maps(string kernel)
    {
        IBpfKernel on = TestKernels.Get(kernel);
        using BpfHashMap<uint, ulong> template = BpfHashMap<uint, ulong>.Create(on, 4, "inner");
        using BpfArrayOfMaps<BpfHashMap<uint, ulong>> array = BpfArrayOfMaps<BpfHashMap<uint, ulong>>.Create(on, 4, template, "outer");
        using BpfHashOfMaps<uint, BpfHashMap<uint, ulong>> hash = BpfHashOfMaps<uint, BpfHashMap<uint, ulong>>.Create(on, 4, template, "outer_h");
        using (BpfHashMap<uint, ulong> inner = BpfHashMap<uint, ulong>.Create(on, 4, "one"))
        {
            inner.UpdateElem(1, 42);
            array.UpdateElem(2, inner);
            hash.UpdateElem(7, inner, BpfUpdateFlags.NoExist);
            Assert.True(array.LookupId(2, out uint id));
            Assert.Equal(inner.Map.Id, id);
        }

        Assert.False(array.LookupElem(0, out _));
        Assert.True(array.LookupElem(2, out BpfHashMap<uint, ulong>? found));
        using (found)
        {
            Assert.True(found.LookupElem(1, out ulong value));
            Assert.Equal(42ul, value);
        }

        Assert.True(hash.LookupElem(7, out found));
        found.Dispose();
        AssertSum(1, TestKernels.Get(kernel), hash.SumElemCount);
        var entries = new List<int>();
        foreach ((int index, uint _) in array)
            entries.Add(index);
        Assert.Equal([2], entries);
        using BpfHashMap<uint, uint> other = BpfHashMap<uint, uint>.Create(on, 4, "other");
        using BpfArrayOfMaps<BpfMap> any = array.Map.Duplicate().As<BpfArrayOfMaps<BpfMap>>();
        BpfException e = Assert.Throws<BpfException>(() => any.UpdateElem(1, other.Map));
        Assert.Equal(BpfErrno.EINVAL, e.Errno);
        Assert.Contains("differs from the template", e.Message, StringComparison.Ordinal);
        Assert.True(array.DeleteElem(2));
        Assert.False(array.DeleteElem(2));
        Assert.True(hash.DeleteElem(7));
        Assert.Throws<ArgumentNullException>(() => array.UpdateElem(1, null!));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void A_mapped_array_is_the_map_itself(string kernel)
    {
        using BpfArray<Bytes12> map = BpfArray<Bytes12>.Create(TestKernels.Get(kernel), 700, "mapped", BpfMapFlags.MMapable);
        using (BpfArrayMemory<Bytes12> memory = map.MapMemory())
        {
            Assert.Equal(700, memory.Count);
            memory.At(699)[11] = 9;
            Assert.True(map.LookupElem(699, out Bytes12 value));
            Assert.Equal(9, value[11]);
            value[0] = 1;
            map.UpdateElem(1, value);
            Assert.Equal(1, memory[1][0]);
            Assert.Equal(BpfErrno.EBUSY, Assert.Throws<BpfException>(map.Map.Freeze).Errno);
            Assert.Throws<ArgumentOutOfRangeException>(() => memory.At(700));
            Assert.Throws<NotSupportedException>(() => memory.Span.Length);
            Assert.Throws<ArgumentOutOfRangeException>(() => memory.Memory.Peek<long>(700 * 16));
        }

        map.Map.Freeze();
        BpfException e = Assert.Throws<BpfException>(() => map.MapMemory());
        Assert.Equal(BpfErrno.EPERM, e.Errno);
        Assert.Contains("reading only", e.Message, StringComparison.Ordinal);
        BpfArrayMemory<Bytes12> read = map.MapMemory(writable: false);
        Assert.Equal(9, read[699][11]);
        Assert.Contains("mapped for reading only", Assert.Throws<InvalidOperationException>(() => read.At(1)[0] = 1).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => read.Memory.WritableSpan.Length);
        read.Dispose();
        Assert.Throws<ObjectDisposedException>(() => read[1]);
        using BpfArray<ulong> plain = BpfArray<ulong>.Create(TestKernels.Get(kernel), 1, "plain");
        Assert.Contains("BPF_F_MMAPABLE", Assert.Throws<BpfException>(() => plain.MapMemory()).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Binding_says_all_that_differs(string kernel)
    {
        using BpfMap map = BpfMap.Create(TestKernels.Get(kernel), new BpfMapSpec { Name = "m", Type = BpfMapType.Array, KeySize = 4, ValueSize = 8, MaxEntries = 1 });
        BpfException e = Assert.Throws<BpfException>(() => map.AsHash<ulong, uint>());
        Assert.Equal(BpfErrno.EINVAL, e.Errno);
        Assert.Contains("its type is Array, not Hash", e.Message, StringComparison.Ordinal);
        Assert.Contains("key_size is 4, but UInt64 has 8 bytes", e.Message, StringComparison.Ordinal);
        Assert.Contains("value_size is 8, but UInt32 has 4 bytes", e.Message, StringComparison.Ordinal);
        Assert.NotNull(map.AsArray<long>());
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Counts_follow_the_map(string kernel)
    {
        IBpfKernel on = TestKernels.Get(kernel);
        using BpfHashMap<uint, ulong> map = BpfHashMap<uint, ulong>.Create(on, 64, "counted");
        AssertSum(0, TestKernels.Get(kernel), map.SumElemCount);
        for (uint i = 0; i < 10; i++)
            map.UpdateElem(i, i);
        map.UpdateElem(1, 5);
        AssertSum(10, TestKernels.Get(kernel), map.SumElemCount);
        map.DeleteElem(1);
        AssertSum(9, TestKernels.Get(kernel), map.SumElemCount);
        using BpfArray<ulong> array = BpfArray<ulong>.Create(on, 64, "array");
        Assert.Equal(0, array.Map.SumElemCount());
        FdCount.AssertNoLeak(() =>
        {
            using BpfHashMap<uint, ulong> other = BpfHashMap<uint, ulong>.Create(on, 64, "other");
            AssertSum(0, TestKernels.Get(kernel), other.SumElemCount);
        });
    }

    // Linux counts by itself since 6.6.
    private static void AssertSum(long wanted, IBpfKernel kernel, Func<long> sum)
    {
        if (kernel.Facts.Release >= new Version(6, 6))
            Assert.Equal(wanted, sum());
        else
            Assert.Equal(new Version(6, 6), Assert.Throws<BpfUnsupportedFeatureException>(() => sum()).MinimumKernel);
    }

    [System.Runtime.CompilerServices.InlineArray(1024)]
    private struct Page
    {
        private uint _first;
    }
}
