using System.Buffers.Binary;
using System.Diagnostics;
using LibbpfSharp.Emulator;
using LibbpfSharp.Tests;

namespace LibbpfSharp.UnitTests.Emulator;

/// <summary>Eight threads on one map: for a third of a second, with LIBBPFSHARP_CI=1 for 20 seconds on the main kinds of map.</summary>
public sealed unsafe class MapStressTests
{
    private const int Threads = 8;

    [Theory]
    [InlineData(BpfMapFlags.None, true)]
    [InlineData(BpfMapFlags.NoPrealloc, false)]
    public void A_hash_keeps_exact_counts_and_whole_values(BpfMapFlags flags, bool isMain)
    {
        using var kernel = new EmulatedKernel();
        var map = new RawMap(kernel, BpfMapType.Hash, 8, 64, 1 << 12, flags);
        long[] present = new long[Threads];
        Run(isMain, thread =>
        {
            var random = new Random(thread);
            byte[] value = new byte[64];
            byte[] key = new byte[8];
            bool[] mine = new bool[256];
            while (true)
            {
                for (int i = 0; i < 200; i++)
                {
                    // Own keys are exact; a key that all write is never torn.
                    int index = random.Next(mine.Length);
                    ulong own = ((ulong)thread << 32) | (uint)index;
                    BinaryPrimitives.WriteUInt64LittleEndian(key, own);
                    FillValue(value, (byte)(thread + 1));
                    switch (random.Next(4))
                    {
                        case 0:
                            Assert.Equal(mine[index] ? 0 : -2, map.Delete(key));
                            present[thread] -= mine[index] ? 1 : 0;
                            mine[index] = false;
                            break;
                        case 1:
                            Assert.Equal(mine[index] ? 0 : -2, map.Lookup(key, value));
                            if (mine[index])
                                AssertWhole(value, thread + 1);
                            break;
                        default:
                            Assert.Equal(0, map.Update(key, value));
                            present[thread] += mine[index] ? 0 : 1;
                            mine[index] = true;
                            break;
                    }

                    BinaryPrimitives.WriteUInt64LittleEndian(key, ulong.MaxValue - (ulong)(index & 3));
                    FillValue(value, (byte)(thread + 1));
                    if ((i & 1) == 0)
                        Assert.Equal(0, map.Update(key, value));
                    else if (map.Lookup(key, value) == 0)
                        AssertWhole(value, 0);
                }

                if (IsOver)
                    return;
            }
        });

        long shared = map.Keys().Count(k => k > ulong.MaxValue - 4);
        Assert.Equal(present.Sum() + shared, map.Map.ElementCount);
        Assert.Equal(map.Map.ElementCount, map.Keys().Count);
    }

    [Fact]
    public void Per_cpu_counters_are_exact_when_each_cpu_counts_its_own()
    {
        using var kernel = new EmulatedKernel(new EmulatedKernelOptions { PossibleCpuCount = Threads });
        var map = new RawMap(kernel, BpfMapType.PerCpuHash, 4, 8, 64);
        long[] counted = new long[Threads];
        EmulatedMap target = map.Map;
        Run(true, thread =>
        {
            uint key = 0;
            ulong one = 1;
            while (!IsOver)
            {
                EpochSlot slot = kernel.Gate.Enter();
                for (int i = 0; i < 100; i++)
                {
                    key = (key + 1) % 64;
                    ulong* value = (ulong*)target.LookupElement((byte*)&key, thread);
                    if (value != null)
                        ++*value;
                    else if (target.UpdateElement((byte*)&key, (byte*)&one, 1, thread) != 0)
                        ++*(ulong*)target.LookupElement((byte*)&key, thread); // another CPU made it: our slot is zero or ours
                    counted[thread]++;
                }

                kernel.Gate.Exit(slot);
            }
        });

        long sum = 0;
        byte[] slots = new byte[8 * Threads];
        foreach (ulong key in map.Keys())
        {
            byte[] bytes = BitConverter.GetBytes((uint)key);
            Assert.Equal(0, map.Lookup(bytes, slots));
            for (int cpu = 0; cpu < Threads; cpu++)
                sum += BitConverter.ToInt64(slots, 8 * cpu);
        }

        Assert.Equal(counted.Sum(), sum);
        Assert.Equal(64, target.ElementCount);
    }

