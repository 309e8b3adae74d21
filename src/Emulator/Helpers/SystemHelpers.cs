using System.Text;
using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers that tell of time, chance, CPU and process.</summary>
internal static unsafe class SystemHelpers
{
    private const ulong NanosecondsPerTick = 1_000_000_000 / 250; // HZ=250
    private const ulong InitialJiffies = 4294892296; // INITIAL_JIFFIES: (unsigned int)(-300 * HZ), so that it wraps after five minutes
    private const ulong TaiOffset = 37_000_000_000;

    public static void Declare(HelperTable table)
    {
        ProgramTypeSet all = ProgramTypeSet.All;
        ProgramTypeSet coarse = SocketFilter | TrafficControl | Xdp | CgroupSkb | CgroupSock | Lwt | SockOps | SkSkb | SkMsg | SockAddr
            | FlowDissector | Sysctl | ReusePort | ProgramTypeSets.SkLookup | StructOps;
        table.Add(BpfHelperId.KtimeGetNs, "4.1", all, ReturnKind.Integer, [], &KtimeGetNs);
        table.Add(BpfHelperId.KtimeGetBootNs, "5.7", all, ReturnKind.Integer, [], &KtimeGetNs);
        table.Add(BpfHelperId.KtimeGetCoarseNs, "5.11", coarse, ReturnKind.Integer, [], &KtimeGetCoarseNs);
        table.Add(BpfHelperId.KtimeGetTaiNs, "6.1", all, ReturnKind.Integer, [], &KtimeGetTaiNs);
        table.Add(BpfHelperId.Jiffies64, "5.5", all, ReturnKind.Integer, [], &Jiffies);
        table.Add(BpfHelperId.GetPrandomU32, "4.1", all, ReturnKind.Integer, [], &GetPrandomU32);
        table.Add(BpfHelperId.GetSmpProcessorId, "4.1", all, ReturnKind.Integer, [], &GetSmpProcessorId);
        table.Add(BpfHelperId.GetNumaNodeId, "4.10", all, ReturnKind.Integer, [], &GetNumaNodeId);
        table.Add(BpfHelperId.GetCurrentPidTgid, "4.2", all, ReturnKind.Integer, [], &GetCurrentPidTgid);
        table.Add(BpfHelperId.GetCurrentUidGid, "4.2", all, ReturnKind.Integer, [], &GetCurrentUidGid);
        table.Add(BpfHelperId.GetCurrentComm, "4.2", all, ReturnKind.Integer, [WritableMemory, Size], &GetCurrentComm);
        table.Add(BpfHelperId.GetNsCurrentPidTgid, "5.7", all, ReturnKind.Integer, [Anything, Anything, WritableMemory, Size], &GetNamespacePidTgid);
        table.Add(BpfHelperId.GetCurrentTask, "4.8", all, ReturnKind.Integer, [], &GetCurrentTask, gplOnly: true);
        table.Add(BpfHelperId.GetCurrentTaskBtf, "5.11", all, ReturnKind.Object, [], &GetCurrentTask, gplOnly: true);
        table.Add(BpfHelperId.SendSignal, "5.3", all, ReturnKind.Integer, [Anything], &SendSignal);
        table.Add(BpfHelperId.SendSignalThread, "5.5", all, ReturnKind.Integer, [Anything], &SendSignalThread);
    }

    private static ulong KtimeGetNs(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) => run.Kernel.Clock.Read();

    // As of the last tick.
    private static ulong KtimeGetCoarseNs(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        ulong now = run.Kernel.Clock.Read();
        return now - (now % NanosecondsPerTick);
    }

    private static ulong KtimeGetTaiNs(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        ulong boot = (ulong)(run.Kernel.Clock.BootTime - DateTimeOffset.UnixEpoch).Ticks * 100;
        return boot + run.Kernel.Clock.Read() + TaiOffset;
    }

    private static ulong Jiffies(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) =>
        InitialJiffies + (run.Kernel.Clock.Read() / NanosecondsPerTick);

    private static ulong GetPrandomU32(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) => run.Kernel.Random.NextUInt32();

    private static ulong GetSmpProcessorId(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) => (ulong)run.Kernel.Facts.PossibleCpus[run.Cpu];

    private static ulong GetNumaNodeId(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) => 0;

    private static ulong GetCurrentPidTgid(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) =>
        ((ulong)(uint)run.Task.Tgid << 32) | (uint)run.Task.Pid;

    private static ulong GetCurrentUidGid(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) =>
        ((ulong)run.Task.Gid << 32) | run.Task.Uid;

    // strscpy_pad: the name, cut to fit, and zeros.
    private static ulong GetCurrentComm(RunContext run, ulong buffer, ulong size, ulong r3, ulong r4, ulong r5)
    {
        Span<byte> target = run.WriteSpan(buffer, size);
        if (target.IsEmpty)
            return Error(Errno.EINVAL);
        target.Clear();
        Span<byte> name = stackalloc byte[16];
        int written = Encoding.UTF8.GetBytes(run.Task.Comm, name);
        name[..Math.Min(written, target.Length - 1)].CopyTo(target);
        return 0;
    }

    private static ulong GetNamespacePidTgid(RunContext run, ulong device, ulong inode, ulong info, ulong size, ulong r5)
    {
        const int InfoSize = 8;
        Span<byte> target = run.WriteSpan(info, size);
        target.Clear();
        if (target.Length != InfoSize || run.Task.PidNamespace != (device, inode))
            return Error(Errno.EINVAL);
        BitConverter.TryWriteBytes(target, run.Task.Pid);
        BitConverter.TryWriteBytes(target[4..], run.Task.Tgid);
        return 0;
    }

    private static ulong GetCurrentTask(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) => run.Kernel.CurrentTaskObject.Address(run);

    private static ulong SendSignal(RunContext run, ulong signal, ulong r2, ulong r3, ulong r4, ulong r5) => Send(run, (uint)signal, run.Task.Tgid, isThread: false);

    private static ulong SendSignalThread(RunContext run, ulong signal, ulong r2, ulong r3, ulong r4, ulong r5) => Send(run, (uint)signal, run.Task.Pid, isThread: true);

    private static ulong Send(RunContext run, uint signal, int receiver, bool isThread)
    {
        const uint Last = 64;
        if (signal > Last)
            return Error(Errno.EINVAL);

        // The first process of the machine takes none.
        if (run.Task.Tgid == 1)
            return Error(Errno.EPERM);
        run.Kernel.ReportSignal((int)signal, receiver, isThread);
        return 0;
    }
}
