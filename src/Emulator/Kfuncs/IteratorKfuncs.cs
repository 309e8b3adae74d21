using static LibbpfSharp.Emulator.HelperArguments;

namespace LibbpfSharp.Emulator;

/// <summary>bpf_iter_num: struct bpf_iter_num holds the present number and the end, 4 bytes each.</summary>
internal static unsafe class IteratorKfuncs
{
    private const uint NumberIteratorSize = 8;
    private const long MaximumLoops = 8 * 1024 * 1024;

    public static void Declare(KfuncTable table)
    {
        table.Add("bpf_iter_num_new", "6.4", ProgramTypeSet.All, &New, KfuncFlags.IteratorNew);
        table.Add("bpf_iter_num_next", "6.4", ProgramTypeSet.All, &Next, KfuncFlags.IteratorNext | KfuncFlags.ReturnsNull);
        table.Add("bpf_iter_num_destroy", "6.4", ProgramTypeSet.All, &Destroy, KfuncFlags.IteratorDestroy);
    }

    // Also an iterator that could not be made must be destroyed.
    private static ulong New(RunContext run, ulong iterator, ulong start, ulong end, ulong r4, ulong r5)
    {
        int* state = (int*)run.Write(iterator, NumberIteratorSize);
        run.Hold(new HeldResource(HeldKind.Iterator, iterator, "an iterator over numbers", null, null));
        (int first, int last) = ((int)start, (int)end);
        state[0] = state[1] = 0;
        if (first > last)
            return Error(Errno.EINVAL);
        if ((long)last - first > MaximumLoops)
            return Error(Errno.E2BIG);
        state[0] = unchecked(first - 1);
        state[1] = last;
        return 0;
    }

    private static ulong Next(RunContext run, ulong iterator, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        int* state = (int*)run.Write(iterator, NumberIteratorSize);
        if ((long)state[0] + 1 >= state[1])
        {
            state[0] = state[1] = 0;
            return 0;
        }

        state[0]++;
        return iterator;
    }

    private static ulong Destroy(RunContext run, ulong iterator, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        if (!run.TryRelease(HeldKind.Iterator, iterator, out _))
            RunContext.Fault(BpfFaultKind.UnbalancedReference, "The iterator was never made, or is destroyed already.");
        int* state = (int*)run.Write(iterator, NumberIteratorSize);
        state[0] = state[1] = 0;
        return 0;
    }
}
