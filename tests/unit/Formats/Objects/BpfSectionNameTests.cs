using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Tests.Unit.Formats.Objects;

public sealed class BpfSectionNameTests
{
    [Theory]
    [InlineData("socket", "SOCKET_FILTER", null, "", BpfAttachKind.Socket, "")]
    [InlineData("kprobe/do_unlinkat", "KPROBE", null, "do_unlinkat", BpfAttachKind.Kprobe, "")]
    [InlineData("kprobe", "KPROBE", null, "", BpfAttachKind.Kprobe, "")]
    [InlineData("kprobe.session/x*", "KPROBE", "TRACE_KPROBE_SESSION", "x*", BpfAttachKind.KprobeMulti, "")]
    [InlineData("uprobe.multi.s//bin/sh:f", "KPROBE", "TRACE_UPROBE_MULTI", "/bin/sh:f", BpfAttachKind.UprobeMulti, "s")]
    [InlineData("usdt/libc:a:b", "KPROBE", null, "libc:a:b", BpfAttachKind.Usdt, "")]
    [InlineData("tp/sched/sched_switch", "TRACEPOINT", null, "sched/sched_switch", BpfAttachKind.Tracepoint, "")]
    [InlineData("raw_tracepoint.w/x", "RAW_TRACEPOINT_WRITABLE", null, "x", BpfAttachKind.RawTracepoint, "")]
    [InlineData("tp_btf/sched_switch", "TRACING", "TRACE_RAW_TP", "sched_switch", BpfAttachKind.Tracing, "b")]
    [InlineData("fexit.s/f", "TRACING", "TRACE_FEXIT", "f", BpfAttachKind.Tracing, "bs")]
    [InlineData("fmod_ret/f", "TRACING", "MODIFY_RETURN", "f", BpfAttachKind.Tracing, "b")]
    [InlineData("fsession/f", "TRACING", "TRACE_FSESSION", "f", BpfAttachKind.Tracing, "b")]
    [InlineData("freplace/f", "EXT", null, "f", BpfAttachKind.Replace, "b")]
    [InlineData("lsm.s/file_open", "LSM", "LSM_MAC", "file_open", BpfAttachKind.Lsm, "bs")]
    [InlineData("lsm_cgroup/socket_bind", "LSM", "LSM_CGROUP", "socket_bind", BpfAttachKind.Cgroup, "b")]
    [InlineData("iter.s/task", "TRACING", "TRACE_ITER", "task", BpfAttachKind.Iterator, "bs")]
    [InlineData("syscall", "SYSCALL", null, "", BpfAttachKind.None, "s")]
    [InlineData("xdp", "XDP", "XDP", "", BpfAttachKind.Xdp, "o")]
    [InlineData("xdp.frags", "XDP", "XDP", "", BpfAttachKind.Xdp, "f")]
    [InlineData("xdp.frags/cpumap", "XDP", "XDP_CPUMAP", "", BpfAttachKind.MapEntry, "f")]
    [InlineData("tc", "SCHED_CLS", null, "", BpfAttachKind.TrafficControl, "")]
    [InlineData("tc/ingress", "SCHED_CLS", "TCX_INGRESS", "", BpfAttachKind.Tcx, "")]
    [InlineData("tcx/egress", "SCHED_CLS", "TCX_EGRESS", "", BpfAttachKind.Tcx, "")]
    [InlineData("action", "SCHED_ACT", null, "", BpfAttachKind.TrafficControl, "")]
    [InlineData("netkit/primary", "SCHED_CLS", "NETKIT_PRIMARY", "", BpfAttachKind.Netkit, "")]
    [InlineData("cgroup/skb", "CGROUP_SKB", null, "", BpfAttachKind.Cgroup, "")]
    [InlineData("cgroup_skb/ingress", "CGROUP_SKB", "CGROUP_INET_INGRESS", "", BpfAttachKind.Cgroup, "o")]
    [InlineData("cgroup/recvmsg_unix", "CGROUP_SOCK_ADDR", "CGROUP_UNIX_RECVMSG", "", BpfAttachKind.Cgroup, "")]
    [InlineData("cgroup/dev", "CGROUP_DEVICE", "CGROUP_DEVICE", "", BpfAttachKind.Cgroup, "o")]
    [InlineData("sk_skb/verdict", "SK_SKB", "SK_SKB_VERDICT", "", BpfAttachKind.SockMap, "o")]
    [InlineData("sk_reuseport/migrate", "SK_REUSEPORT", "SK_REUSEPORT_SELECT_OR_MIGRATE", "", BpfAttachKind.Socket, "")]
    [InlineData("struct_ops.s/init", "STRUCT_OPS", null, "init", BpfAttachKind.StructOps, "s")]
    [InlineData("netfilter", "NETFILTER", "NETFILTER", "", BpfAttachKind.Netfilter, "")]
    public void Known_name_says_type_and_target(string name, string programType, string? attachType, string target, BpfAttachKind kind, string flags)
    {
        BpfSectionName section = BpfSectionName.Parse(name);

        Assert.True(section.IsKnown);
        Assert.Null(section.Advice);
        Assert.True(section.AutoLoad);
        Assert.Equal(programType, BpfTypeNames.GetProgramType(section.ProgramType));
        Assert.Equal(attachType, section.ExpectedAttachType is { } type ? BpfTypeNames.GetAttachType(type) : null);
        Assert.Equal((target, kind), (section.Target, section.AttachKind));
        Assert.Equal(
            flags,
            (section.NeedsAttachBtfId ? "b" : "") + (section.HasXdpFragments ? "f" : "") + (section.IsAttachTypeOptional ? "o" : "") + (section.IsSleepable ? "s" : ""));
        Assert.False(BpfSectionName.Parse("?" + name).AutoLoad);
        Assert.Equal(section.ProgramType, BpfSectionName.Parse("?" + name).ProgramType);
    }

    [Theory]
    [InlineData("xdp/foo", "SEC(\"xdp\")")]
    [InlineData("xdp_prog", "SEC(\"xdp\")")]
    [InlineData("classifier/egress", "SEC(\"classifier\")")]
    [InlineData("kprobe_foo", "SEC(\"kprobe/TARGET\")")]
    [InlineData("uprobe.sx/foo", "SEC(\"uprobe.s/TARGET\")")]
    [InlineData("nonsense", "says no program type")]
    [InlineData("", "says no program type")]
    public void Unknown_name_has_advice(string name, string advice)
    {
        BpfSectionName section = BpfSectionName.Parse(name);

        Assert.False(section.IsKnown);
        Assert.Equal((0u, null, BpfAttachKind.None), (section.ProgramType, section.ExpectedAttachType, section.AttachKind));
        Assert.Contains(advice, section.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_the_kernels()
    {
        Assert.Equal(("UNSPEC", "HASH", "PERCPU_HASH", "RINGBUF", "ARENA", "77"), (BpfTypeNames.GetMapType(0), BpfTypeNames.GetMapType(1), BpfTypeNames.GetMapType(5), BpfTypeNames.GetMapType(27), BpfTypeNames.GetMapType(33), BpfTypeNames.GetMapType(77)));
        Assert.Equal(("XDP", "TRACING", "NETFILTER"), (BpfTypeNames.GetProgramType(6), BpfTypeNames.GetProgramType(26), BpfTypeNames.GetProgramType(32)));
        Assert.Equal(("CGROUP_INET_INGRESS", "TRACE_FENTRY", "TCX_INGRESS"), (BpfTypeNames.GetAttachType(0), BpfTypeNames.GetAttachType(24), BpfTypeNames.GetAttachType(46)));
    }
}
