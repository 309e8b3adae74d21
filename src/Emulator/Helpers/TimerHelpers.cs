using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;

namespace LibbpfSharp.Emulator;

/// <summary>bpf_timer. A value keeps the number of its timer; the kernel's table keeps the rest.</summary>
internal static unsafe class TimerHelpers
{
    public static void Declare(HelperTable table)
    {
        table.Add(BpfHelperId.TimerInit, "5.15", ProgramTypeSet.All, ReturnKind.Integer, [ArgumentKind.Object, Map, Anything], &Init, gplOnly: true);
        table.Add(BpfHelperId.TimerSetCallback, "5.15", ProgramTypeSet.All, ReturnKind.Integer, [ArgumentKind.Object, Function], &SetCallback, gplOnly: true);
        table.Add(BpfHelperId.TimerStart, "5.15", ProgramTypeSet.All, ReturnKind.Integer, [ArgumentKind.Object, Anything, Anything], &Start, gplOnly: true);
        table.Add(BpfHelperId.TimerCancel, "5.15", ProgramTypeSet.All, ReturnKind.Integer, [ArgumentKind.Object], &Cancel, gplOnly: true);
    }

    private static ulong Init(RunContext run, ulong timer, ulong map, ulong flags, ulong r4, ulong r5)
    {
        const ulong Realtime = 0, Monotonic = 1, Boottime = 7;
        return Init(run, run.FieldAt(timer, MapFieldKind.Timer), map, flags is Realtime or Monotonic or Boottime);
    }

    /// <summary>Makes the timer of a field, or the work of one.</summary>
    public static ulong Init(RunContext run, in OwnedField field, ulong map, bool isValid)
    {
        if (!ReferenceEquals(run.MapOf(map), field.Owner))
            RunContext.FaultArgument($"The {MapFields.NameOf(field.Field.Kind)} is in a value of another map than the one given.");
        if (!isValid)
            return Error(Errno.EINVAL);
        ulong* number = (ulong*)field.Native;
        if (*number != 0)
            return Error(Errno.EBUSY);
        *number = run.Kernel.Timers.Add((EmulatedMap)field.Owner, field.Native - field.Field.Offset);
        return 0;
    }

    private static ulong SetCallback(RunContext run, ulong timer, ulong callback, ulong r3, ulong r4, ulong r5)
    {
        ulong number = *(ulong*)run.FieldAt(timer, MapFieldKind.Timer).Native;
        return (ulong)(long)run.Kernel.Timers.SetCallback(number, run.Program, run.FunctionIndex(callback));
    }

    private static ulong Start(RunContext run, ulong timer, ulong nanoseconds, ulong flags, ulong r4, ulong r5)
    {
        const ulong Absolute = 1, PinCpu = 2;
        ulong number = *(ulong*)run.FieldAt(timer, MapFieldKind.Timer).Native;
        if ((flags & ~(Absolute | PinCpu)) != 0)
            return Error(Errno.EINVAL);
        ulong due = (flags & Absolute) != 0 ? nanoseconds : run.Kernel.Clock.Now + nanoseconds;
        return (ulong)(long)run.Kernel.Timers.Start(number, due, run.Cpu);
    }

    private static ulong Cancel(RunContext run, ulong timer, ulong r2, ulong r3, ulong r4, ulong r5) =>
        (ulong)(long)run.Kernel.Timers.Cancel(*(ulong*)run.FieldAt(timer, MapFieldKind.Timer).Native);
}
