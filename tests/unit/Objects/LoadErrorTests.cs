using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Unit.Interop;

namespace LibbpfSharp.Tests.Unit.Objects;

/// <summary>What the object and the kernel's version add to a refusal.</summary>
public sealed class LoadErrorTests
{
    [Theory]
    [InlineData("packet_access", 2, "return data[12] ? XDP_PASS : XDP_DROP;")]
    [InlineData("missing_null_check", 9, "*value += 1;")]
    public void Line_is_found_where_the_kernel_writes_none(string program, int instruction, string text)
    {
        using BpfObjectOpen open = BpfObject.Open(TestObjects.GetPath("refused"));
        var refused = new BpfVerifierException(BpfErrno.EACCES, program, $"{instruction}: (71) r0 = *(u8 *)(r1 +12)\ninvalid access\nprocessed 3 insns (limit 1000000)");
        var placed = Assert.IsType<BpfVerifierException>(LoadErrors.Explain(refused, open, new FakeKernel(), BpfLoader.Managed));
        Assert.Equal("refused.bpf.c", Path.GetFileName(placed.Report.SourceFile));
        Assert.Equal(text, placed.Report.SourceText);
        Assert.True(placed.Report.SourceLine > 1);
        Assert.Contains($"refused.bpf.c:{placed.Report.SourceLine} '{text}'", placed.Message, StringComparison.Ordinal);
        Assert.Equal(refused.Log, placed.Log);
        Assert.Equal(refused.Report.Reason, placed.Report.Reason);
    }

    [Fact]
    public void Line_of_the_log_is_kept()
    {
        using BpfObjectOpen open = BpfObject.Open(TestObjects.GetPath("refused"));
        var refused = new BpfVerifierException(BpfErrno.EACCES, "packet_access", "; other @ some.c:7\n2: (71) r0 = *(u8 *)(r1 +12)\ninvalid access");
        Assert.Null(LoadErrors.Explain(refused, open, new FakeKernel(), BpfLoader.Managed));
    }

    [Theory]
    [InlineData("skeleton/maps_storage", "6.1.0", "6.2", "map type CGRP_STORAGE")]
    [InlineData("skeleton/struct_ops", "6.1.0", "6.4", "struct_ops with a link")]
    [InlineData("skeleton/struct_ops", "5.5.0", "5.6", "map type STRUCT_OPS")]
    public void Kernel_that_is_too_old_for_a_map_is_told_so(string name, string release, string wanted, string feature)
    {
        using BpfObjectOpen open = BpfObject.Open(TestObjects.Read(name), new BpfObjectOptions { Name = "old" });
        var refused = new BpfException(BpfErrno.EINVAL, "loading through libbpf", "object 'old'");
        var explained = Assert.IsType<BpfUnsupportedFeatureException>(LoadErrors.Explain(refused, open, new FakeKernel { Release = Version.Parse(release) }, BpfLoader.Managed));
        Assert.Equal(Version.Parse(wanted), explained.MinimumKernel);
        Assert.Equal(feature, explained.Feature);
        Assert.Null(LoadErrors.Explain(refused, open, new FakeKernel(), BpfLoader.Managed));
    }

    [Fact]
    public void Libbpf_that_is_too_old_is_told_so()
    {
        using BpfObjectOpen open = BpfObject.Open(TestObjects.Read("skeleton/struct_ops"), new BpfObjectOptions { Name = "new" });
        Assert.Equal("struct_ops with links (1.2), optional struct_ops (1.4)", LoaderChooser.WhatIsTooNew(open, new Version(1, 1)));
        Assert.Equal("optional struct_ops (1.4)", LoaderChooser.WhatIsTooNew(open, new Version(1, 3)));
        Assert.Null(LoaderChooser.WhatIsTooNew(open, new Version(1, 7)));
    }

    [Fact]
    public void Exception_callbacks_want_a_libbpf_that_knows_them()
    {
        using BpfObjectOpen open = BpfObject.Open(Path.Combine(AppContext.BaseDirectory, "differential", "kfunc_exception.bpf.o"));
        Assert.Equal("handle", open.File.Programs[0].ExceptionCallback?.Name);
        Assert.Equal("exception callbacks (1.3)", LoaderChooser.WhatIsTooNew(open, new Version(1, 2)));
        Assert.Null(LoaderChooser.WhatIsTooNew(open, new Version(1, 3)));
    }

    [Fact]
    public void Configuration_that_cannot_be_read_is_named()
    {
        using BpfObjectOpen open = BpfObject.Open(TestObjects.GetPath("globals"));
        var kernel = new FakeKernel(); // shows no configuration
        Assert.True(LoaderChooser.LacksConfiguration(open, kernel));
        Assert.False(LoaderChooser.LacksConfiguration(open, new EmulatedKernel(new EmulatedKernelOptions { Config = "CONFIG_BPF=y\n" })));
        var refused = new BpfException(BpfErrno.EINVAL, "loading through libbpf", "object 'globals'", "libbpf: failed to open system Kconfig.");
        BpfException explained = LoadErrors.Explain(refused, open, kernel, BpfLoader.Libbpf)!;
        Assert.Contains("/proc/config.gz", explained.Message, StringComparison.Ordinal);
        Assert.Contains("failed to open system Kconfig", explained.Message, StringComparison.Ordinal);
        Assert.Null(LoadErrors.Explain(refused, open, kernel, BpfLoader.Managed));
        using BpfObjectOpen none = BpfObject.Open(TestObjects.GetPath("events"));
        Assert.False(LoaderChooser.LacksConfiguration(none, kernel));
    }

    [Fact]
    public void Kernel_that_is_too_old_for_a_program_is_told_so()
    {
        using BpfObjectOpen open = BpfObject.Open(TestObjects.GetPath("refused"));
        open.Programs["packet_access"].AutoLoad = true;
        var refused = new BpfException(BpfErrno.EINVAL, "BPF_PROG_LOAD", "program 'packet_access'");
        var explained = Assert.IsType<BpfUnsupportedFeatureException>(LoadErrors.Explain(refused, open, new FakeKernel { Release = new(4, 6, 0) }, BpfLoader.Managed));
        Assert.Equal("program type XDP", explained.Feature);
        Assert.Contains("packet_access", explained.Subject, StringComparison.Ordinal);
    }
}
