using System.Text;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers that tell of time, CPU and process.</summary>
internal static unsafe class SystemHelpers
{
    public static void Declare(HelperTable table)
    {
        ProgramTypeSet all = ProgramTypeSet.All;
        table.Add(5, "bpf_ktime_get_ns", "4.1", all, ReturnKind.Integer, [], &KtimeGetNs);
        table.Add(7, "bpf_get_prandom_u32", "4.1", all, ReturnKind.Integer, [], &GetPrandomU32);
        table.Add(8, "bpf_get_smp_processor_id", "4.1", all, ReturnKind.Integer, [], &GetSmpProcessorId);
        table.Add(14, "bpf_get_current_pid_tgid", "4.2", all, ReturnKind.Integer, [], &GetCurrentPidTgid);
        table.Add(15, "bpf_get_current_uid_gid", "4.2", all, ReturnKind.Integer, [], &GetCurrentUidGid);
        table.Add(16, "bpf_get_current_comm", "4.2", all, ReturnKind.Integer, [ArgumentKind.WritableMemory, ArgumentKind.Size], &GetCurrentComm);
        table.Add(80, "bpf_get_current_cgroup_id", "4.18", all, ReturnKind.Integer, [], &GetCurrentCgroupId);
    }

    private static ulong KtimeGetNs(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) => run.Kernel.Clock.Read();

    private static ulong GetPrandomU32(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) => run.Kernel.Random.NextUInt32();

    private static ulong GetSmpProcessorId(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) => (ulong)run.Kernel.Facts.PossibleCpus[run.Cpu];

    private static ulong GetCurrentPidTgid(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) =>
        ((ulong)(uint)run.Task.Tgid << 32) | (uint)run.Task.Pid;

    private static ulong GetCurrentUidGid(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) =>
        ((ulong)run.Task.Gid << 32) | run.Task.Uid;

    // strscpy_pad: the name, cut to fit, and zeros.
    private static ulong GetCurrentComm(RunContext run, ulong buffer, ulong size, ulong r3, ulong r4, ulong r5)
    {
        uint length = (uint)size;
        var target = new Span<byte>(run.Write(buffer, length), (int)length);
        if (target.IsEmpty)
            return RunContext.Error(Errno.EINVAL);
        target.Clear();
        Span<byte> name = stackalloc byte[16];
        int written = Encoding.UTF8.GetBytes(run.Task.Comm, name);
        name[..Math.Min(written, target.Length - 1)].CopyTo(target);
        return 0;
    }

    private static ulong GetCurrentCgroupId(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) => run.Task.CgroupId;
}
