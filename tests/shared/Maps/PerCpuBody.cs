using System.Runtime.InteropServices;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Tests.Maps;

/// <summary>What holds of per-CPU maps on every machine.</summary>
internal static class PerCpuBody
{
    public static void OddSizes(IBpfKernel kernel)
    {
        OddSize<Bytes3>(kernel, 8);
        OddSize<Bytes5>(kernel, 8);
        OddSize<Bytes12>(kernel, 16);
        OddSize<ulong>(kernel, 8);
        OddSize<Words8>(kernel, 64);
    }

    public static void Mistakes(IBpfKernel kernel)
    {
        using BpfPerCpuArray<ulong> map = BpfPerCpuArray<ulong>.Create(kernel, 4, "p");
        int cpus = kernel.Facts.PossibleCpus.Count;
        Assert.Equal(cpus, map.PossibleCpuCount);
        Assert.Contains("negative", Assert.Throws<ArgumentOutOfRangeException>(() => map.UpdateElemOnCpu(0, 1, -1)).Message, StringComparison.Ordinal);
        Assert.Contains("negative", Assert.Throws<ArgumentOutOfRangeException>(() => map.LookupElemOnCpu(0, out _, -1)).Message, StringComparison.Ordinal);
        Assert.Contains("possible CPUs", Assert.Throws<ArgumentOutOfRangeException>(() => map.LookupElemOnCpu(0, out _, 100_000)).Message, StringComparison.Ordinal);
        Assert.Contains($"Values of {cpus} possible CPUs are needed", Assert.Throws<ArgumentException>(() => map.UpdateElem(0, new ulong[cpus + 1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => map.LookupElem(0, Span<ulong>.Empty));
        Assert.Throws<ArgumentNullException>(() => map.LookupElem(0, (PerCpuBuffer<ulong>)null!));
        Assert.Throws<ArgumentException>(() => map.UpdateBatch([0, 1], new ulong[cpus]));
        using BpfPerCpuArray<Bytes12> other = BpfPerCpuArray<Bytes12>.Create(kernel, 4, "q");
        using PerCpuBuffer<ulong> buffer = map.CreateBuffer();
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer[cpus]);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.OfCpu(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Values.OfCpu(-1));
        Assert.Throws<ArgumentNullException>(() => buffer.Values.Aggregate<int>(0, null!));
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => map.UpdateElem(0, buffer));
    }

    public static void OneCpu(IBpfKernel kernel)
    {
        using BpfPerCpuHashMap<uint, ulong> map = BpfPerCpuHashMap<uint, ulong>.Create(kernel, 4, "p");
        int cpu = kernel.Facts.PossibleCpus[^1];
        if (kernel.Facts.Release < new Version(7, 0))
        {
            BpfUnsupportedFeatureException e = Assert.Throws<BpfUnsupportedFeatureException>(() => map.UpdateElemOnCpu(1, 5, cpu));
            Assert.Equal(new Version(7, 0), e.MinimumKernel);
            Assert.Contains("BPF_F_CPU", e.Message, StringComparison.Ordinal);
            Assert.Throws<BpfUnsupportedFeatureException>(() => map.LookupElemOnCpu(1, out _, cpu));
            e = Assert.Throws<BpfUnsupportedFeatureException>(() => map.UpdateElemOnAllCpus(1, 5));
            Assert.Contains("BPF_F_ALL_CPUS", e.Message, StringComparison.Ordinal);
            return;
        }

        using PerCpuBuffer<ulong> buffer = map.CreateBuffer();
        map.UpdateElemOnAllCpus(1, 5);
        Assert.True(map.LookupElem(1, buffer));
        Assert.Equal(5ul * (ulong)buffer.Count, buffer.Sum());
        map.UpdateElemOnCpu(1, 7, cpu);
        Assert.True(map.LookupElemOnCpu(1, out ulong value, cpu));
        Assert.Equal(7ul, value);
        Assert.True(map.LookupElem(1, buffer));
        Assert.Equal((5ul * (ulong)buffer.Count) + 2, buffer.Sum());
        Assert.False(map.LookupElemOnCpu(2, out _, cpu));
    }

    private static void OddSize<TValue>(IBpfKernel kernel, int stride)
        where TValue : unmanaged
    {
        const int Keys = 20;
        int cpus = kernel.Facts.PossibleCpus.Count;
        BpfPerCpuHashMap<uint, TValue> hash = BpfPerCpuHashMap<uint, TValue>.Create(kernel, 64, "p");
        BpfLruPerCpuHashMap<uint, TValue> lru = BpfLruPerCpuHashMap<uint, TValue>.Create(kernel, 1024, "l");
        BpfPerCpuArray<TValue> array = BpfPerCpuArray<TValue>.Create(kernel, Keys, "a");
        using (hash)
        using (lru)
        using (array)
        {
            Assert.Equal(stride * cpus, hash.Map.ElementSize);
            using PerCpuBuffer<TValue> buffer = hash.CreateBuffer();
            for (uint key = 0; key < Keys; key++)
            {
                for (int slot = 0; slot < cpus; slot++)
                    buffer[slot] = Value<TValue>(key, slot);
                hash.UpdateElem(key, buffer, BpfUpdateFlags.NoExist);
                lru.UpdateElem(key, buffer);
                array.UpdateElem((int)key, buffer);
            }

            TValue[] values = new TValue[cpus];
            for (uint key = 0; key < Keys; key++)
            {
                Assert.True(hash.LookupElem(key, buffer));
                CheckValues(key, buffer.Values);
                Assert.True(lru.LookupElem(key, values));
                CheckValues(key, values);
                Assert.True(array.LookupElem((int)key, values));
                CheckValues(key, values);
            }

            int seen = 0;
            foreach ((uint key, PerCpuValues<TValue> v) in hash)
            {
                CheckValues(key, v);
                seen++;
            }

            Assert.Equal(Keys, seen);
            Batches(hash, cpus, Keys);
            Assert.True(hash.LookupAndDeleteElem(3, values));
            CheckValues(3, values);
            Assert.False(hash.LookupElem(3, values));
            Assert.True(hash.DeleteElem(4));
            Assert.False(hash.DeleteElem(4));
            hash.DeleteBatch([5, 6]);
            seen = 0;
            foreach (PerCpuEntry<uint, TValue> entry in hash)
                seen += entry.Values.Count;
            Assert.Equal((Keys - 4) * cpus, seen);
        }
    }

    private static void Batches<TValue>(BpfPerCpuHashMap<uint, TValue> hash, int cpus, int count)
        where TValue : unmanaged
    {
        uint[] keys = new uint[count];
        TValue[] values = new TValue[count * cpus];
        BpfBatchCursor cursor = default;
        int taken = hash.LookupAndDeleteBatch(ref cursor, keys, values);
        Assert.True(cursor.IsAtEnd);
        Assert.Equal(count, taken);
        for (int i = 0; i < count; i++)
            CheckValues(keys[i], values.AsSpan(i * cpus, cpus));
        hash.UpdateBatch(keys, values);
        Array.Clear(values);
        cursor = default;
        Assert.Equal(count, hash.LookupBatch(ref cursor, keys, values));
        for (int i = 0; i < count; i++)
            CheckValues(keys[i], values.AsSpan(i * cpus, cpus));
    }

    private static TValue Value<TValue>(uint key, int slot)
        where TValue : unmanaged
    {
        TValue value = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<TValue>(ref value));
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)((key * 31) + (slot * 7) + i + 1);
        return value;
    }

    private static void CheckValues<TValue>(uint key, ReadOnlySpan<TValue> values)
        where TValue : unmanaged
    {
        for (int slot = 0; slot < values.Length; slot++)
            Assert.Equal(Bytes(Value<TValue>(key, slot)), Bytes(values[slot]));
    }

    private static void CheckValues<TValue>(uint key, PerCpuValues<TValue> values)
        where TValue : unmanaged
    {
        int slot = 0;
        foreach (TValue value in values)
            Assert.Equal(Bytes(Value<TValue>(key, slot++)), Bytes(value));
        Assert.Equal(values.Count, slot);
        Assert.Equal(values.Cpus.Count, values.Count);
    }

    private static byte[] Bytes<TValue>(TValue value)
        where TValue : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<TValue>(in value)).ToArray();
}
