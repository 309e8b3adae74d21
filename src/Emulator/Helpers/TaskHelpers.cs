using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers that reach into the process in whose place the program runs.</summary>
internal static unsafe class TaskHelpers
{
    private const int RegistersSize = 168; // struct pt_regs of x86-64

    public static void Declare(HelperTable table)
    {
        table.Add(BpfHelperId.ProbeWriteUser, "4.8", ProgramTypeSet.Tracing, ReturnKind.Integer, [Anything, Memory, Size], &WriteUser, gplOnly: true);
        table.Add(BpfHelperId.OverrideReturn, "4.16", Kprobe, ReturnKind.Integer, [Context, Anything], &Override, gplOnly: true);
        table.Add(BpfHelperId.TaskPtRegs, "5.15", ProgramTypeSet.All, ReturnKind.Object, [ArgumentKind.Object], &Registers, gplOnly: true);
        table.Add(BpfHelperId.FindVma, "5.17", ProgramTypeSet.All, ReturnKind.Integer, [ArgumentKind.Object, Anything, Function, StackOrNull, Anything], &FindMapping, callsBack: true);
    }

    private static ulong WriteUser(RunContext run, ulong address, ulong source, ulong size, ulong r4, ulong r5)
    {
        ReadOnlySpan<byte> bytes = run.ReadSpan(source, size);
        return run.Task.TryWriteUser(address, bytes) ? 0 : Error(Errno.EFAULT);
    }

    private static ulong Override(RunContext run, ulong context, ulong value, ulong r3, ulong r4, ulong r5)
    {
        run.OverriddenReturn = value;
        return 0;
    }

    private static ulong Registers(RunContext run, ulong task, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        if (run.OwnerOf(task) is not StandInObject)
            RunContext.FaultArgument($"A task was expected but 0x{task:x} is none.");
        return run.Kernel.TaskRegisters(run.Task, RegistersSize).Address(run);
    }

    // The blocks of the process's memory are its mappings.
    private static ulong FindMapping(RunContext run, ulong task, ulong address, ulong callback, ulong context, ulong flags)
    {
        if (flags != 0)
            return Error(Errno.EINVAL);
        if (run.OwnerOf(task) is not StandInObject)
            RunContext.FaultArgument($"A task was expected but 0x{task:x} is none.");
        int function = run.FunctionIndex(callback);
        foreach ((ulong start, byte[] bytes) in run.Task.UserMemory)
        {
            if (address < start || address - start >= (ulong)bytes.Length)
                continue;
            StandInObject mapping = StandInObject.OfMapping(run.Kernel, start, start + (ulong)bytes.Length);
            try
            {
                run.Keep(context);
                run.CallFunction(function, task, mapping.Address(run), context, 0, 0);
                run.Unkeep();
                return 0;
            }
            finally
            {
                run.Memory.CloseOwned(mapping, RegionEnd.Released);
                mapping.Release();
            }
        }

        return Error(Errno.ENOENT);
    }
}
