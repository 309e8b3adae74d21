using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.Tests.Conformance.Refusals;

/// <content>Helpers, kfuncs, maps: what is not there, or not for this program.</content>
internal static partial class Refusals
{
    private const uint Sleepable = 1 << 4;

    private static IEnumerable<Refusal> Calls()
    {
        foreach (int id in (int[])[0, -1, 212, 999, int.MaxValue])
            yield return One($"helper {id}", Raw(0x85, 0, 0, 0, id));

        (BpfProgramType Type, BpfHelperId Helper)[] absent =
        [
            (BpfProgramType.Kprobe, BpfHelperId.Redirect), (BpfProgramType.Xdp, BpfHelperId.SkbStoreBytes), (BpfProgramType.SocketFilter, BpfHelperId.SkbStoreBytes),
            (BpfProgramType.SchedCls, BpfHelperId.XdpAdjustHead), (BpfProgramType.Tracepoint, BpfHelperId.GetFuncIp), (BpfProgramType.SchedCls, BpfHelperId.GetAttachCookie),
            (BpfProgramType.Xdp, BpfHelperId.SysBpf), (BpfProgramType.SchedCls, BpfHelperId.SeqPrintf), (BpfProgramType.Kprobe, BpfHelperId.CopyFromUser),
            (BpfProgramType.CgroupSkb, BpfHelperId.SkbChangeTail), (BpfProgramType.LwtIn, BpfHelperId.SkbStoreBytes), (BpfProgramType.Kprobe, BpfHelperId.DPath),
            (BpfProgramType.Xdp, BpfHelperId.SkAssign), (BpfProgramType.SchedCls, BpfHelperId.InodeStorageGet), (BpfProgramType.Kprobe, BpfHelperId.XdpOutput),
        ];
        foreach ((BpfProgramType type, BpfHelperId helper) in absent)
            yield return One($"{helper} in {type}", Raw(0x85, 0, 0, 0, (int)helper), type);

        foreach (BpfHelperId helper in (BpfHelperId[])[BpfHelperId.TracePrintk, BpfHelperId.ProbeReadKernel, BpfHelperId.GetStackid, BpfHelperId.PerfEventOutput])
            yield return One($"{helper} without GPL", Raw(0x85, 0, 0, 0, (int)helper), BpfProgramType.Tracepoint) with { License = "Proprietary" };
        foreach (string license in (string[])["", "gpl", "MIT", "GPL v3", "Dual BSD"])
            yield return One($"license '{license}'", Raw(0x85, 0, 0, 0, (int)BpfHelperId.TracePrintk), BpfProgramType.Tracepoint) with { License = license };

        yield return One("kfunc 0", Raw(0x85, 0, 2));
        yield return One("kfunc that is no function", Raw(0x85, 0, 2, 0, 1));
        yield return One("kfunc beyond the BTF", Raw(0x85, 0, 2, 0, 10_000_000));
        yield return One("kfunc of a module without fd_array", Raw(0x85, 0, 2, 1, 1));
        yield return One("kfunc with a negative offset", Raw(0x85, 0, 2, -1, 1));
        yield return Kfunc("kfunc without GPL", "bpf_iter_num_new", BpfProgramType.SchedCls) with { License = "Proprietary" };
        yield return Kfunc("a function that is no kfunc", "vfs_read", BpfProgramType.SchedCls);
        yield return Kfunc("bpf_dynptr_from_skb in XDP", "bpf_dynptr_from_skb", BpfProgramType.Xdp);
        yield return Kfunc("bpf_dynptr_from_xdp in tc", "bpf_dynptr_from_xdp", BpfProgramType.SchedCls);
        yield return Kfunc("bpf_sock_addr_set_sun_path in tc", "bpf_sock_addr_set_sun_path", BpfProgramType.SchedCls);
        yield return Kfunc("bpf_task_from_pid in a socket filter", "bpf_task_from_pid", BpfProgramType.SocketFilter);

        yield return Raw("descriptor of nothing", Raw(0x18, 1, 1, 0, 777777), Raw(0), s_zero, s_exit);
        yield return Raw("negative descriptor", Raw(0x18, 1, 1, 0, -1), Raw(0), s_zero, s_exit);
        yield return Assembled("descriptor of a program", (code, machine) => code.LoadMapFd(R1, machine.Program).Mov(R0, 0).Exit());
        yield return new Refusal("map with an upper half", machine => [Raw(0x18, 1, 1, 0, machine.Array), Raw(0, 0, 0, 0, 1), s_zero, s_exit]);
        yield return Assembled("value beyond an array's", (code, machine) => code.LoadMapValue(R1, machine.Array, 8).Mov(R0, 0).Exit());
        yield return Assembled("value far beyond an array's", (code, machine) => code.LoadMapValue(R1, machine.Array, 1 << 29).Mov(R0, 0).Exit());
        yield return Assembled("value of an array of two", (code, machine) => code.LoadMapValue(R1, machine.TwoElements, 16).Mov(R0, 0).Exit());
        yield return Assembled("value of a hash map", (code, machine) => code.LoadMapValue(R1, machine.Hash, 0).Mov(R0, 0).Exit());
        yield return Raw("map by index without fd_array", Raw(0x18, 1, 5), Raw(0), s_zero, s_exit);
        yield return Raw("kernel variable 0", Raw(0x18, 1, 3), Raw(0), s_zero, s_exit);
        yield return Raw("kernel variable beyond the BTF", Raw(0x18, 1, 3, 0, 10_000_000), Raw(0), s_zero, s_exit);
        yield return Raw("kernel variable that is a type", Raw(0x18, 1, 3, 0, 1), Raw(0), s_zero, s_exit);
        yield return Assembled("update of a map that programs may only read", (code, machine) => code.Store(BpfSize.DoubleWord, R10, -8, 0).LoadMapFd(R1, machine.ReadOnlyArray)
            .Mov(R2, R10).Add(R2, -8).Mov(R3, R2).Mov(R4, 0).Call(BpfHelperId.MapUpdateElem).Mov(R0, 0).Exit());
        yield return Assembled("for_each over a queue", (code, machine) => code.LoadMapFd(R1, machine.Queue).LoadFunction(R2, "f").Mov(R3, 0).Mov(R4, 0)
            .Call(BpfHelperId.ForEachMapElem).Mov(R0, 0).Exit().Label("f").Mov(R0, 0).Exit());
    }

    private static Refusal Kfunc(string name, string function, BpfProgramType type) => new(
        name, machine => [Raw(0xb7, 1), Raw(0xb7, 2), Raw(0xb7, 3), Raw(0xb7, 4), Raw(0x85, 0, 2, 0, machine.Type(function, BtfKind.Func)), s_zero, s_exit], type);
}
