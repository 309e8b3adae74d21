using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers of Linux that the emulator lacks: they touch hardware, real connections or other machines' state.</summary>
internal static class MissingHelpers
{
    public static void Declare(HelperTable table)
    {
        ProgramTypeSet all = ProgramTypeSet.All;
        table.AddMissing(BpfHelperId.LwtPushEncap, "4.18", ProgramTypeSet.Of(BpfProgramType.LwtIn, BpfProgramType.LwtXmit));
        table.AddMissing(BpfHelperId.LwtSeg6StoreBytes, "4.18", LwtSeg6Local);
        table.AddMissing(BpfHelperId.LwtSeg6AdjustSrh, "4.18", LwtSeg6Local);
        table.AddMissing(BpfHelperId.LwtSeg6Action, "4.18", LwtSeg6Local);
        table.AddMissing(BpfHelperId.TcpSendAck, "5.5", StructOps);
        table.AddMissing(BpfHelperId.LoadHdrOpt, "5.10", SockOps);
        table.AddMissing(BpfHelperId.StoreHdrOpt, "5.10", SockOps);
        table.AddMissing(BpfHelperId.ReserveHdrOpt, "5.10", SockOps);
        table.AddMissing(BpfHelperId.SnprintfBtf, "5.10", all);
        table.AddMissing(BpfHelperId.SeqPrintfBtf, "5.10", ProgramTypeSet.Of(BpfProgramType.Tracing), gplOnly: true, permit: HelperPermits.Iterator);
    }
}
