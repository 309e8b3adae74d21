using System.Text;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Conformance.Helpers;

/// <summary>What the host allows programs of a type to call: programs of one call say it, by what the verifier answers.</summary>
internal sealed unsafe class LinuxPermits
{
    private const uint Sleepable = 1 << 4;
    private const ulong CallHelper = 0x85, CallKfunc = 0x2085;

    private readonly Kind _kind;
    private readonly uint _targetId;

    public LinuxPermits(BpfProgramType type, BpfAttachType attach, uint flags, string target)
    {
        _kind = new Kind(type, attach, flags, target);
        _targetId = target.Length == 0 ? 0 : FindTarget(target);
    }

    /// <summary>A kind of program.</summary>
    /// <param name="Type">Program type.</param>
    /// <param name="AttachType">Attach type.</param>
    /// <param name="Flags">prog_flags.</param>
    /// <param name="Target">What it attaches to, in the kernel's BTF; empty for nothing.</param>
    public sealed record Kind(BpfProgramType Type, BpfAttachType AttachType, uint Flags, string Target);

    /// <summary>Kinds that every kernel with all the network loads.</summary>
    public static IReadOnlyList<Kind> Loadable { get; } =
    [
        new(BpfProgramType.SocketFilter, 0, 0, ""),
        new(BpfProgramType.Kprobe, 0, 0, ""),
        new(BpfProgramType.Kprobe, BpfAttachType.TraceKprobeMulti, 0, ""),
        new(BpfProgramType.SchedCls, 0, 0, ""),
        new(BpfProgramType.SchedAct, 0, 0, ""),
        new(BpfProgramType.Tracepoint, 0, 0, ""),
        new(BpfProgramType.Xdp, 0, 0, ""),
        new(BpfProgramType.PerfEvent, 0, 0, ""),
        new(BpfProgramType.CgroupSkb, BpfAttachType.CgroupInetIngress, 0, ""),
        new(BpfProgramType.CgroupSkb, BpfAttachType.CgroupInetEgress, 0, ""),
        new(BpfProgramType.CgroupSock, BpfAttachType.CgroupInetSockCreate, 0, ""),
        new(BpfProgramType.CgroupSock, BpfAttachType.CgroupInet4PostBind, 0, ""),
        new(BpfProgramType.LwtIn, 0, 0, ""),
        new(BpfProgramType.LwtOut, 0, 0, ""),
        new(BpfProgramType.LwtXmit, 0, 0, ""),
        new(BpfProgramType.LwtSeg6Local, 0, 0, ""),
        new(BpfProgramType.SockOps, BpfAttachType.CgroupSockOps, 0, ""),
        new(BpfProgramType.SkSkb, 0, 0, ""),
        new(BpfProgramType.CgroupDevice, BpfAttachType.CgroupDevice, 0, ""),
        new(BpfProgramType.SkMsg, BpfAttachType.SkMsgVerdict, 0, ""),
        new(BpfProgramType.RawTracepoint, 0, 0, ""),
        new(BpfProgramType.RawTracepointWritable, 0, 0, ""),
        new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Bind, 0, ""),
        new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet6Connect, 0, ""),
        new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupUdp4Sendmsg, 0, ""),
        new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupUdp6Recvmsg, 0, ""),
        new(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupUnixConnect, 0, ""),
        new(BpfProgramType.SkReusePort, BpfAttachType.SkReuseportSelect, 0, ""),
        new(BpfProgramType.FlowDissector, BpfAttachType.FlowDissector, 0, ""),
        new(BpfProgramType.CgroupSysctl, BpfAttachType.CgroupSysctl, 0, ""),
        new(BpfProgramType.CgroupSockopt, BpfAttachType.CgroupGetsockopt, 0, ""),
        new(BpfProgramType.CgroupSockopt, BpfAttachType.CgroupSetsockopt, 0, ""),
        new(BpfProgramType.Tracing, BpfAttachType.TraceRawTp, 0, "btf_trace_sys_enter"),
        new(BpfProgramType.Tracing, BpfAttachType.TraceIter, 0, "bpf_iter_task"),
        new(BpfProgramType.SkLookup, BpfAttachType.SkLookup, 0, ""),
        new(BpfProgramType.Syscall, 0, Sleepable, ""),
        new(BpfProgramType.Netfilter, BpfAttachType.Netfilter, 0, ""),
    ];

    /// <summary>Kinds that a kernel may have been built or started without.</summary>
    public static IReadOnlyList<Kind> Others { get; } =
    [
        new(BpfProgramType.Tracing, BpfAttachType.TraceFentry, 0, "bpf_fentry_test1"),
        new(BpfProgramType.Tracing, BpfAttachType.TraceFexit, 0, "bpf_fentry_test1"),
        new(BpfProgramType.Tracing, BpfAttachType.ModifyReturn, 0, "bpf_modify_return_test"),
        new(BpfProgramType.Lsm, BpfAttachType.LsmMac, 0, "bpf_lsm_file_open"),
        new(BpfProgramType.Lsm, BpfAttachType.LsmMac, Sleepable, "bpf_lsm_file_open"),
        new(BpfProgramType.LircMode2, BpfAttachType.LircMode2, 0, ""),
    ];

    /// <summary>Whether the host lets such a program call a helper; asserts that it gets as far as looking at the call.</summary>
    /// <param name="helper">Its number.</param>
    /// <param name="words">The verifier's log.</param>
    public bool AllowsHelper(int helper, out string words) => Allows(CallHelper | ((ulong)(uint)helper << 32), out words);

    /// <summary>The same for a kfunc by its id in the kernel's BTF.</summary>
    public bool AllowsKfunc(uint id) => Allows(CallKfunc | ((ulong)id << 32), out _);

    /// <summary>Why no such program can call a helper, or null if the host would let one.</summary>
    public string? WhyNotHelper(int helper) => WhyNot(CallHelper | ((ulong)(uint)helper << 32));

    /// <summary>Why no such program can call a kfunc, or null if the host would let one.</summary>
    public string? WhyNotKfunc(uint id) => WhyNot(CallKfunc | ((ulong)id << 32));

    private string? WhyNot(ulong call)
    {
        int empty = Load(0xb7, out _); // r0 = 0
        if (empty < 0)
            return $"{_kind} is refused: {(BpfErrno)(-empty)}";
        Load(call, out string words);
        return Refuses(words) ? words : null;
    }

    private bool Allows(ulong call, out string words)
    {
        int error = Load(call, out words);
        Assert.True(error == 0 || words.Length > 0, $"{_kind} is refused before its instructions are looked at: {(BpfErrno)(-error)}");
        return !Refuses(words);
    }

    private static bool Refuses(string words) => words.Contains("cannot use helper", StringComparison.Ordinal) || words.Contains("unknown func", StringComparison.Ordinal)
        || words.Contains("invalid func", StringComparison.Ordinal) || (words.Contains("calling kernel function", StringComparison.Ordinal) && words.Contains("is not allowed", StringComparison.Ordinal))
        || words.Contains("require device-bound program", StringComparison.Ordinal);

    private int Load(ulong call, out string words)
    {
        ReadOnlySpan<ulong> code = [call, 0xb7, 0x95];
        Span<byte> log = stackalloc byte[4096];
        log.Clear();
        fixed (ulong* instructions = code)
        fixed (byte* buffer = log, license = "GPL\0"u8)
        {
            BpfAttr attr = default;
            attr.prog_load.prog_type = (uint)_kind.Type;
            attr.prog_load.expected_attach_type = (uint)_kind.AttachType;
            attr.prog_load.prog_flags = _kind.Flags;
            attr.prog_load.attach_btf_id = _targetId;
            attr.prog_load.insns = (ulong)instructions;
            attr.prog_load.insn_cnt = (uint)code.Length;
            attr.prog_load.license = (ulong)license;
            attr.prog_load.log_buf = (ulong)buffer;
            attr.prog_load.log_size = (uint)log.Length;
            attr.prog_load.log_level = 1;
            int fd = TestKernels.Host.Bpf(BpfCommand.ProgLoad, ref attr, BpfAttr.ByteSize);
            if (fd >= 0)
                TestKernels.Host.Close(fd);
            words = Encoding.UTF8.GetString(log).TrimEnd('\0');
            return Math.Min(fd, 0);
        }
    }

    private static uint FindTarget(string name)
    {
        Assert.Equal(0, TestKernels.Host.Facts.ReadBtf(null, out KernelBlob? blob));
        using (blob)
        {
            BtfData btf = BtfData.Parse(blob!.Memory);
            Assert.True(btf.TryFindByName(name, name.StartsWith("btf_trace_", StringComparison.Ordinal) ? BtfKind.Typedef : BtfKind.Func, out uint id), name);
            return id;
        }
    }
}
