using System.Text.Json;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Tests.Integration.Kernel;

/// <summary>Feature probes against bpftool and against what loads and attaches.</summary>
public sealed class FeatureProbeTests
{
    [Fact]
    public void Program_and_map_types_as_bpftool_finds_them()
    {
        RequireKernel.Linux();
        RequireKernel.Check(ExternalTool.Exists("bpftool") ? null : "bpftool is not installed");
        using JsonDocument tool = JsonDocument.Parse(ExternalTool.Succeed("bpftool", "feature", "probe", "kernel", "-j"));
        BpfKernelFeatures features = BpfKernel.Probe(TestKernels.Host);
        foreach (BpfProgramType type in Enum.GetValues<BpfProgramType>().Where(t => t != BpfProgramType.Unspec))
        {
            // bpftool tries TRACING by fentry, which a kernel may refuse that has tracepoints by BTF.
            if (type is BpfProgramType.Tracing or BpfProgramType.Ext or BpfProgramType.StructOps)
                continue;
            string name = $"have_{BpfTypeNames.GetProgramType((uint)type).ToLowerInvariant()}_prog_type";
            if (tool.RootElement.GetProperty("program_types").TryGetProperty(name, out JsonElement have))
                Assert.True(have.GetBoolean() == (features.ProgramType(type).Support == BpfFeatureSupport.Supported), $"{type}: bpftool {have}, {features.ProgramType(type)}");
        }

        foreach (BpfMapType type in Enum.GetValues<BpfMapType>().Where(t => t != BpfMapType.Unspec))
        {
            string name = $"have_{BpfTypeNames.GetMapType((uint)type).ToLowerInvariant()}_map_type";
            if (tool.RootElement.GetProperty("map_types").TryGetProperty(name, out JsonElement have))
                Assert.True(have.GetBoolean() == (features.MapType(type).Support == BpfFeatureSupport.Supported), $"{type}: bpftool {have}, {features.MapType(type)}");
        }
    }

    [Fact]
    public void Helpers_of_types_are_those_that_the_verifier_takes()
    {
        RequireKernel.Linux();
        BpfKernelFeatures features = BpfKernel.Probe(TestKernels.Host);
        Assert.Equal(BpfFeatureSupport.Supported, features.Helper(BpfHelperId.MapLookupElem, BpfProgramType.Xdp).Support);
        Assert.Equal(BpfFeatureSupport.Supported, features.Helper(BpfHelperId.XdpAdjustHead, BpfProgramType.Xdp).Support);
        Assert.Equal(BpfFeatureSupport.Unsupported, features.Helper(BpfHelperId.XdpAdjustHead, BpfProgramType.Kprobe).Support);
        Assert.Equal(BpfFeatureSupport.Unsupported, features.Helper(BpfHelperId.CloneRedirect, BpfProgramType.SocketFilter).Support);
        Assert.Equal(BpfFeatureSupport.Supported, features.Helper(BpfHelperId.CloneRedirect, BpfProgramType.SchedCls).Support);
        Assert.Equal(BpfFeatureSupport.Supported, features.Helper(BpfHelperId.GetCurrentPidTgid, BpfProgramType.Tracing).Support);
        Assert.Equal(BpfFeatureSupport.Unsupported, features.Helper((BpfHelperId)9999, BpfProgramType.Xdp).Support);

        // A kfunc of 6.6; an older kernel has no such function.
        bool has = TestKernels.Host.Facts.Release >= new Version(6, 6);
        Assert.Equal(has ? BpfFeatureSupport.Supported : BpfFeatureSupport.Unsupported, features.Kfunc("bpf_map_sum_elem_count", BpfProgramType.Syscall).Support);
        Assert.Equal(BpfFeatureSupport.Unsupported, features.Kfunc("bpf_no_such_kfunc", BpfProgramType.Syscall).Support);
        Assert.Equal(BpfFeatureSupport.Unsupported, features.Kfunc("vfs_read", BpfProgramType.Syscall).Support);
    }

    [Theory]
    [InlineData(BpfLinkType.RawTracepoint, "4.17")]
    [InlineData(BpfLinkType.Cgroup, "5.7")]
    [InlineData(BpfLinkType.NetNs, "5.8")]
    [InlineData(BpfLinkType.Iter, "5.8")]
    [InlineData(BpfLinkType.Xdp, "5.9")]
    [InlineData(BpfLinkType.PerfEvent, "5.15")]
    [InlineData(BpfLinkType.Netfilter, "6.4")]
    [InlineData(BpfLinkType.StructOps, "6.4")]
    [InlineData(BpfLinkType.Tcx, "6.6")]
    [InlineData(BpfLinkType.UprobeMulti, "6.6")]
    [InlineData(BpfLinkType.SockMap, "6.10")]
    public void Link_kinds_by_the_version_that_brought_them(BpfLinkType type, string since)
    {
        RequireKernel.Linux();
        bool has = TestKernels.Host.Facts.Release >= Version.Parse(since);
        BpfFeature feature = BpfKernel.Probe(TestKernels.Host).LinkType(type);
        Assert.True(feature.Support == (has ? BpfFeatureSupport.Supported : BpfFeatureSupport.Unsupported), feature.ToString());
    }

    [Fact]
    public void Asking_leaves_nothing_open()
    {
        RequireKernel.Linux();
        BpfKernelFeatures features = BpfKernel.Probe(TestKernels.Host);
        FdCount.AssertNoLeak(() =>
        {
            _ = features.LinkTypes();
            _ = features.AttachTypes();
            _ = features.ProgramTypes();
            _ = features.MapTypes();
            _ = features.Helper(BpfHelperId.Redirect, BpfProgramType.Xdp);
        });
    }
}
