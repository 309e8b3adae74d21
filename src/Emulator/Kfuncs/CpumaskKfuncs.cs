using System.Numerics;

namespace LibbpfSharp.Emulator;

/// <summary>Kfuncs over masks of CPUs (kernel/bpf/cpumask.c). A mask has a bit for each possible CPU number.</summary>
internal static unsafe class CpumaskKfuncs
{
    public static void Declare(KfuncTable table)
    {
        ProgramTypeSet types = ProgramTypeSets.TracingKfuncs | ProgramTypeSets.StructOps | ProgramTypeSets.Syscall;
        table.Add("bpf_cpumask_create", "6.3", types, &Create, KfuncFlags.Acquire | KfuncFlags.ReturnsNull);
        table.Add("bpf_cpumask_acquire", "6.3", types, &Acquire, KfuncFlags.Acquire);
        table.Add("bpf_cpumask_release", "6.3", types, &Release, KfuncFlags.Release);
        table.Add("bpf_cpumask_first", "6.3", types, &First);
        table.Add("bpf_cpumask_first_zero", "6.3", types, &FirstZero);
        table.Add("bpf_cpumask_first_and", "6.5", types, &FirstOfBoth);
        table.Add("bpf_cpumask_set_cpu", "6.3", types, &Set);
        table.Add("bpf_cpumask_clear_cpu", "6.3", types, &Clear);
        table.Add("bpf_cpumask_test_cpu", "6.3", types, &Test);
        table.Add("bpf_cpumask_test_and_set_cpu", "6.3", types, &TestAndSet);
        table.Add("bpf_cpumask_test_and_clear_cpu", "6.3", types, &TestAndClear);
        table.Add("bpf_cpumask_setall", "6.3", types, &SetAll);
        table.Add("bpf_cpumask_clear", "6.3", types, &ClearAll);
        table.Add("bpf_cpumask_and", "6.3", types, &And);
        table.Add("bpf_cpumask_or", "6.3", types, &Or);
        table.Add("bpf_cpumask_xor", "6.3", types, &Xor);
        table.Add("bpf_cpumask_equal", "6.3", types, &AreEqual);
        table.Add("bpf_cpumask_intersects", "6.3", types, &Intersect);
        table.Add("bpf_cpumask_subset", "6.3", types, &IsSubset);
        table.Add("bpf_cpumask_empty", "6.3", types, &IsEmpty);
        table.Add("bpf_cpumask_full", "6.3", types, &IsFull);
        table.Add("bpf_cpumask_copy", "6.3", types, &Copy);
        table.Add("bpf_cpumask_weight", "6.8", types, &Weight);
        table.Add("bpf_cpumask_any_distribute", "6.5", types, &First);
        table.Add("bpf_cpumask_any_and_distribute", "6.5", types, &FirstOfBoth);
    }

    private static ulong Create(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) => ObjectHelpers.Own(run, new CpumaskObject(Count(run)));

    private static ulong Acquire(RunContext run, ulong mask, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        CpumaskObject found = Find(run, mask);
        found.Acquire();
        return ObjectHelpers.Own(run, found);
    }

    private static ulong Release(RunContext run, ulong mask, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        CpumaskObject found = Find(run, mask);
        if (!run.TryRelease(HeldKind.Object, mask, out _))
            RunContext.Fault(BpfFaultKind.UnbalancedReference, $"0x{mask:x} is no mask that the program has to release.");
        if (!run.TryFindHeld(HeldKind.Object, mask, out _))
            run.CloseRegion(mask, RegionEnd.Released);
        found.Release();
        return 0;
    }

    private static ulong First(RunContext run, ulong mask, ulong r2, ulong r3, ulong r4, ulong r5) => FirstSet(run, Find(run, mask).Words);

    private static ulong FirstZero(RunContext run, ulong mask, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        Span<ulong> words = Find(run, mask).Words;
        for (int cpu = 0; cpu < Count(run); cpu++)
        {
            if ((words[cpu / 64] & (1UL << cpu)) == 0)
                return (ulong)cpu;
        }

        return (ulong)Count(run);
    }

    private static ulong FirstOfBoth(RunContext run, ulong left, ulong right, ulong r3, ulong r4, ulong r5)
    {
        Span<ulong> a = Find(run, left).Words;
        Span<ulong> both = stackalloc ulong[a.Length];
        Combine(both, a, Find(run, right).Words, 0);
        return FirstSet(run, both);
    }

    private static ulong Set(RunContext run, ulong cpu, ulong mask, ulong r3, ulong r4, ulong r5)
    {
        CpumaskObject found = Find(run, mask);
        if ((uint)cpu < (uint)Count(run))
            found.Change((int)cpu, on: true);
        return 0;
    }

    private static ulong Clear(RunContext run, ulong cpu, ulong mask, ulong r3, ulong r4, ulong r5)
    {
        CpumaskObject found = Find(run, mask);
        if ((uint)cpu < (uint)Count(run))
            found.Change((int)cpu, on: false);
        return 0;
    }

