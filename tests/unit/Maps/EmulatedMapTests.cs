using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;
using LibbpfSharp.Tests.Maps;

namespace LibbpfSharp.Tests.Unit.Maps;

/// <summary>Maps where no kernel is needed: machines of other sizes, other kernels, what goes wrong.</summary>
public sealed class EmulatedMapTests
{
    [Fact]
    public void Hot_paths_allocate_nothing()
    {
        using var kernel = new EmulatedKernel();
        AllocationBody.Check(kernel);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(64)]
    public void Per_cpu_values_fit_every_machine(int cpus)
    {
        using var kernel = new EmulatedKernel(new EmulatedKernelOptions { PossibleCpuCount = cpus });
        PerCpuBody.OddSizes(kernel);
        PerCpuBody.Mistakes(kernel);
        PerCpuBody.OneCpu(kernel);
        AllocationBody.Check(kernel);
    }

    [Fact]
    public void Cpu_numbers_may_have_gaps()
    {
        using var kernel = new EmulatedKernel(new EmulatedKernelOptions { PossibleCpus = [0, 2, 5] });
        using BpfPerCpuArray<int> map = BpfPerCpuArray<int>.Create(kernel, 1);
        map.UpdateElem(0, [10, 20, 50]);
        using PerCpuBuffer<int> buffer = map.CreateBuffer();
        Assert.True(map.LookupElem(0, buffer));
        Assert.Equal(50, buffer.OfCpu(5));
        Assert.Equal(20, buffer.Values.OfCpu(2));
        Assert.Equal([0, 2, 5], buffer.Cpus);
        Assert.Equal(80, buffer.Sum());
        Assert.Equal(50, buffer.Values.Max());
        Assert.Equal(10, buffer.Values.Min());
        Assert.Equal("10 20 50 ", buffer.Values.Aggregate("", (text, v) => $"{text}{v} "));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.OfCpu(1));
    }

    [Fact]
    public void One_cpu_s_value_can_be_had_from_7_0_on()
    {
        using var kernel = new EmulatedKernel(new EmulatedKernelOptions { PossibleCpuCount = 4, Release = new Version(7, 0) });
        PerCpuBody.OneCpu(kernel);
    }

    [Fact]
    public void Keys_with_padding_are_refused_with_the_reason()
    {
        using var kernel = new EmulatedKernel();
        BpfException e = Assert.Throws<BpfException>(() => BpfHashMap<PaddedKey, int>.Create(kernel, 1, "m"));
        Assert.Equal(BpfErrno.EINVAL, e.Errno);
        Assert.Contains("PaddedKey has padding (byte 1 to 3 of 8)", e.Message, StringComparison.Ordinal);
        Assert.Contains("compares all bytes of a key", e.Message, StringComparison.Ordinal);
        using BpfHashMap<ExplicitKey, PaddedKey> good = BpfHashMap<ExplicitKey, PaddedKey>.Create(kernel, 1, "m");
        Assert.Contains("hashes all bytes", Assert.Throws<BpfException>(() => BpfBloomFilter<PaddedKey>.Create(kernel, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_of_one_kind_is_not_bound_as_another()
    {
        using var kernel = new EmulatedKernel();
        using BpfQueue<int> queue = BpfQueue<int>.Create(kernel, 1, "q");
        Assert.Contains("its type is Queue, not Stack", Assert.Throws<BpfException>(() => queue.Map.As<BpfStack<int>>()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => BpfQueue<int>.Bind(null!));
        Assert.Throws<ArgumentNullException>(() => BpfHashMap<int, int>.Create(null!, 1));
        Assert.Throws<ArgumentNullException>(() => BpfMap.Create(kernel, null!));
    }

    [Fact]
    public void Maps_of_two_kernels_do_not_mix()
    {
        using var one = new EmulatedKernel();
        using var two = new EmulatedKernel();
        using BpfArray<int> inner = BpfArray<int>.Create(one, 1, "inner");
        Assert.Contains("belongs to", Assert.Throws<ArgumentException>(() => BpfArrayOfMaps<BpfArray<int>>.Create(two, 1, inner)).Message, StringComparison.Ordinal);
        using BpfArrayOfMaps<BpfArray<int>> outer = BpfArrayOfMaps<BpfArray<int>>.Create(one, 1, inner);
        using BpfArray<int> other = BpfArray<int>.Create(two, 1, "other");
        Assert.Throws<ArgumentException>(() => outer.UpdateElem(0, other));
    }

    [Fact]
    public void A_map_that_cannot_be_made_says_why()
    {
        using var kernel = new EmulatedKernel();
        BpfException e = Assert.Throws<BpfException>(() => BpfHashMap<int, int>.Create(kernel, 0, "m"));
        Assert.Equal(BpfErrno.EINVAL, e.Errno);
        Assert.Contains("max_entries 0", e.Message, StringComparison.Ordinal);
        Assert.Equal(BpfErrno.EINVAL, Assert.Throws<BpfException>(() => BpfHashMap<int, int>.Create(kernel, 1, "no spaces")).Errno);
        Assert.Equal(BpfErrno.E2BIG, Assert.Throws<BpfException>(() => BpfMap.Create(kernel, new BpfMapSpec { Type = BpfMapType.PerCpuArray, KeySize = 4, ValueSize = 40_000, MaxEntries = 1 })).Errno);
        Assert.Contains("InnerMap", Assert.Throws<BpfException>(() => BpfMap.Create(kernel, new BpfMapSpec { Type = BpfMapType.ArrayOfMaps, KeySize = 4, ValueSize = 4, MaxEntries = 1 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Disposing_during_calls_ends_them_with_ObjectDisposedException_only()
    {
        using var kernel = new EmulatedKernel();
        for (int round = 0; round < 50; round++)
        {
            BpfHashMap<int, long> map = BpfHashMap<int, long>.Create(kernel, 16, "m");
            map.UpdateElem(1, 1);
            Exception?[] ends = new Exception?[4];
            Thread[] threads = [.. Enumerable.Range(0, ends.Length).Select(i => new Thread(() =>
            {
                try
                {
                    while (true)
                    {
                        map.LookupElem(1, out _);
                        map.UpdateElem(i, i);
                    }
                }
                catch (Exception e) when (e is ObjectDisposedException or BpfException)
                {
                    ends[i] = e;
                }
            }))];
            foreach (Thread thread in threads)
                thread.Start();
            Thread.Yield();
            map.Dispose();
            foreach (Thread thread in threads)
                thread.Join();
            Assert.All(ends, e => Assert.IsType<ObjectDisposedException>(e));
        }
    }

    [Fact]
    public void Ids_pins_and_duplicates_lead_to_the_same_map()
    {
        using var kernel = new EmulatedKernel();
        using BpfHashMap<int, int> map = BpfHashMap<int, int>.Create(kernel, 8, "shared");
        map.UpdateElem(1, 2);
        using BpfMap again = BpfMap.OpenById(kernel, map.Map.Id);
        using BpfMap copy = map.Map.Duplicate();
        foreach (BpfMap other in new[] { again, copy })
        {
            Assert.True(other.LookupElem(1, out int value));
            Assert.Equal(2, value);
            Assert.Equal("shared", other.Name);
        }

        Assert.Contains(map.Map.Id, BpfMap.EnumerateIds(kernel));
        Assert.False(BpfMap.TryOpenById(kernel, 999_999, out _));
        Assert.Contains("no map with this id", Assert.Throws<BpfException>(() => BpfMap.OpenById(kernel, 999_999)).Message, StringComparison.Ordinal);
        BpfMapInfo info = map.Map.GetInfo();
        Assert.Equal((BpfMapType.Hash, 4u, 4u, 8u), (info.Type, info.KeySize, info.ValueSize, info.MaxEntries));
    }
}
