using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.Differential;

/// <summary>The same object with the same inputs on Linux and on the emulator: results, packets, contexts, maps and records are equal.</summary>
public sealed class DifferentialTests
{
    // What no object here can call: reasons beside each.
    private static readonly Dictionary<BpfHelperId, string> s_notCalled = new()
    {
        [BpfHelperId.XdpOutput] = "takes an xdp_buff, which only fentry of an XDP program has",
        [BpfHelperId.InodeStorageGet] = "LSM programs only, which kernels without BPF LSM refuse",
        [BpfHelperId.InodeStorageDelete] = "LSM programs only, which kernels without BPF LSM refuse",
        [BpfHelperId.GetFuncArg] = "fentry only, which kernels without function tracing refuse",
        [BpfHelperId.GetFuncRet] = "fexit only, which kernels without function tracing refuse",
        [BpfHelperId.GetFuncArgCnt] = "fentry only, which kernels without function tracing refuse",
        [BpfHelperId.PerCpuPtr] = "takes per-CPU symbols, which kernels without CONFIG_KALLSYMS_ALL do not resolve",
        [BpfHelperId.ThisCpuPtr] = "takes per-CPU symbols, which kernels without CONFIG_KALLSYMS_ALL do not resolve",
        [BpfHelperId.ProbeWriteUser] = "this build of Linux refuses it for every program type (it does so under lockdown)",
        [BpfHelperId.OverrideReturn] = "kprobe only, which kernels without CONFIG_BPF_KPROBE_OVERRIDE refuse",
        [BpfHelperId.BprmOptsSet] = "LSM programs only, which kernels without BPF LSM refuse",
        [BpfHelperId.ImaInodeHash] = "LSM programs only, which kernels without BPF LSM refuse",
        [BpfHelperId.ImaFileHash] = "LSM programs only, which kernels without BPF LSM refuse",
        [BpfHelperId.RcRepeat] = "lirc_mode2 only, which kernels without CONFIG_BPF_LIRC_MODE2 refuse",
        [BpfHelperId.RcKeydown] = "lirc_mode2 only, which kernels without CONFIG_BPF_LIRC_MODE2 refuse",
        [BpfHelperId.RcPointerRel] = "lirc_mode2 only, which kernels without CONFIG_BPF_LIRC_MODE2 refuse",
        [BpfHelperId.KptrXchg] = "takes a field tagged kptr, which the compiler that makes the objects does not describe so that Linux sees it",
    };

    private static readonly HashSet<string> s_kfuncsNotCalled =
    [
        "bpf_obj_new_impl", "bpf_obj_drop_impl", "bpf_percpu_obj_new_impl", "bpf_percpu_obj_drop_impl", // need a typed place to go
        "bpf_xdp_metadata_rx_timestamp", "bpf_xdp_metadata_rx_hash", "bpf_xdp_metadata_rx_vlan_tag", // need a program bound to a device
    ];

    public static TheoryData<string> Objects { get; } = [.. DifferentialObjects.Names];

    [Theory]
    [MemberData(nameof(Objects))]
    public void BothKernelsAnswerTheSame(string name)
    {
        RequireKernel.Linux();
        string path = DifferentialObjects.PathOf(name);

        // Per-CPU values lie in the slot of the CPU that ran: the first on both.
        using var pinning = new CpuPinning(TestKernels.Host.Facts.PossibleCpus[0]);
        List<string> linux = DifferentialOutcome.Of(TestKernels.Host, path);
        using var kernel = new EmulatedKernel();
        List<string> emulator = DifferentialOutcome.Of(kernel, path);
        Assert.Equal(string.Join('\n', linux), string.Join('\n', emulator));
    }

    [Fact]
    public void ThereAreEnoughObjects() => Assert.True(DifferentialObjects.Names.Count >= 60, $"{DifferentialObjects.Names.Count} objects");

    [Fact]
    public void EveryImplementedFunctionIsCalled()
    {
        HashSet<int> helpers = [];
        HashSet<string> kfuncs = [];
        foreach (string name in DifferentialObjects.Names)
        {
            BpfObjectFile file = BpfObject.Open(DifferentialObjects.PathOf(name)).File;
            foreach (BpfFunctionSpec function in file.Functions)
            {
                foreach (BpfInstruction instruction in function.Instructions.ToArray())
                {
                    if (instruction is { IsCall: true, Src: 0 })
                        helpers.Add(instruction.Immediate);
                }
            }

            kfuncs.UnionWith(file.Externs.Select(e => e.Name));
        }

        IEnumerable<string> missing = HelperTable.BuiltIn.All.Where(h => !helpers.Contains(h.Id) && !s_notCalled.ContainsKey((BpfHelperId)h.Id)).Select(h => h.Name)
            .Concat(KfuncTable.BuiltIn.All.Where(k => !kfuncs.Contains(k.Name) && !s_kfuncsNotCalled.Contains(k.Name)).Select(k => k.Name));
        Assert.Empty(missing);

        // An exception that an object calls after all is none.
        Assert.DoesNotContain(s_notCalled.Keys, id => helpers.Contains((int)id));
        Assert.DoesNotContain(s_kfuncsNotCalled, kfuncs.Contains);
    }
}
