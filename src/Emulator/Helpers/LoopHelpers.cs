using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers that call a function of the program many times.</summary>
internal static class LoopHelpers
{
    private const ulong MaximumIterations = 8 * 1024 * 1024;

    public static unsafe void Declare(HelperTable table) => table.Add(
        BpfHelperId.Loop, "5.17", ProgramTypeSet.All, ReturnKind.Integer,
        [ArgumentKind.Anything, ArgumentKind.Function, ArgumentKind.StackOrNull, ArgumentKind.Anything], &Loop, callsBack: true);

    private static ulong Loop(RunContext run, ulong iterations, ulong callback, ulong context, ulong flags, ulong r5)
    {
        if (flags != 0)
            return RunContext.Error(Errno.EINVAL);
        uint count = (uint)iterations;

        // 32 bits wide: Linux puts the loop in the place of the call, and its error with it.
        if (count > MaximumIterations)
            return unchecked((uint)-Errno.E2BIG);
        int function = run.FunctionIndex(callback);
        run.Keep(context);
        uint i = 0;
        while (i < count)
        {
            ulong stop = run.CallFunction(function, i, context, 0, 0, 0);
            i++;
            if (stop != 0)
                break;
        }

        run.Unkeep();
        return i;
    }
}
