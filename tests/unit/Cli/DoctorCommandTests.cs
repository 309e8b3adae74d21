using System.Text.Json;

namespace LibbpfSharp.Tests.Unit.Cli;

/// <summary><c>doctor</c> on the emulator, which is the same on every host.</summary>
public sealed class DoctorCommandTests
{
    [Fact]
    public void Json_has_all_kinds_of_features()
    {
        CliRun run = CliRun.Of("doctor", "--kernel", "emulator", "--json");
        Assert.Equal(0, run.ExitCode);
        using JsonDocument report = JsonDocument.Parse(run.Out);
        JsonElement root = report.RootElement;
        foreach ((string list, string name) in new[] { ("programTypes", "XDP"), ("mapTypes", "HASH"), ("attachTypes", "TCX_INGRESS"), ("linkTypes", "Xdp") })
        {
            JsonElement feature = Assert.Single(root.GetProperty(list).EnumerateArray(), f => f.GetProperty("name").GetString() == name);
            Assert.Equal("supported", feature.GetProperty("support").GetString());
            Assert.Equal(0, feature.GetProperty("errno").GetInt32());
        }

        JsonElement xdp = Assert.Single(root.GetProperty("helpers").EnumerateArray(), h => h.GetProperty("programType").GetString() == "XDP");
        string[] names = [.. xdp.GetProperty("names").EnumerateArray().Select(n => n.GetString()!)];
        Assert.Contains("bpf_map_lookup_elem", names);
        Assert.Contains("bpf_xdp_adjust_head", names);
        Assert.DoesNotContain("bpf_clone_redirect", names);
        Assert.Contains(root.GetProperty("kfuncs").EnumerateArray(), k => k.GetString() == "bpf_map_sum_elem_count");
    }

    [Fact]
    public void Text_counts_helpers_and_lists_them_when_asked()
    {
        string brief = CliRun.Of("doctor", "--kernel", "emulator").Out;
        Assert.Contains("--all lists them", brief, StringComparison.Ordinal);
        Assert.DoesNotContain("bpf_xdp_adjust_head", brief, StringComparison.Ordinal);
        string all = CliRun.Of("doctor", "--kernel", "emulator", "--all").Out;
        Assert.Contains("bpf_xdp_adjust_head", all, StringComparison.Ordinal);
        Assert.Contains("bpf_map_sum_elem_count", all, StringComparison.Ordinal);
    }
}
