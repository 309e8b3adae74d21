using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Conformance.Helpers;

/// <summary>The table's program types and attach types against a running kernel: one-call programs say what each type may call.</summary>
public sealed class HelperAvailabilityTests
{
    /// <summary>Program type, attach type, flags, attach target in the kernel's BTF.</summary>
    public static TheoryData<BpfProgramType, BpfAttachType, uint, string> Cases { get; } =
        [.. LinuxPermits.Loadable.Select(c => (c.Type, c.AttachType, c.Flags, c.Target))];


    [Theory]
    [MemberData(nameof(Cases))]
    public void TheTableSaysWhatLinuxAllows(BpfProgramType type, BpfAttachType attach, uint flags, string target)
    {
        RequireKernel.Linux();
        Assert.SkipUnless(TestKernels.Host.Facts.Release >= new Version(6, 18), "The table is that of 6.18; earlier kernels give fewer types each helper.");
        var host = new LinuxPermits(type, attach, flags, target);
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
            bool allowed = host.AllowsHelper(helper.Id, out string words);
            if (words.Contains("needs CAP_SYS_ADMIN", StringComparison.Ordinal) || helper.Id == (int)BpfHelperId.ProbeWriteUser || helper.Id == (int)BpfHelperId.OverrideReturn)
                continue; // decided by the machine's lockdown and configuration
            if (declared != allowed)
                wrong.Add($"{helper.Name}: the table says {declared}, Linux {allowed}");
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheTableSaysWhichKfuncsLinuxAllows(BpfProgramType type, BpfAttachType attach, uint flags, string target)
    {
        RequireKernel.Linux();
        Assert.SkipUnless(TestKernels.Host.Facts.Release >= new Version(6, 18), "The table is that of 6.18; earlier kernels give fewer types each kfunc.");
        var host = new LinuxPermits(type, attach, flags, target);
        Assert.Equal(0, TestKernels.Host.Facts.ReadBtf(null, out KernelBlob? blob));
        using KernelBlob held = blob!;
        BtfData btf = BtfData.Parse(held.Memory);
        var wrong = new List<string>();
        int compared = 0;
        foreach (KfuncDescriptor kfunc in KfuncTable.BuiltIn.All)
        {
            if (!btf.TryFindByName(kfunc.Name, BtfKind.Func, out uint id) || kfunc.Name.StartsWith("bpf_xdp_metadata_", StringComparison.Ordinal))
                continue; // built without what has it, or asks first whether the program is bound to a device
            compared++;
            bool allowed = host.AllowsKfunc(id);
            if (kfunc.ProgramTypes.Contains(type) != allowed)
                wrong.Add($"{kfunc.Name}: the table says {!allowed}, Linux {allowed}");
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.True(compared >= KfuncTable.BuiltIn.All.Count() - 10, $"only {compared} kfuncs are in this kernel's BTF");
    }
}
