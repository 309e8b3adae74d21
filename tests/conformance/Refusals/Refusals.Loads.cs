using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.BpfAttachType;

namespace LibbpfSharp.Tests.Conformance.Refusals;

/// <content>Attributes of BPF_PROG_LOAD that do not go together.</content>
internal static partial class Refusals
{
    private static IEnumerable<Refusal> Loads()
    {
        yield return Load("type 0", 0);
        yield return Load("type 33", (BpfProgramType)33);
        yield return Load("type 100", (BpfProgramType)100);
        yield return Load("unknown flag", BpfProgramType.SocketFilter) with { Flags = 1 << 20 };
        yield return Load("sleepable socket filter", BpfProgramType.SocketFilter) with { Flags = Sleepable };
        yield return Load("sleepable XDP", BpfProgramType.Xdp) with { Flags = Sleepable };
        yield return Load("sleepable raw tracepoint", BpfProgramType.RawTracepoint) with { Flags = Sleepable };
        yield return Load("sleepable iterator over maps", BpfProgramType.SchedCls) with { Flags = Sleepable };
        yield return Load("system call program not sleepable", BpfProgramType.Syscall);
        yield return Load("system call program with an attach type", BpfProgramType.Syscall) with { Flags = Sleepable, Attach = TraceIter };
        yield return Load("cgroup_sock by connect4", BpfProgramType.CgroupSock) with { Attach = CgroupInet4Connect };
        yield return Load("cgroup_sock_addr without attach type", BpfProgramType.CgroupSockAddr);
        yield return Load("cgroup_sock_addr by post_bind4", BpfProgramType.CgroupSockAddr) with { Attach = CgroupInet4PostBind };
        yield return Load("cgroup_skb by sock_create", BpfProgramType.CgroupSkb) with { Attach = CgroupInetSockCreate };
        yield return Load("cgroup_sockopt without attach type", BpfProgramType.CgroupSockopt);
        yield return Load("sk_lookup without attach type", BpfProgramType.SkLookup);
        yield return Load("sk_reuseport by connect4", BpfProgramType.SkReusePort) with { Attach = CgroupInet4Connect };
        yield return Load("netfilter without attach type", BpfProgramType.Netfilter);
        yield return Load("raw tracepoint of BTF without target", BpfProgramType.Tracing) with { Attach = TraceRawTp };
        yield return Load("iterator without target", BpfProgramType.Tracing) with { Attach = TraceIter };
        yield return Load("struct_ops without target", BpfProgramType.StructOps);
        yield return Load("XDP with a target", BpfProgramType.Xdp) with { Target = "bpf_iter_task" };
        yield return Load("raw tracepoint program on a function", BpfProgramType.Tracing) with { Attach = TraceRawTp, Target = "bpf_iter_task" };
        yield return Load("iterator on a function that is none", BpfProgramType.Tracing) with { Attach = TraceIter, Target = "vfs_read" };
        yield return Load("tracing of another attach type", BpfProgramType.Tracing) with { Attach = CgroupDevice, Target = "bpf_iter_task" };
        yield return Load("no instruction", BpfProgramType.SocketFilter, []);
    }

    private static Refusal Load(string name, BpfProgramType type, BpfInstruction[]? code = null) => new(name, _ => code ?? [s_zero, s_exit], type);
}
