using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Tests.Maps;

/// <summary>Not one allocation on the hot paths; the same body for both kernels.</summary>
internal static class AllocationBody
{
    private const int Count = 64;

    public static void Check(IBpfKernel kernel)
    {
        using BpfHashMap<ulong, Words8> hash = BpfHashMap<ulong, Words8>.Create(kernel, 2 * Count, "h");
        using BpfPerCpuHashMap<uint, Bytes12> perCpu = BpfPerCpuHashMap<uint, Bytes12>.Create(kernel, 2 * Count, "p");
        using BpfPerCpuArray<long> perCpuArray = BpfPerCpuArray<long>.Create(kernel, Count, "a");
        using BpfArray<Words8> array = BpfArray<Words8>.Create(kernel, Count, "b");
        using PerCpuBuffer<Bytes12> buffer = perCpu.CreateBuffer();
        int cpus = perCpu.PossibleCpuCount;
        ulong[] keys = new ulong[Count];
        Words8[] values = new Words8[Count];
        uint[] perCpuKeys = new uint[Count];
        Bytes12[] perCpuValues = new Bytes12[Count * cpus];
        long[] sums = new long[cpus];
        byte[] key = new byte[8];
        byte[] value = new byte[64];

        for (int i = 0; i < Count; i++)
        {
            keys[i] = (ulong)i;
            perCpuKeys[i] = (uint)i;
        }

        hash.UpdateBatch(keys, values);
        perCpu.UpdateBatch(perCpuKeys, perCpuValues);
        None("update", () => hash.UpdateElem(5, values[1]));
        None("lookup", () => hash.LookupElem(5, out _));
        None("missing lookup", () => hash.LookupElem(500, out _));
        None("delete and insert", () =>
        {
            hash.DeleteElem(5);
            hash.UpdateElem(5, values[1], BpfUpdateFlags.NoExist);
        });
        None("lookup and delete", () =>
        {
            hash.LookupAndDeleteElem(5, out _);
            hash.UpdateElem(5, values[1]);
        });
        None("next key", () => hash.GetNextKey(5, out _));
        None("bytes", () =>
        {
            hash.Map.UpdateElem(key, value);
            hash.Map.LookupElem(key, value);
            hash.Map.DeleteElem(key);
        });
        None("text key", () => hash.Map.LookupElem("abc", value));
        None("array", () =>
        {
            array.UpdateElem(3, values[0]);
            array.LookupElem(3, out _);
        });
        None("batch update", () => hash.UpdateBatch(keys, values));
        None("batch lookup", () =>
        {
            BpfBatchCursor cursor = default;
            while (!cursor.IsAtEnd)
                hash.LookupBatch(ref cursor, keys, values);
        });
        None("batch delete", () =>
        {
            hash.DeleteBatch(keys);
            hash.UpdateBatch(keys, values);
        });
        None("per-CPU update", () => perCpu.UpdateElem(5, buffer));
        None("per-CPU lookup", () => perCpu.LookupElem(5, buffer));
        None("per-CPU lookup into a span", () => perCpu.LookupElem(5, perCpuValues.AsSpan(0, cpus)));
        None("per-CPU batch", () =>
        {
            perCpu.UpdateBatch(perCpuKeys, perCpuValues);
            BpfBatchCursor cursor = default;
            while (!cursor.IsAtEnd)
                perCpu.LookupBatch(ref cursor, perCpuKeys, perCpuValues);
        });
        None("per-CPU array and sum", () =>
        {
            perCpuArray.UpdateElem(1, sums);
            perCpuArray.LookupElem(1, sums);
        });
        None("walk", () =>
        {
            foreach ((ulong k, Words8 v) in hash)
                sums[0] += (long)(k + v[0]);
        });
        None("per-CPU walk", () =>
        {
            foreach ((int k, PerCpuValues<long> v) in perCpuArray)
                sums[0] += k + v.Sum();
        });
    }

    private static void None(string what, Action action)
    {
        // Pools fill and code is compiled in the first runs.
        for (int i = 0; i < 40; i++)
            action();
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        if (least != 0)
            Assert.Fail($"'{what}' allocates {least} bytes.");
    }
}
