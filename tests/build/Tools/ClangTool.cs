namespace LibbpfSharp.Tests.Build.Tools;

/// <summary>The clang of this machine, which some tests need.</summary>
internal static class ClangTool
{
    /// <summary>Skips the test where there is no clang, or fails it where CI has promised one.</summary>
    public static void Require()
    {
        if (ExternalTool.Exists("clang") && File.Exists("/usr/include/bpf/bpf_helpers.h"))
            return;
        if (TestSettings.RequireKernel)
            Assert.Fail("LIBBPFSHARP_REQUIRE_KERNEL is set, but clang or libbpf's headers are missing (apt-get install clang libbpf-dev).");
        Assert.Skip("clang or libbpf's headers are missing (apt-get install clang libbpf-dev).");
    }
}