    private static ulong Test(RunContext run, ulong cpu, ulong mask, ulong r3, ulong r4, ulong r5)
    {
        Span<ulong> words = Find(run, mask).Words;
        return (uint)cpu < (uint)Count(run) && (words[(int)cpu / 64] & (1UL << (int)cpu)) != 0 ? 1UL : 0;
    }

    private static ulong TestAndSet(RunContext run, ulong cpu, ulong mask, ulong r3, ulong r4, ulong r5)
    {
        CpumaskObject found = Find(run, mask);
        return (uint)cpu < (uint)Count(run) && found.Change((int)cpu, on: true) ? 1UL : 0;
    }

    private static ulong TestAndClear(RunContext run, ulong cpu, ulong mask, ulong r3, ulong r4, ulong r5)
    {
        CpumaskObject found = Find(run, mask);
        return (uint)cpu < (uint)Count(run) && found.Change((int)cpu, on: false) ? 1UL : 0;
    }

    private static ulong SetAll(RunContext run, ulong mask, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        Span<ulong> words = Find(run, mask).Words;
        for (int cpu = 0; cpu < Count(run); cpu++)
            words[cpu / 64] |= 1UL << cpu;
        return 0;
    }

    private static ulong ClearAll(RunContext run, ulong mask, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        Find(run, mask).Words.Clear();
        return 0;
    }

    private static ulong And(RunContext run, ulong target, ulong left, ulong right, ulong r4, ulong r5) =>
        Combine(Find(run, target).Words, Find(run, left).Words, Find(run, right).Words, 0) ? 1UL : 0;

    private static ulong Or(RunContext run, ulong target, ulong left, ulong right, ulong r4, ulong r5)
    {
        Combine(Find(run, target).Words, Find(run, left).Words, Find(run, right).Words, 1);
        return 0;
    }

    private static ulong Xor(RunContext run, ulong target, ulong left, ulong right, ulong r4, ulong r5)
    {
        Combine(Find(run, target).Words, Find(run, left).Words, Find(run, right).Words, 2);
        return 0;
    }

    private static ulong AreEqual(RunContext run, ulong left, ulong right, ulong r3, ulong r4, ulong r5) =>
        Find(run, left).Words.SequenceEqual(Find(run, right).Words) ? 1UL : 0;

    private static ulong Intersect(RunContext run, ulong left, ulong right, ulong r3, ulong r4, ulong r5)
    {
        Span<ulong> a = Find(run, left).Words;
        Span<ulong> both = stackalloc ulong[a.Length];
        return Combine(both, a, Find(run, right).Words, 0) ? 1UL : 0;
    }

    private static ulong IsSubset(RunContext run, ulong left, ulong right, ulong r3, ulong r4, ulong r5)
    {
        Span<ulong> a = Find(run, left).Words;
        Span<ulong> b = Find(run, right).Words;
        for (int i = 0; i < a.Length; i++)
        {
            if ((a[i] & ~b[i]) != 0)
                return 0;
        }

        return 1;
    }

    private static ulong IsEmpty(RunContext run, ulong mask, ulong r2, ulong r3, ulong r4, ulong r5) => Find(run, mask).Words.ContainsAnyExcept(0UL) ? 0 : 1UL;

    private static ulong IsFull(RunContext run, ulong mask, ulong r2, ulong r3, ulong r4, ulong r5) => CountSet(Find(run, mask).Words) == Count(run) ? 1UL : 0;

    private static ulong Copy(RunContext run, ulong target, ulong source, ulong r3, ulong r4, ulong r5)
    {
        Find(run, source).Words.CopyTo(Find(run, target).Words);
        return 0;
    }

    private static ulong Weight(RunContext run, ulong mask, ulong r2, ulong r3, ulong r4, ulong r5) => (ulong)CountSet(Find(run, mask).Words);

    private static bool Combine(Span<ulong> target, ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, int operation)
    {
        ulong any = 0;
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = operation switch { 0 => left[i] & right[i], 1 => left[i] | right[i], _ => left[i] ^ right[i] };
            any |= target[i];
        }

        return any != 0;
    }

    // The number of CPUs if none is set.
    private static ulong FirstSet(RunContext run, ReadOnlySpan<ulong> words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i] != 0)
                return (ulong)((i * 64) + BitOperations.TrailingZeroCount(words[i]));
        }

        return (ulong)Count(run);
    }

    private static int CountSet(ReadOnlySpan<ulong> words)
    {
        int count = 0;
        foreach (ulong word in words)
            count += BitOperations.PopCount(word);
        return count;
    }

    // nr_cpu_ids: one past the last possible CPU.
    private static int Count(RunContext run) => run.Kernel.Facts.PossibleCpus[^1] + 1;

    private static CpumaskObject Find(RunContext run, ulong address)
    {
        if (run.OwnerOf(address) is CpumaskObject mask)
            return mask;
        RunContext.FaultArgument($"A mask of CPUs was expected but 0x{address:x} is none.");
        return null!;
    }
}
