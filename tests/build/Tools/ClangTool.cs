namespace LibbpfSharp.Tests.Build.Tools;

/// <summary>The tools of this machine that some tests need. Without them a test is skipped, or fails where CI has promised them.</summary>
internal static class ClangTool
{
    /// <summary>clang, and libbpf's headers.</summary>
    public static void Require() =>
        Check(ExternalTool.Exists("clang") && File.Exists("/usr/include/bpf/bpf_helpers.h"), "clang or libbpf's headers are missing (apt-get install clang libbpf-dev)");

    /// <summary>clang, and bpftool, which links objects.</summary>
    public static void RequireLinker()
    {
        Require();
        Check(ExternalTool.Exists("bpftool") || File.Exists("/usr/sbin/bpftool"), "bpftool is missing (apt-get install bpftool)");
    }

    private static void Check(bool isThere, string missing)
    {
        if (isThere)
            return;
        if (TestSettings.RequireKernel)
            Assert.Fail($"LIBBPFSHARP_REQUIRE_KERNEL is set, but {missing}.");
        Assert.Skip($"{missing}.");
    }
}
