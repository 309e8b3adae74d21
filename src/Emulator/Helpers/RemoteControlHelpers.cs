using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>What decoders of remote controls report. Nobody moves a pointer or presses a key here: a test is told.</summary>
internal static unsafe class RemoteControlHelpers
{
    public static void Declare(HelperTable table)
    {
        table.Add(BpfHelperId.RcRepeat, "4.18", LircMode2, ReturnKind.Integer, [Context], &Repeat);
        table.Add(BpfHelperId.RcKeydown, "4.18", LircMode2, ReturnKind.Integer, [Context, Anything, Anything, Anything], &KeyDown);
        table.Add(BpfHelperId.RcPointerRel, "5.0", LircMode2, ReturnKind.Integer, [Context, Anything, Anything], &Move);
    }

    private static ulong Repeat(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5) => Report(run, new EmulatedRemoteKey { IsRepeat = true });

    private static ulong KeyDown(RunContext run, ulong context, ulong protocol, ulong code, ulong toggle, ulong r5) =>
        Report(run, new EmulatedRemoteKey { Protocol = (uint)protocol, ScanCode = code, IsToggled = (uint)toggle != 0 });

    private static ulong Move(RunContext run, ulong context, ulong x, ulong y, ulong r4, ulong r5) => Report(run, new EmulatedRemoteKey { X = (int)x, Y = (int)y });

    private static ulong Report(RunContext run, EmulatedRemoteKey key)
    {
        run.Kernel.ReportRemoteKey(key);
        return 0;
    }
}
