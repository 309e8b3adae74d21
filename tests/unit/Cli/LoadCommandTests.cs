using System.Text.Json;

namespace LibbpfSharp.Tests.Unit.Cli;

public sealed class LoadCommandTests
{
    [Fact]
    public void Object_that_loads_has_a_line_per_map_and_program()
    {
        CliRun run = CliRun.Of("load", TestObjects.GetPath("calls"), "--kernel", "emulator");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            "map\tsums\tHASH\tok\nmap\tcalls.bss\tARRAY\tok\nprogram\tfirst\tSCHED_CLS\tok\nprogram\tsecond\tSCHED_CLS\tok\nprogram\tthird\tSOCKET_FILTER\tskipped: not loaded by default\n",
            run.Out);
        Assert.Matches(@"(?m)^  second +SCHED_CLS +ok$", CliRun.OnTerminal("load", TestObjects.GetPath("calls"), "--kernel", "emulator").Out);
    }

    [Fact]
    public void Json_says_the_same()
    {
        CliRun run = CliRun.Of("load", TestObjects.GetPath("maps"), "--kernel", "emulator", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Out);

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("emulated", json.RootElement.GetProperty("kernel").GetString(), StringComparison.Ordinal);
        Assert.Equal(("managed", "ok", null), (json.RootElement.GetProperty("loader").GetString(), json.RootElement.GetProperty("load").GetString(), json.RootElement.GetProperty("error").GetString()));
        Assert.Equal(9, json.RootElement.GetProperty("maps").GetArrayLength());
        Assert.All(json.RootElement.GetProperty("programs").EnumerateArray(), p => Assert.Equal("ok", p.GetProperty("result").GetString()));
    }

    [Fact]
    public void Object_that_does_not_load_says_which_part_and_why()
    {
        CliRun run = CliRun.Of("load", TestObjects.GetPath("sections"), "--kernel", "emulator", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Out);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("fail", json.RootElement.GetProperty("load").GetString());
        string error = json.RootElement.GetProperty("error").GetString()!;
        Assert.Equal($"libbpfsharp: {error}\n", run.Error);
        JsonElement culprit = Assert.Single(json.RootElement.GetProperty("programs").EnumerateArray(), p => p.GetProperty("result").GetString() == "fail");
        Assert.Contains($"'{culprit.GetProperty("name").GetString()}'", error, StringComparison.Ordinal);
        Assert.Equal(error, culprit.GetProperty("error").GetString());
    }

    [Fact]
    public void Wrong_arguments_are_usage_errors()
    {
        Assert.Equal((2, ""), (CliRun.Of("load", "--kernel", "emulator", "--loader", "libbpf", "x.o").ExitCode, CliRun.Of("load", "--kernel", "solaris", "x.o").Out));
        Assert.Equal(2, CliRun.Of("load", "--kernel", "solaris", "x.o").ExitCode);
        Assert.Equal(2, CliRun.Of("load").ExitCode);
        Assert.Equal((1, ""), (CliRun.Of("load", "--kernel", "emulator", "/no/such.o").ExitCode, CliRun.Of("load", "--kernel", "emulator", "/no/such.o").Out));
        Assert.Equal(1, CliRun.Of("load", "--kernel", "emulator", "--btf", "/no/such.btf", TestObjects.GetPath("maps")).ExitCode);
    }

    [Fact]
    public void Doctor_asks_the_kernel_for_every_type()
    {
        CliRun run = CliRun.Of("doctor", "--kernel", "emulator", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Out);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("supported", Support("programTypes", "XDP"));
        Assert.Equal("supported", Support("mapTypes", "PERCPU_HASH"));
        Assert.All(
            json.RootElement.GetProperty("programTypes").EnumerateArray().Concat(json.RootElement.GetProperty("mapTypes").EnumerateArray()),
            f => Assert.Contains(f.GetProperty("support").GetString(), new[] { "supported", "unsupported", "not_permitted" }));
        Assert.Contains("program type\tXDP\tsupported\n", CliRun.Of("doctor", "--kernel", "emulator").Out, StringComparison.Ordinal);

        string? Support(string list, string name) =>
            Assert.Single(json.RootElement.GetProperty(list).EnumerateArray(), f => f.GetProperty("name").GetString() == name).GetProperty("support").GetString();
    }
}
