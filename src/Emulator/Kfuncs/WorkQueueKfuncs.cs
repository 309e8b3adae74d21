using static LibbpfSharp.Emulator.HelperArguments;

namespace LibbpfSharp.Emulator;

/// <summary>bpf_wq: a timer that is due at once and whose callback may sleep. It runs with the timers, when the test says so.</summary>
internal static unsafe class WorkQueueKfuncs
{
    public static void Declare(KfuncTable table)
    {
        table.Add("bpf_wq_init", "6.10", ProgramTypeSet.All, &Init);
        table.Add("bpf_wq_set_callback_impl", "6.10", ProgramTypeSet.All, &SetCallback);
        table.Add("bpf_wq_start", "6.10", ProgramTypeSet.All, &Start);
    }

    private static ulong Init(RunContext run, ulong work, ulong map, ulong flags, ulong r4, ulong r5) =>
        TimerHelpers.Init(run, run.FieldAt(work, MapFieldKind.WorkQueue), map, isValid: (uint)flags == 0);

    private static ulong SetCallback(RunContext run, ulong work, ulong callback, ulong flags, ulong aux, ulong r5)
    {
        OwnedField field = run.FieldAt(work, MapFieldKind.WorkQueue);
        return (uint)flags != 0 ? Error(Errno.EINVAL) : (ulong)(long)run.Kernel.Timers.SetCallback(*(ulong*)field.Native, run.Program, run.FunctionIndex(callback));
    }

    private static ulong Start(RunContext run, ulong work, ulong flags, ulong r3, ulong r4, ulong r5)
    {
        OwnedField field = run.FieldAt(work, MapFieldKind.WorkQueue);
        return (uint)flags != 0 ? Error(Errno.EINVAL) : (ulong)(long)run.Kernel.Timers.Start(*(ulong*)field.Native, run.Kernel.Clock.Now, run.Cpu);
    }
}
