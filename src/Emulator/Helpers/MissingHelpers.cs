using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers of Linux that the emulator lacks: they touch hardware, real connections or other machines' state.</summary>
internal static class MissingHelpers
{
    public static void Declare(HelperTable table)
    {
        ProgramTypeSet all = ProgramTypeSet.All;
        table.AddMissing(BpfHelperId.PerfEventRead, "4.3", all, gplOnly: true);
        table.AddMissing(BpfHelperId.SkbGetTunnelOpt, "4.6", TcAndXmit);
        table.AddMissing(BpfHelperId.SkbSetTunnelOpt, "4.6", TcAndXmit);
        table.AddMissing(BpfHelperId.ProbeWriteUser, "4.8", ProgramTypeSet.Tracing, gplOnly: true);
        table.AddMissing(BpfHelperId.PerfEventReadValue, "4.15", all, gplOnly: true);
        table.AddMissing(BpfHelperId.PerfProgReadValue, "4.15", PerfEvent, gplOnly: true);
        table.AddMissing(BpfHelperId.OverrideReturn, "4.16", Kprobe, gplOnly: true);
        table.AddMissing(BpfHelperId.SkbGetXfrmState, "4.18", TrafficControl);
        table.AddMissing(BpfHelperId.LwtPushEncap, "4.18", ProgramTypeSet.Of(BpfProgramType.LwtIn, BpfProgramType.LwtXmit));
        table.AddMissing(BpfHelperId.LwtSeg6StoreBytes, "4.18", LwtSeg6Local);
        table.AddMissing(BpfHelperId.LwtSeg6AdjustSrh, "4.18", LwtSeg6Local);
        table.AddMissing(BpfHelperId.LwtSeg6Action, "4.18", LwtSeg6Local);
        table.AddMissing(BpfHelperId.RcRepeat, "4.18", LircMode2);
        table.AddMissing(BpfHelperId.RcKeydown, "4.18", LircMode2);
        table.AddMissing(BpfHelperId.RcPointerRel, "5.0", LircMode2);
        table.AddMissing(BpfHelperId.TcpCheckSyncookie, "5.2", TcAndXdp, gplOnly: true);
        table.AddMissing(BpfHelperId.TcpGenSyncookie, "5.3", TcAndXdp, gplOnly: true);
        table.AddMissing(BpfHelperId.TcpSendAck, "5.5", StructOps);
        table.AddMissing(BpfHelperId.ReadBranchRecords, "5.6", PerfEvent, gplOnly: true);
        table.AddMissing(BpfHelperId.LoadHdrOpt, "5.10", SockOps);
        table.AddMissing(BpfHelperId.StoreHdrOpt, "5.10", SockOps);
        table.AddMissing(BpfHelperId.ReserveHdrOpt, "5.10", SockOps);
        table.AddMissing(BpfHelperId.DPath, "5.10", Btf);
        table.AddMissing(BpfHelperId.SnprintfBtf, "5.10", all);
        table.AddMissing(BpfHelperId.SeqPrintfBtf, "5.10", ProgramTypeSet.Of(BpfProgramType.Tracing), gplOnly: true, permit: HelperPermits.Iterator);
        table.AddMissing(BpfHelperId.BprmOptsSet, "5.11", Lsm);
        table.AddMissing(BpfHelperId.ImaInodeHash, "5.11", Lsm);
        table.AddMissing(BpfHelperId.SockFromFile, "5.11", Btf);
        table.AddMissing(BpfHelperId.TaskPtRegs, "5.15", all, gplOnly: true);
        table.AddMissing(BpfHelperId.GetBranchSnapshot, "5.16", all, gplOnly: true);
        table.AddMissing(BpfHelperId.FindVma, "5.17", all);
        table.AddMissing(BpfHelperId.ImaFileHash, "5.18", Lsm);
        table.AddMissing(BpfHelperId.TcpRawGenSyncookieIpv4, "6.0", TcAndXdp, gplOnly: true);
        table.AddMissing(BpfHelperId.TcpRawGenSyncookieIpv6, "6.0", TcAndXdp, gplOnly: true);
        table.AddMissing(BpfHelperId.TcpRawCheckSyncookieIpv4, "6.0", TcAndXdp, gplOnly: true);
        table.AddMissing(BpfHelperId.TcpRawCheckSyncookieIpv6, "6.0", TcAndXdp, gplOnly: true);
    }
}
