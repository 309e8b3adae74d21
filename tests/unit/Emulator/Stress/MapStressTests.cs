using System.Buffers.Binary;
using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Unit.Emulator.Stress;

/// <summary>
/// Eight threads on the emulator's maps: LIBBPFSHARP_STRESS_SECONDS, else 20 seconds with LIBBPFSHARP_CI=1 and 2 without,
/// shared by the tests.
/// </summary>
public sealed class MapStressTests
{
    private const int Threads = 8;
    private const int KeysPerThread = 500;
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(TestSettings.Count("LIBBPFSHARP_STRESS_SECONDS", quick: 2, ci: 20) / 2.0);

    [Theory]
    [InlineData(BpfMapType.Hash, 0u)]
    [InlineData(BpfMapType.Hash, 1u)]
    [InlineData(BpfMapType.PerCpuHash, 0u)]
    [InlineData(BpfMapType.PerCpuHash, 1u)]
    public void AHashKeepsEveryElementAndCount(BpfMapType type, uint flags)
    {
        using var kernel = new EmulatedKernel(new EmulatedKernelOptions { PossibleCpuCount = Threads });
        var map = new StressMap(kernel, type, 24, Threads * KeysPerThread, flags);
        var models = new Dictionary<uint, uint>[Threads];
        Run(s_duration / 4, (thread, random, deadline) =>
        {
            kernel.CurrentCpu = thread;
            Dictionary<uint, uint> model = models[thread] = [];
            byte[] value = new byte[map.ValueBytes];
            for (uint version = 1; !deadline(); version++)
            {
                // Its own keys are as it left them.
                uint key = (uint)((thread * KeysPerThread) + random.Next(KeysPerThread));
                bool present = model.ContainsKey(key);
                switch (random.Next(4))
                {
                    case 0:
                        Assert.Equal(present ? 0 : -(int)BpfErrno.ENOENT, map.Delete(key));
                        model.Remove(key);
                        break;
                    case 1:
                        Assert.Equal(present ? -(int)BpfErrno.EEXIST : 0, map.Update(key, Fill(value, key, version), 1));
                        if (!present)
                            model[key] = version;
                        break;
                    case 2:
                        Assert.Equal(0, map.Update(key, Fill(value, key, version)));
                        model[key] = version;
                        break;
                    default:
                        Assert.Equal(present ? 0 : -(int)BpfErrno.ENOENT, map.Lookup(key, value));
                        if (present)
                            Assert.Equal(model[key], Version(value, key));
                        break;
                }

                // Another thread's key may change at any time, but for a per-CPU map a slot is whole, and so is a hash's value.
                uint foreign = (uint)random.Next(Threads * KeysPerThread);
                if (type == BpfMapType.Hash && map.Lookup(foreign, value) == 0)
                    Version(value, foreign);
            }
        });

        Dictionary<uint, byte[]> elements = map.Walk();
        Assert.Equal(models.Sum(m => m.Count), elements.Count);
        Assert.All(models.SelectMany(m => m), e => Assert.Equal(e.Value, Version(elements[e.Key], e.Key)));
        Assert.Equal(elements.Count, ElementCounter.Count(kernel, map.Fd));
    }

    [Theory]
    [InlineData(BpfMapType.LruHash, 0u)]
    [InlineData(BpfMapType.LruHash, 2u)]
    [InlineData(BpfMapType.LruPerCpuHash, 0u)]
    public void AnLruNeverHoldsTooMuchNorHalfAValue(BpfMapType type, uint flags)
    {
        const int MaxEntries = 256;
        using var kernel = new EmulatedKernel(new EmulatedKernelOptions { PossibleCpuCount = Threads });
        var map = new StressMap(kernel, type, 24, MaxEntries, flags);
        Run(s_duration / 4, (thread, random, deadline) =>
        {
            kernel.CurrentCpu = thread;
            byte[] value = new byte[map.ValueBytes];
            for (uint version = 1; !deadline(); version++)
            {
                uint key = (uint)random.Next(4 * MaxEntries);
                switch (random.Next(4))
                {
                    case 0:
                        Assert.True(map.Delete(key) is 0 or -(int)BpfErrno.ENOENT);
                        break;
                    case 1 when type == BpfMapType.LruHash:
                        if (map.Lookup(key, value) == 0)
                            Version(value, key);
                        break;
                    default:
                        Assert.Equal(0, map.Update(key, Fill(value, key, version)));
                        break;
                }
            }
        });

        Dictionary<uint, byte[]> elements = map.Walk();
        Assert.InRange(elements.Count, 1, MaxEntries);
        if (type == BpfMapType.LruHash)
            Assert.All(elements, e => Version(e.Value, e.Key));
        Assert.Equal(elements.Count, ElementCounter.Count(kernel, map.Fd));
    }

    // Runs a body on every thread until the time is over, and often enough on a machine that is busy with other things;
    // the first exception fails the test.
    private static void Run(TimeSpan duration, Action<int, Random, Func<bool>> body)
    {
        long end = Environment.TickCount64 + (long)duration.TotalMilliseconds;
        Exception? first = null;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            const int FewestRounds = 1000;
            int rounds = 0;
            try
            {
                body(i, new Random(i), () => Volatile.Read(ref first) is not null || (++rounds > FewestRounds && Environment.TickCount64 >= end));
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref first, e, null);
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        if (first is not null)
            Assert.Fail(first.ToString());
    }

    // Every 24-byte part of a value names its key and version and ends in their sum: one that is not whole shows.
    private static byte[] Fill(byte[] value, uint key, uint version)
    {
        for (int at = 0; at < value.Length; at += 24)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(value.AsSpan(at), key);
            BinaryPrimitives.WriteUInt64LittleEndian(value.AsSpan(at + 8), version);
            BinaryPrimitives.WriteUInt64LittleEndian(value.AsSpan(at + 16), (key * 31UL) + version);
        }

        return value;
    }

    private static uint Version(byte[] value, uint key)
    {
        ulong version = BinaryPrimitives.ReadUInt64LittleEndian(value.AsSpan(8));
        for (int at = 0; at < value.Length; at += 24)
        {
            Assert.Equal(key, BinaryPrimitives.ReadUInt64LittleEndian(value.AsSpan(at)));
            Assert.Equal(version, BinaryPrimitives.ReadUInt64LittleEndian(value.AsSpan(at + 8)));
            Assert.Equal((key * 31UL) + version, BinaryPrimitives.ReadUInt64LittleEndian(value.AsSpan(at + 16)));
        }

        return (uint)version;
    }
}
