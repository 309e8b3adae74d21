using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.BpfAttachType;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.Tests.Conformance.Refusals;

/// <content>Results outside the range of a type or a callback.</content>
internal static partial class Refusals
{
    private static IEnumerable<Refusal> Results()
    {
        (BpfProgramType Type, BpfAttachType Attach, int Result)[] results =
        [
            (BpfProgramType.CgroupSkb, CgroupInetIngress, 2),
            (BpfProgramType.CgroupSkb, CgroupInetIngress, -1),
            (BpfProgramType.CgroupSkb, CgroupInetEgress, 4),
            (BpfProgramType.CgroupSock, CgroupInetSockCreate, 2),
            (BpfProgramType.CgroupSock, CgroupInet6PostBind, 7),
            (BpfProgramType.CgroupDevice, CgroupDevice, 2),
            (BpfProgramType.CgroupSockAddr, CgroupInet4Bind, 4),
            (BpfProgramType.CgroupSockAddr, CgroupInet4Connect, 2),
            (BpfProgramType.CgroupSockAddr, CgroupUdp4Recvmsg, 0),
            (BpfProgramType.CgroupSockAddr, CgroupInet6Getpeername, 0),
            (BpfProgramType.CgroupSysctl, CgroupSysctl, 2),
            (BpfProgramType.CgroupSockopt, CgroupGetsockopt, 2),
            (BpfProgramType.CgroupSockopt, CgroupSetsockopt, -1),
            (BpfProgramType.SockOps, CgroupSockOps, 2),
            (BpfProgramType.SkLookup, SkLookup, 2),
            (BpfProgramType.Netfilter, Netfilter, 2),
        ];
        foreach ((BpfProgramType type, BpfAttachType attach, int result) in results)
            yield return new Refusal($"{type} {attach} returns {result}", _ => [Raw(0xb7, 0, 0, 0, result), s_exit], type) { Attach = attach };
        yield return new Refusal("iterator returns 2", _ => [Raw(0xb7, 0, 0, 0, 2), s_exit], BpfProgramType.Tracing) { Attach = TraceIter, Target = "bpf_iter_task" };

        yield return Assembled("callback of bpf_loop returns 2", (code, _) => code.Mov(R1, 1).LoadFunction(R2, "f").Mov(R3, 0).Mov(R4, 0).Call(BpfHelperId.Loop).Mov(R0, 0).Exit().Label("f").Mov(R0, 2).Exit());
        yield return Assembled("callback of bpf_loop returns -1", (code, _) => code.Mov(R1, 1).LoadFunction(R2, "f").Mov(R3, 0).Mov(R4, 0).Call(BpfHelperId.Loop).Mov(R0, 0).Exit().Label("f").Mov(R0, -1).Exit());
        yield return Assembled("callback of for_each returns 2", (code, machine) => code.LoadMapFd(R1, machine.Hash).LoadFunction(R2, "f").Mov(R3, 0).Mov(R4, 0)
            .Call(BpfHelperId.ForEachMapElem).Mov(R0, 0).Exit().Label("f").Mov(R0, 2).Exit());
    }
}
