using System.Text;
using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Conformance.Helpers;

/// <summary>The table's program types and attach types against a running kernel: one-call programs say what each type may call.</summary>
public sealed unsafe class HelperAvailabilityTests
{
    private const uint Sleepable = 1 << 4;

    /// <summary>Program type, attach type, flags, attach target in the kernel's BTF.</summary>
    public static TheoryData<BpfProgramType, BpfAttachType, uint, string> Cases { get; } = new()
    {
        { BpfProgramType.SocketFilter, 0, 0, "" },
        { BpfProgramType.Kprobe, 0, 0, "" },
        { BpfProgramType.Kprobe, BpfAttachType.TraceKprobeMulti, 0, "" },
        { BpfProgramType.SchedCls, 0, 0, "" },
        { BpfProgramType.SchedAct, 0, 0, "" },
        { BpfProgramType.Tracepoint, 0, 0, "" },
        { BpfProgramType.Xdp, 0, 0, "" },
        { BpfProgramType.PerfEvent, 0, 0, "" },
        { BpfProgramType.CgroupSkb, BpfAttachType.CgroupInetIngress, 0, "" },
        { BpfProgramType.CgroupSkb, BpfAttachType.CgroupInetEgress, 0, "" },
        { BpfProgramType.CgroupSock, BpfAttachType.CgroupInetSockCreate, 0, "" },
        { BpfProgramType.CgroupSock, BpfAttachType.CgroupInet4PostBind, 0, "" },
        { BpfProgramType.LwtIn, 0, 0, "" },
        { BpfProgramType.LwtOut, 0, 0, "" },
        { BpfProgramType.LwtXmit, 0, 0, "" },
        { BpfProgramType.LwtSeg6Local, 0, 0, "" },
        { BpfProgramType.SockOps, BpfAttachType.CgroupSockOps, 0, "" },
        { BpfProgramType.SkSkb, 0, 0, "" },
        { BpfProgramType.CgroupDevice, BpfAttachType.CgroupDevice, 0, "" },
        { BpfProgramType.SkMsg, BpfAttachType.SkMsgVerdict, 0, "" },
        { BpfProgramType.RawTracepoint, 0, 0, "" },
        { BpfProgramType.RawTracepointWritable, 0, 0, "" },
        { BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Bind, 0, "" },
        { BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet6Connect, 0, "" },
        { BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupUdp4Sendmsg, 0, "" },
        { BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupUdp6Recvmsg, 0, "" },
        { BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupUnixConnect, 0, "" },
        { BpfProgramType.SkReusePort, BpfAttachType.SkReuseportSelect, 0, "" },
        { BpfProgramType.FlowDissector, BpfAttachType.FlowDissector, 0, "" },
        { BpfProgramType.CgroupSysctl, BpfAttachType.CgroupSysctl, 0, "" },
        { BpfProgramType.CgroupSockopt, BpfAttachType.CgroupGetsockopt, 0, "" },
        { BpfProgramType.CgroupSockopt, BpfAttachType.CgroupSetsockopt, 0, "" },
        { BpfProgramType.Tracing, BpfAttachType.TraceRawTp, 0, "btf_trace_sys_enter" },
        { BpfProgramType.Tracing, BpfAttachType.TraceIter, 0, "bpf_iter_task" },
        { BpfProgramType.SkLookup, BpfAttachType.SkLookup, 0, "" },
        { BpfProgramType.Syscall, 0, Sleepable, "" },
        { BpfProgramType.Netfilter, BpfAttachType.Netfilter, 0, "" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheTableSaysWhatLinuxAllows(BpfProgramType type, BpfAttachType attach, uint flags, string target)
    {
        RequireKernel.Linux();
        Assert.SkipUnless(TestKernels.Host.Facts.Release >= new Version(6, 18), "The table is that of 6.18; earlier kernels give fewer types each helper.");
        uint targetId = target.Length == 0 ? 0 : FindTarget(target);
        using var emulator = new EmulatedKernel();
        var load = new ProgramLoad
        {
            Kernel = emulator,
            Type = type,
            Kind = ProgramKinds.Find(type)!,
            ExpectedAttachType = attach,
            Flags = flags,
            Log = new LoadLog(0, 0, 0),
        };
        var wrong = new List<string>();
        foreach (HelperDescriptor helper in HelperTable.BuiltIn.All.Concat(HelperTable.BuiltIn.Missing))
        {
            bool declared = helper.ProgramTypes.Contains(type) && helper.Permit?.Invoke(load) is not "";
            bool allowed = IsAllowed(type, attach, flags, targetId, helper.Id, out string words);
            if (words.Contains("needs CAP_SYS_ADMIN", StringComparison.Ordinal) || helper.Id == (int)BpfHelperId.ProbeWriteUser || helper.Id == (int)BpfHelperId.OverrideReturn)
                continue; // decided by the machine's lockdown and configuration
            if (declared != allowed)
                wrong.Add($"{helper.Name}: the table says {declared}, Linux {allowed}");
        }

        Assert.Empty(wrong);
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

    private static bool IsAllowed(BpfProgramType type, BpfAttachType attach, uint flags, uint targetId, int helper, out string words)
    {
        ReadOnlySpan<ulong> code = [0x85UL | ((ulong)(uint)helper << 32), 0xb7, 0x95];
        Span<byte> log = stackalloc byte[4096];
        log.Clear();
        fixed (ulong* instructions = code)
        fixed (byte* buffer = log, license = "GPL\0"u8)
        {
            BpfAttr attr = default;
            attr.prog_load.prog_type = (uint)type;
            attr.prog_load.expected_attach_type = (uint)attach;
            attr.prog_load.prog_flags = flags;
            attr.prog_load.attach_btf_id = targetId;
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
            Assert.True(fd >= 0 || words.Length > 0, $"{type} is refused before its instructions are looked at: {(BpfErrno)(-fd)}");
            return !words.Contains("cannot use helper", StringComparison.Ordinal) && !words.Contains("unknown func", StringComparison.Ordinal)
                && !words.Contains("invalid func", StringComparison.Ordinal);
        }
    }
}
