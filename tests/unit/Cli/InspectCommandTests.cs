using System.Text.Json;

namespace LibbpfSharp.Tests.Unit.Cli;

public sealed class InspectCommandTests
{
    public static TheoryData<string> Objects() => [.. TestObjects.Names];

    [Theory]
    [MemberData(nameof(Objects))]
    public void Json_fits_its_schema(string name)
    {
        CliRun run = CliRun.Of("inspect", TestObjects.GetPath(name), "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "inspect.schema.json")));
        using JsonDocument json = JsonDocument.Parse(run.Out);
        JsonSchemaCheck.Check(schema.RootElement, json.RootElement);
        Assert.Equal(name, json.RootElement.GetProperty("name").GetString());
        Assert.Equal(run.Out, CliRun.Of("inspect", "--json", TestObjects.GetPath(name)).Out);
    }

    [Fact]
    public void Json_says_what_the_object_has()
    {
        using JsonDocument json = JsonDocument.Parse(CliRun.Of("inspect", "--json", TestObjects.GetPath("calls")).Out);
        JsonElement second = json.RootElement.GetProperty("programs").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "second");

        Assert.Equal("SCHED_CLS", second.GetProperty("type").GetString());
        Assert.Equal(["add", "step", "leaf", "hidden_global", "shared_global", "branch"], second.GetProperty("subprograms").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal(["bpf_for_each_map_elem", "bpf_get_prandom_u32", "bpf_loop"], second.GetProperty("helpers").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal(["calls.bss", "sums"], second.GetProperty("maps").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal("5.17", json.RootElement.GetProperty("minimumKernel").GetString());

        using JsonDocument core = JsonDocument.Parse(CliRun.Of("inspect", "--json", TestObjects.GetPath("core")).Out);
        Assert.Equal(
            ["struct task_struct.group_leader", "struct task_struct.pid", "struct task_struct___old.not_there"],
            core.RootElement.GetProperty("coreRelocations").EnumerateArray().Select(r => r.GetProperty("target").GetString()));
    }

    [Fact]
    public void Text_is_plain_in_a_pipe_and_a_table_on_a_terminal()
    {
        string path = TestObjects.GetPath("globals");
        string pipe = CliRun.Of("inspect", path).Out;
        string terminal = CliRun.OnTerminal("inspect", path).Out;

        Assert.Contains("variable\t.bss\t0\t8\tzeroed\t__u64\tglobal\n", pipe, StringComparison.Ordinal);
        Assert.Contains("extern\tnot_there_kfunc___v2\tKfunc\tweak\tvoid (void)\n", pipe, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', pipe);
        Assert.Matches(@"(?m)^variable \(\d+\)$", terminal);
        Assert.Matches(@"(?m)^  section +offset +size +name +type +linkage$", terminal);
    }

    [Fact]
    public void Failures_go_to_stderr_with_their_exit_code()
    {
        string notBpf = Path.Combine(AppContext.BaseDirectory, "docs", "inspect.schema.json");
        CliRun malformed = CliRun.Of("inspect", notBpf, "--json");
        Assert.Equal((1, ""), (malformed.ExitCode, malformed.Out));
        Assert.StartsWith("libbpfsharp: ELF header, offset 0x0: ", malformed.Error, StringComparison.Ordinal);

        CliRun missing = CliRun.Of("inspect", "/no/such/file.bpf.o");
        Assert.Equal((1, ""), (missing.ExitCode, missing.Out));
        Assert.Contains("/no/such", missing.Error, StringComparison.Ordinal);

        Assert.Equal((2, ""), (CliRun.Of("inspect").ExitCode, CliRun.Of("inspect").Out));
        Assert.Equal(2, CliRun.Of().ExitCode);
        Assert.Equal(2, CliRun.Of("no-such-command").ExitCode);
        Assert.Contains("Try 'libbpfsharp inspect --help'.", CliRun.Of("inspect", "a", "--no-such-option").Error, StringComparison.Ordinal);
        Assert.Equal(0, CliRun.Of("--help").ExitCode);
    }
}
