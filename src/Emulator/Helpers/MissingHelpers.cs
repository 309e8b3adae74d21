using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers of Linux that the emulator lacks: segment routing, and acknowledgements of a real connection.</summary>
internal static class MissingHelpers
{
    public static void Declare(HelperTable table)
    {
        table.AddMissing(BpfHelperId.LwtSeg6StoreBytes, "4.18", LwtSeg6Local);
        table.AddMissing(BpfHelperId.LwtSeg6AdjustSrh, "4.18", LwtSeg6Local);
        table.AddMissing(BpfHelperId.LwtSeg6Action, "4.18", LwtSeg6Local);
        table.AddMissing(BpfHelperId.TcpSendAck, "5.5", StructOps);
    }
}
