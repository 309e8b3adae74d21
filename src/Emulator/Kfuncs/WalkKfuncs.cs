using static LibbpfSharp.Emulator.HelperArguments;

namespace LibbpfSharp.Emulator;

/// <summary>Open-coded iterators over bits and tasks. What they walk over is kept with the run: the program's memory only names it.</summary>
internal static unsafe class WalkKfuncs
{
    private const uint BitsSize = 16, TaskSize = 24;

    public static void Declare(KfuncTable table)
    {
        table.Add("bpf_iter_bits_new", "6.11", ProgramTypeSet.All, &NewBits, KfuncFlags.IteratorNew);
        table.Add("bpf_iter_bits_next", "6.11", ProgramTypeSet.All, &NextBit, KfuncFlags.IteratorNext | KfuncFlags.ReturnsNull);
        table.Add("bpf_iter_bits_destroy", "6.11", ProgramTypeSet.All, &DestroyBits, KfuncFlags.IteratorDestroy);
        table.Add("bpf_iter_task_new", "6.7", ProgramTypeSet.All, &NewTasks, KfuncFlags.IteratorNew);
        table.Add("bpf_iter_task_next", "6.7", ProgramTypeSet.All, &NextTask, KfuncFlags.IteratorNext | KfuncFlags.ReturnsNull);
        table.Add("bpf_iter_task_destroy", "6.7", ProgramTypeSet.All, &DestroyTasks, KfuncFlags.IteratorDestroy);
    }

    // The last word of the iterator is the bit, whose address the program gets.
    private static ulong NewBits(RunContext run, ulong iterator, ulong source, ulong words, ulong r4, ulong r5)
    {
        const uint MaximumWords = 511;
        uint count = (uint)words;
        new Span<byte>(run.Write(iterator, BitsSize), (int)BitsSize).Clear();
        ulong[] bits = [];
        int error = source == 0 || count == 0 ? Errno.EINVAL : count > MaximumWords ? Errno.E2BIG : 0;
        if (error == 0 && !run.TryTranslate(source, count * sizeof(ulong), false, out _))
            error = Errno.EFAULT;
        if (error == 0)
            bits = new ReadOnlySpan<ulong>(run.Read(source, count * sizeof(ulong)), (int)count).ToArray();
        *(int*)(run.Write(iterator, BitsSize) + 12) = -1;
        run.Hold(new HeldResource(HeldKind.Iterator, iterator, "an iterator over bits", bits, null));
        return error == 0 ? 0 : Error(error);
    }

    private static ulong NextBit(RunContext run, ulong iterator, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        ulong[] bits = Find<ulong[]>(run, iterator);
        int* bit = (int*)(run.Write(iterator, BitsSize) + 12);
        for (int next = *bit + 1; next >= 0 && next < bits.Length * 64; next++)
        {
            if ((bits[next / 64] & (1UL << next)) == 0)
                continue;
            *bit = next;
            return iterator + 12;
        }

        *bit = bits.Length * 64;
        return 0;
    }

    private static ulong DestroyBits(RunContext run, ulong iterator, ulong r2, ulong r3, ulong r4, ulong r5) => Destroy(run, iterator, BitsSize);

    private static ulong NewTasks(RunContext run, ulong iterator, ulong task, ulong flags, ulong r4, ulong r5)
    {
        const uint AllProcesses = 0, AllThreads = 1, ThreadsOfProcess = 2;
        new Span<byte>(run.Write(iterator, TaskSize), (int)TaskSize).Clear();
        Queue<StandInObject> tasks = [];
        int error = (uint)flags is AllProcesses or AllThreads ? 0 : (uint)flags == ThreadsOfProcess && task != 0 ? 0 : Errno.EINVAL;
        if (error == 0)
        {
            var walk = new TaskIterator(run.Kernel, default);
            foreach (StandInObject found in (uint)flags == ThreadsOfProcess ? [Held(run, task)] : walk.All())
                tasks.Enqueue(found);
        }

        run.Hold(new HeldResource(HeldKind.Iterator, iterator, "an iterator over tasks", tasks, null));
        return error == 0 ? 0 : Error(error);
    }

    // Tasks stay as long as the run: what the program reads of one lies in its memory.
    private static ulong NextTask(RunContext run, ulong iterator, ulong r2, ulong r3, ulong r4, ulong r5) =>
        Find<Queue<StandInObject>>(run, iterator).TryDequeue(out StandInObject? task) ? task.Address(run) : 0;

    private static ulong DestroyTasks(RunContext run, ulong iterator, ulong r2, ulong r3, ulong r4, ulong r5) => Destroy(run, iterator, TaskSize);

    private static ulong Destroy(RunContext run, ulong iterator, uint size)
    {
        if (!run.TryRelease(HeldKind.Iterator, iterator, out _))
            RunContext.Fault(BpfFaultKind.UnbalancedReference, "The iterator was never made, or is destroyed already.");
        new Span<byte>(run.Write(iterator, size), (int)size).Clear();
        return 0;
    }

    private static T Find<T>(RunContext run, ulong iterator)
        where T : class
    {
        if (run.TryFindHeld(HeldKind.Iterator, iterator, out HeldResource held) && held.Object is T found)
            return found;
        RunContext.Fault(BpfFaultKind.UnbalancedReference, "The iterator was never made, is destroyed already, or is of another kind.");
        return null!;
    }

    private static StandInObject Held(RunContext run, ulong task)
    {
        if (run.OwnerOf(task) is StandInObject item)
            return item;
        RunContext.FaultArgument($"A task was expected but 0x{task:x} is none.");
        return null!;
    }
}