    [Theory]
    [InlineData(BpfMapType.LruHash, BpfMapFlags.None, true)]
    [InlineData(BpfMapType.LruHash, BpfMapFlags.NoCommonLru, false)]
    [InlineData(BpfMapType.LruPerCpuHash, BpfMapFlags.None, false)]
    public void An_lru_stays_within_its_size_and_its_values_are_whole(BpfMapType type, BpfMapFlags flags, bool isMain)
    {
        using var kernel = new EmulatedKernel(new EmulatedKernelOptions { PossibleCpuCount = Threads });
        bool perCpu = type == BpfMapType.LruPerCpuHash;
        var map = new RawMap(kernel, type, 8, 64, 1000, flags);
        int size = perCpu ? 64 * Threads : 64;
        long overflow = 0;
        Run(isMain, thread =>
        {
            kernel.CurrentCpu = thread;
            var random = new Random(thread);
            byte[] key = new byte[8];
            byte[] value = new byte[size];
            while (!IsOver)
            {
                for (int i = 0; i < 100; i++)
                {
                    // The writer is part of the key, so that a value of another's key would show.
                    int writer = random.Next(4) == 0 ? random.Next(Threads) : thread;
                    BinaryPrimitives.WriteUInt64LittleEndian(key, ((ulong)writer << 32) | (uint)random.Next(500));
                    if (writer != thread || random.Next(3) == 0)
                    {
                        if (map.Lookup(key, value) == 0)
                            AssertWhole(value, writer + 1);
                    }
                    else if (random.Next(16) == 0)
                    {
                        Assert.Contains(map.Delete(key), (int[])[0, -2]);
                    }
                    else
                    {
                        FillValue(value, (byte)(thread + 1));
                        Assert.Contains(map.Update(key, value), (int[])[0, -12]);
                    }
                }

                if (map.Map.ElementCount > map.Map.MaxEntries)
                    Interlocked.Increment(ref overflow);
            }
        });

        Assert.Equal(0, overflow);
        List<ulong> keys = map.Keys();
        Assert.NotEmpty(keys);
        Assert.Equal(map.Map.ElementCount, keys.Count);
        Assert.True(keys.Count <= map.Map.MaxEntries);
        byte[] last = new byte[size];
        foreach (ulong key in keys)
        {
            Assert.Equal(0, map.Lookup(BitConverter.GetBytes(key), last));
            AssertWhole(last, (int)(key >> 32) + 1);
        }
    }

    [Fact]
    public void Memory_that_a_reader_found_keeps_its_bytes_until_the_reader_leaves()
    {
        using var kernel = new EmulatedKernel();
        var map = new RawMap(kernel, BpfMapType.Hash, 8, 8, 4);
        Assert.Equal(0, map.Update(1, 0xABCD));
        EmulatedMap target = map.Map;
        ulong key = 1;
        EpochSlot slot = kernel.Gate.Enter();
        ulong* value = (ulong*)target.LookupElement((byte*)&key, 0);
        var other = new Thread(() =>
        {
            for (ulong i = 0; i < 10_000; i++)
            {
                map.Update(1, i);
                map.Delete(1);
            }
        });
        other.Start();
        other.Join();
        Assert.Equal(0xABCDul, *value);
        kernel.Gate.Exit(slot);
    }

    [Fact]
    public void A_trie_answers_while_it_changes()
    {
        using var kernel = new EmulatedKernel();
        var map = new RawMap(kernel, BpfMapType.LpmTrie, 8, 8, 4096, BpfMapFlags.NoPrealloc);
        byte[] wide = [8, 0, 0, 0, 10, 0, 0, 0];
        Assert.Equal(0, map.Update(wide, BitConverter.GetBytes(7ul)));
        Run(false, thread =>
        {
            var random = new Random(thread);
            byte[] key = new byte[8];
            byte[] value = new byte[8];
            while (!IsOver)
            {
                for (int i = 0; i < 100; i++)
                {
                    key[0] = (byte)random.Next(9, 33);
                    key[4] = 10;
                    key[5] = (byte)thread;
                    key[6] = (byte)random.Next(16);
                    key[7] = (byte)random.Next(256);
                    int result = random.Next(2) == 0 ? map.Update(key, BitConverter.GetBytes(8ul)) : map.Delete(key);
                    Assert.Contains(result, (int[])[0, -2, -28]);
                    key[0] = 32;
                    Assert.Equal(0, map.Lookup(key, value)); // the /8 is always there
                    Assert.Contains(BitConverter.ToUInt64(value), (ulong[])[7, 8]);
                }
            }
        });
    }

    private static bool IsOver => s_over;

    private static volatile bool s_over;

    private static readonly Lock s_oneAtATime = new();

    private static void Run(bool isMain, Action<int> body)
    {
        lock (s_oneAtATime)
        {
            s_over = false;
            var errors = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
            Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
            {
                try
                {
                    body(i);
                }
                catch (Exception e)
                {
                    errors.Enqueue(e);
                    s_over = true;
                }
            }))];
            foreach (Thread thread in threads)
                thread.Start();
            long end = Stopwatch.GetTimestamp() + (long)((TestSettings.Ci && isMain ? 20 : 0.3) * Stopwatch.Frequency);
            while (!s_over && Stopwatch.GetTimestamp() < end)
                Thread.Sleep(10);
            s_over = true;
            foreach (Thread thread in threads)
                thread.Join();
            Assert.Empty(errors);
        }
    }

    private static void FillValue(Span<byte> value, byte writer) => value.Fill(writer);

    // Zero accepts any writer.
    private static void AssertWhole(ReadOnlySpan<byte> value, int writer)
    {
        byte expected = writer == 0 ? value[0] : (byte)writer;
        Assert.False(value.ContainsAnyExcept(expected));
    }
}
