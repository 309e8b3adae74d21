using System.Text.Json;
using LibbpfSharp.Cli;

namespace LibbpfSharp.Tests.Integration.Cli;

/// <summary><c>load</c> and <c>doctor</c> on the Linux kernel.</summary>
public sealed class LoadCommandTests
{
    [Theory]
    [InlineData("libbpf")]
    [InlineData("managed")]
    public void Objects_load_and_leave_nothing_behind(string loader)
    {
        RequireKernel.Libbpf();
        foreach (string name in new[] { "maps", "calls", "globals" })
        {
            JsonElement json = Run(0, "load", TestObjects.GetPath(name), "--kernel", "linux", "--loader", loader, "--json");
            Assert.Equal(("ok", loader), (json.GetProperty("load").GetString(), json.GetProperty("loader").GetString()));
            Assert.All(json.GetProperty("maps").EnumerateArray(), m => Assert.Equal("ok", m.GetProperty("result").GetString()));
        }

        string? bpffs = TestKernels.Host.Facts.FindMount("bpf");
        Assert.False(bpffs is not null && File.Exists(Path.Combine(bpffs, "typed_hash")), "a map that is defined as pinned was pinned");
    }

    [Fact]
    public void Refused_program_is_named()
    {
        RequireKernel.Linux();
        JsonElement json = Run(1, "load", TestObjects.GetPath("sections"), "--kernel", "linux", "--loader", "managed", "--json");

        Assert.Equal("fail", json.GetProperty("load").GetString());
        JsonElement culprit = Assert.Single(json.GetProperty("programs").EnumerateArray(), p => p.GetProperty("result").GetString() == "fail");
        Assert.Contains($"'{culprit.GetProperty("name").GetString()}'", json.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_tells_what_this_host_has()
    {
        RequireKernel.Linux();
        JsonElement json = Run(0, "doctor", "--kernel", "linux", "--json");

        Assert.Equal(TestKernels.Host.Facts.ReleaseText, json.GetProperty("release").GetString());
        Assert.Equal("held", Assert.Single(json.GetProperty("checks").EnumerateArray(), c => c.GetProperty("name").GetString() is "CAP_BPF").GetProperty("state").GetString());
        Assert.Equal("supported", Assert.Single(json.GetProperty("mapTypes").EnumerateArray(), f => f.GetProperty("name").GetString() == "HASH").GetProperty("support").GetString());
    }

    private static JsonElement Run(int exit, params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Assert.True(CliApp.Run(args, new CliConsole(output, error, isTerminal: false, hasColours: false)) == exit, $"{string.Join(' ', args)}: {error}");
        using JsonDocument json = JsonDocument.Parse(output.ToString());
        return json.RootElement.Clone();
    }
}
