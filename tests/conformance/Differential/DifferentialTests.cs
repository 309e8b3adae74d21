using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Helpers;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.Differential;

/// <summary>The same object with the same inputs on Linux and on the emulator: results, packets, contexts, maps and records are equal.</summary>
public sealed class DifferentialTests
{
    // What no object here calls, since no program on this host can: proved below, by asking it.
    private static readonly HashSet<BpfHelperId> s_notCalled =
    [
        BpfHelperId.XdpOutput, // takes an xdp_buff
        BpfHelperId.InodeStorageGet, BpfHelperId.InodeStorageDelete, BpfHelperId.BprmOptsSet, BpfHelperId.ImaInodeHash, BpfHelperId.ImaFileHash, // LSM
        BpfHelperId.GetFuncArg, BpfHelperId.GetFuncRet, BpfHelperId.GetFuncArgCnt, // fentry and fexit
        BpfHelperId.ProbeWriteUser, // lockdown
        BpfHelperId.OverrideReturn, // CONFIG_BPF_KPROBE_OVERRIDE
        BpfHelperId.RcRepeat, BpfHelperId.RcKeydown, BpfHelperId.RcPointerRel, // remote controls
    ];

    private static readonly HashSet<string> s_kfuncsNotCalled =
    [
        "bpf_xdp_metadata_rx_timestamp", "bpf_xdp_metadata_rx_hash", "bpf_xdp_metadata_rx_vlan_tag", // programs bound to a device
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

        IEnumerable<string> missing = HelperTable.BuiltIn.All.Where(h => !helpers.Contains(h.Id) && !s_notCalled.Contains((BpfHelperId)h.Id)).Select(h => h.Name)
            .Concat(KfuncTable.BuiltIn.All.Where(k => !kfuncs.Contains(k.Name) && !s_kfuncsNotCalled.Contains(k.Name)).Select(k => k.Name));
        Assert.Empty(missing);

        // An exception that an object calls after all is none.
        Assert.DoesNotContain(s_notCalled, id => helpers.Contains((int)id));
        Assert.DoesNotContain(s_kfuncsNotCalled, kfuncs.Contains);
    }

    [Fact]
    public void WhatIsNotCalledCannotBeCalledHere()
    {
        RequireKernel.Linux();
        Assert.Equal(0, TestKernels.Host.Facts.ReadBtf(null, out KernelBlob? blob));
        using KernelBlob held = blob!;
        BtfData btf = BtfData.Parse(held.Memory);
        LinuxPermits.Kind[] kinds = [.. LinuxPermits.Loadable, .. LinuxPermits.Others];
        var callable = new List<string>();
        foreach (BpfHelperId id in s_notCalled)
        {
            HelperDescriptor helper = HelperTable.BuiltIn.Find((int)id)!;
            foreach (LinuxPermits.Kind kind in kinds.Where(k => helper.ProgramTypes.Contains(k.Type)))
            {
                if (new LinuxPermits(kind.Type, kind.AttachType, kind.Flags, kind.Target).WhyNotHelper(helper.Id) is null && !LacksArgument(id, btf))
                    callable.Add($"{helper.Name} by {kind}");
            }
        }

        foreach (string name in s_kfuncsNotCalled)
        {
            if (!btf.TryFindByName(name, BtfKind.Func, out uint id))
                continue;
            foreach (LinuxPermits.Kind kind in kinds)
            {
                if (new LinuxPermits(kind.Type, kind.AttachType, kind.Flags, kind.Target).WhyNotKfunc(id) is null)
                    callable.Add($"{name} by {kind}");
            }
        }

        Assert.True(callable.Count == 0, "can be called, so an object must: " + string.Join("\n", callable));
    }

    // Types that may call bpf_xdp_output() can be loaded, but nothing that they attach to has an xdp_buff to give.
    private static bool LacksArgument(BpfHelperId helper, BtfData btf)
    {
        if (helper != BpfHelperId.XdpOutput || !btf.TryFindByName("xdp_buff", BtfKind.Struct, out uint buffer))
            return false;
        for (uint id = 1; id < btf.TypeCount; id++)
        {
            BtfType type = btf[id];
            bool isTarget = type.Kind == BtfKind.Typedef ? type.Name.StartsWith("btf_trace_", StringComparison.Ordinal) : type.Kind == BtfKind.Func && type.Name.StartsWith("bpf_iter_", StringComparison.Ordinal);
            if (!isTarget)
                continue;
            BtfType prototype = btf[type.TypeId];
            if (prototype.Kind == BtfKind.Ptr)
                prototype = btf[prototype.TypeId];
            foreach (BtfParameter parameter in prototype.Parameters)
            {
                if (btf[btf.StripModifiers(parameter.TypeId)] is { Kind: BtfKind.Ptr } pointer && btf.StripModifiers(pointer.TypeId) == buffer)
                    return false;
            }
        }

        return true;
    }
}
