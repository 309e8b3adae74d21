using LibbpfSharp.Cli;

namespace LibbpfSharp.Tests.Integration.Cli;

/// <summary><c>btf --format raw</c> writes what bpftool writes, byte for byte.</summary>
public sealed class BtfComparisonTests
{
    [Fact]
    public void Kernels_btf_is_written_as_by_bpftool()
    {
        const string vmlinux = "/sys/kernel/btf/vmlinux";
        RequireTools();
        RequireKernel.Check(File.Exists(vmlinux) ? null : "the kernel has no BTF (CONFIG_DEBUG_INFO_BTF)");
        Compare(vmlinux, Run("btf", "--format", "raw"));
    }

    [Fact]
    public void Objects_btf_is_written_as_by_bpftool()
    {
        RequireTools();
        foreach (string name in TestObjects.Names)
            Compare(TestObjects.GetPath(name), Run("btf", TestObjects.GetPath(name), "--format", "raw"));
    }

    // Line by line: a message about megabytes of text would say nothing, and take its time.
    private static void Compare(string path, string actual)
    {
        string[] expected = ExternalTool.Succeed("bpftool", "btf", "dump", "file", path, "format", "raw").Split('\n');
        string[] lines = actual.Split('\n');
        int different = Enumerable.Range(0, Math.Min(expected.Length, lines.Length)).FirstOrDefault(i => expected[i] != lines[i], -1);
        Assert.True(different < 0, $"{path}, line {different + 1}: '{lines[Math.Max(different, 0)]}', not '{expected[Math.Max(different, 0)]}'");
        Assert.Equal(expected.Length, lines.Length);
    }

    private static void RequireTools() => RequireKernel.Check(ExternalTool.Exists("bpftool") ? null : "bpftool is not installed");

    private static string Run(params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new();
        Assert.True(CliApp.Run(args, new CliConsole(output, error, isTerminal: false, hasColours: false)) == 0, error.ToString());
        return output.ToString();
    }
}
