using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Unit.Interop;

namespace LibbpfSharp.Tests.Unit.Kernel;

/// <summary>Feature probes: three states, asked when wanted, kept when certain.</summary>
public sealed class FeatureProbeTests
{
    [Fact]
    public void A_refusal_is_asked_again_and_a_certain_answer_is_not()
    {
        var kernel = new AnsweringKernel { Answer = -(int)BpfErrno.EPERM };
        BpfKernelFeatures features = BpfKernel.Probe(kernel);
        Assert.Equal(0, kernel.Asked);
        Assert.Equal(BpfFeatureSupport.NotPermitted, features.MapType(BpfMapType.Hash).Support);
        Assert.Equal(BpfErrno.EPERM, features.MapType(BpfMapType.Hash).Errno);
        kernel.Answer = 5;
        Assert.Equal(BpfFeatureSupport.Supported, features.MapType(BpfMapType.Hash).Support);
        int asked = kernel.Asked;
        kernel.Answer = -(int)BpfErrno.EPERM;

        // Certain answers are the kernel's, whoever asks.
        Assert.Equal(BpfFeatureSupport.Supported, BpfKernel.Probe(kernel).MapType(BpfMapType.Hash).Support);
        Assert.Equal(asked, kernel.Asked);
    }

    [Theory]
    [InlineData(BpfErrno.ENOMEM)]
    [InlineData(BpfErrno.EMFILE)]
    [InlineData(BpfErrno.EAGAIN)]
    public void Having_no_room_to_try_is_no_answer(BpfErrno errno)
    {
        var kernel = new AnsweringKernel { Answer = -(int)errno };
        BpfKernelFeatures features = BpfKernel.Probe(kernel);
        Assert.Equal((BpfFeatureSupport.NotPermitted, errno), (features.MapType(BpfMapType.Hash).Support, features.MapType(BpfMapType.Hash).Errno));
        kernel.Answer = 5;
        Assert.Equal(BpfFeatureSupport.Supported, features.MapType(BpfMapType.Hash).Support);
    }

    [Fact]
    public void What_a_kernel_lacks_is_kept_too()
    {
        var kernel = new AnsweringKernel { Answer = -(int)BpfErrno.EINVAL };
        Assert.Equal(BpfFeatureSupport.Unsupported, BpfKernel.Probe(kernel).MapType(BpfMapType.Hash).Support);
        kernel.Answer = 5;
        Assert.Equal(BpfFeatureSupport.Unsupported, BpfKernel.Probe(kernel).MapType(BpfMapType.Hash).Support);
    }

    [Theory]
    [InlineData("program of this type cannot use helper bpf_redirect#23", BpfFeatureSupport.Unsupported)]
    [InlineData("0: (85) call bpf_redirect#23\nunknown func bpf_redirect#23", BpfFeatureSupport.Unsupported)]
    [InlineData("invalid func unknown#999", BpfFeatureSupport.Unsupported)]
    [InlineData("R1 type=ctx expected=scalar", BpfFeatureSupport.Supported)]
    [InlineData("R2 !read_ok", BpfFeatureSupport.Supported)]
    public void Helpers_by_what_the_verifier_says(string log, BpfFeatureSupport expected)
    {
        var kernel = new AnsweringKernel { Answer = -(int)BpfErrno.EINVAL, Log = log };
        Assert.Equal(expected, BpfKernel.Probe(kernel).Helper(BpfHelperId.Redirect, BpfProgramType.Xdp).Support);
    }

    [Fact]
    public void Hidden_helpers_of_a_process_without_capabilities_are_not_called_missing()
    {
        var kernel = new AnsweringKernel { Answer = -(int)BpfErrno.EINVAL, Log = "unknown func bpf_redirect#23", Capabilities = 1UL << 39 };
        Assert.Equal(BpfFeatureSupport.NotPermitted, BpfKernel.Probe(kernel).Helper(BpfHelperId.Redirect, BpfProgramType.Xdp).Support);
    }

    [Fact]
    public void Emulator_answers_for_all_kinds_by_its_version()
    {
        using var kernel = new EmulatedKernel();
        BpfKernelFeatures features = BpfKernel.Probe(kernel);
        Assert.All(features.LinkTypes(), f => Assert.Equal(BpfFeatureSupport.Supported, f.Support));
        Assert.All(features.AttachTypes().Where(f => !f.Name.Contains("LIRC", StringComparison.Ordinal)), f => Assert.True(f.Support == BpfFeatureSupport.Supported, f.ToString()));
        Assert.Equal(BpfFeatureSupport.Supported, features.Helper(BpfHelperId.MapLookupElem, BpfProgramType.Xdp).Support);
        Assert.Equal(BpfFeatureSupport.Unsupported, features.Helper(BpfHelperId.Redirect, BpfProgramType.Kprobe).Support);
        Assert.Contains("bpf_map_sum_elem_count", features.MarkedKfuncs);
        Assert.Equal(BpfFeatureSupport.Supported, features.Kfunc("bpf_map_sum_elem_count", BpfProgramType.Syscall).Support);
        Assert.Equal((BpfFeatureSupport.Unsupported, BpfErrno.ESRCH), (features.Kfunc("no_such_function", BpfProgramType.Syscall).Support, features.Kfunc("no_such_function", BpfProgramType.Syscall).Errno));
        Assert.Throws<ArgumentException>(() => features.Helper(BpfHelperId.MapLookupElem, BpfProgramType.Ext));

        using var old = new EmulatedKernel(new EmulatedKernelOptions { Release = new(6, 1) });
        BpfKernelFeatures older = BpfKernel.Probe(old);
        Assert.Equal(BpfFeatureSupport.Unsupported, older.LinkType(BpfLinkType.Tcx).Support);
        Assert.Equal(BpfFeatureSupport.Unsupported, older.LinkType(BpfLinkType.Netkit).Support);
        Assert.Equal(BpfFeatureSupport.Supported, older.LinkType(BpfLinkType.Xdp).Support);
        Assert.Equal(BpfFeatureSupport.Supported, older.LinkType(BpfLinkType.KprobeMulti).Support);
    }

    /// <summary>Answers every command alike.</summary>
    private sealed class AnsweringKernel : FakeKernel
    {
        public int Answer { get; set; }

        public string? Log { get; init; }

        public int Asked { get; private set; }

        public override unsafe int Bpf(BpfCommand command, ref BpfAttr attr, uint size)
        {
            Asked++;
            if (command == BpfCommand.ProgLoad && Log is not null)
                System.Text.Encoding.ASCII.GetBytes(Log + '\0', new Span<byte>((void*)attr.prog_load.log_buf, (int)attr.prog_load.log_size));
            return Answer;
        }
    }
}
