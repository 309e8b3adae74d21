using System.Text.Json;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Tests.Unit.Formats.Objects;

namespace LibbpfSharp.Tests.Unit.Cli;

public sealed class RunCommandTests : IDisposable
{
    private static readonly byte[] s_packet = [.. Enumerable.Range(1, 60).Select(i => (byte)i)];

    private readonly string _packet = Path.GetTempFileName();
    private readonly string _output = Path.GetTempFileName();

    public RunCommandTests() => File.WriteAllBytes(_packet, s_packet);

    public void Dispose()
    {
        File.Delete(_packet);
        File.Delete(_output);
    }

    [Fact]
    public void Programs_run_in_order_and_maps_are_shown()
    {
        CliRun run = CliRun.Of(
            "run", TestObjects.GetPath("maps"), "--kernel", "emulator", "--program", "entry", "--program", "tail_two", "--data-in", _packet, "--data-out", _output, "--dump-maps", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Out);
        JsonElement root = json.RootElement;

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(["kernel", "load", "error", "runs", "maps"], root.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("ok", null), (root.GetProperty("load").GetString(), root.GetProperty("error").GetString()));
        string hex = Convert.ToHexStringLower(s_packet);
        Assert.Equal(
            [("entry", 2u, 0, hex), ("tail_two", 1u, 0, hex)], // the tail call of entry gives XDP_PASS
            root.GetProperty("runs").EnumerateArray().Select(r => (r.GetProperty("program").GetString(), r.GetProperty("retval").GetUInt32(), r.GetProperty("errno").GetInt32(), r.GetProperty("data_out").GetString())));
        Assert.Equal(s_packet, File.ReadAllBytes(_output));

        JsonElement maps = root.GetProperty("maps");
        Assert.Equal("PERCPU_ARRAY", maps.GetProperty("sized_array").GetProperty("type").GetString());
        Assert.Equal(
            [("00000000", 64), ("01000000", 64), ("02000000", 64)], // 12 bytes take 16 on each of 2 CPUs
            maps.GetProperty("sized_array").GetProperty("entries").EnumerateArray().Select(e => (e.GetProperty("key").GetString(), e.GetProperty("value").GetString()!.Length)));
        Assert.Equal(0, maps.GetProperty("typed_hash").GetProperty("entries").GetArrayLength());
        foreach (string name in new[] { "events", "outer", "tails", "bloom" })
            Assert.Equal(JsonValueKind.Null, maps.GetProperty(name).GetProperty("entries").ValueKind);
    }

    [Fact]
    public void Internal_maps_go_by_their_sections_and_maps_are_empty_unless_asked_for()
    {
        string[] arguments = ["run", TestObjects.GetPath("calls"), "--kernel", "emulator", "--program", "third", "--data-in", _packet, "--json"];
        using JsonDocument with = JsonDocument.Parse(CliRun.Of([.. arguments, "--dump-maps"]).Out);
        using JsonDocument without = JsonDocument.Parse(CliRun.Of(arguments).Out);

        Assert.Equal(["sums", ".bss"], with.RootElement.GetProperty("maps").EnumerateObject().Select(p => p.Name));
        Assert.Empty(without.RootElement.GetProperty("maps").EnumerateObject());
        Assert.Equal(46u, without.RootElement.GetProperty("runs")[0].GetProperty("retval").GetUInt32()); // a socket filter's skb begins behind the Ethernet header
    }

    [Fact]
    public void Run_that_fails_has_its_errno_and_exit_code_3()
    {
        CliRun run = CliRun.Of("run", TestObjects.GetPath("maps"), "--kernel", "emulator", "--program", "tail_one", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Out);
        JsonElement only = Assert.Single(json.RootElement.GetProperty("runs").EnumerateArray());

        Assert.Equal(3, run.ExitCode);
        Assert.Equal((JsonValueKind.Null, 22, JsonValueKind.Null), (only.GetProperty("retval").ValueKind, only.GetProperty("errno").GetInt32(), only.GetProperty("data_out").ValueKind));
        Assert.Contains("EINVAL", run.Error, StringComparison.Ordinal);
        Assert.Contains("run\ttail_one\tEINVAL\t-\n", CliRun.Of("run", TestObjects.GetPath("maps"), "--kernel", "emulator", "--program", "tail_one").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_says_where_the_program_went_wrong()
    {
        ElfObjectBuilder elf = new();
        BpfInstruction[] code = new BpfAssembler().Mov(BpfRegister.R1, 0).Load(BpfSize.Word, BpfRegister.R0, BpfRegister.R1, 8).Exit().Build();
        elf.Symbol("null_read", elf.Section("tc", BpfInstruction.AsBytes(code).ToArray(), flags: 6), 0, 24, type: 2);
        elf.Section("license", "GPL\0"u8.ToArray());
        File.WriteAllBytes(_output, elf.ToArray());

        CliRun run = CliRun.Of("run", _output, "--kernel", "emulator", "--program", "null_read", "--data-in", _packet, "--json");
        using JsonDocument json = JsonDocument.Parse(run.Out);
        JsonElement only = Assert.Single(json.RootElement.GetProperty("runs").EnumerateArray());
        Assert.Equal((3, 14), (run.ExitCode, only.GetProperty("errno").GetInt32()));
        JsonElement fault = only.GetProperty("fault");
        Assert.Equal(("null_read", 1, "0x8", 4, false), (fault.GetProperty("program").GetString(), fault.GetProperty("instruction").GetInt32(), fault.GetProperty("address").GetString(), fault.GetProperty("accessSize").GetInt32(), fault.GetProperty("write").GetBoolean()));
        Assert.NotEmpty(fault.GetProperty("kind").GetString()!);
    }

    [Fact]
    public void Trace_shows_instructions_with_registers_and_C_lines()
    {
        CliRun run = CliRun.Of("run", TestObjects.GetPath("calls"), "--kernel", "emulator", "--program", "third", "--data-in", _packet, "--trace", "--json");
        Assert.Equal(0, run.ExitCode);
        using JsonDocument json = JsonDocument.Parse(run.Out);
        Assert.Equal(46u, json.RootElement.GetProperty("runs")[0].GetProperty("retval").GetUInt32());
        string[] lines = run.Error.Split('\n');
        Assert.Equal("third: cpu 0", lines[0]);
        Assert.Matches(@"^; calls\.bpf\.c:\d+ .+$", lines[1]);
        Assert.Matches(@"^   0: r\d = .* r1=0x[0-9a-f]+$", lines[2]);
        Assert.Contains(lines, l => l.EndsWith("exit                              r0=0x2e", StringComparison.Ordinal));
    }

    [Fact]
    public void Coverage_is_written_for_all_programs_that_were_loaded()
    {
        CliRun run = CliRun.Of("run", TestObjects.GetPath("calls"), "--kernel", "emulator", "--program", "third", "--program", "third", "--data-in", _packet, "--coverage", _output);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        string[] lines = File.ReadAllLines(_output);
        Assert.Equal("SF:./calls.bpf.c", lines[1]);
        Assert.Contains("FNDA:2,third", lines);
        Assert.Contains("FNDA:0,first", lines);
        Assert.Contains(lines, l => l.StartsWith("DA:", StringComparison.Ordinal) && l.EndsWith(",2", StringComparison.Ordinal));
        Assert.Equal("end_of_record", lines[^1]);
    }

    [Fact]
    public void Type_that_the_emulator_lacks_is_named_with_the_option()
    {
        CliRun run = CliRun.Of("run", TestObjects.GetPath("refused"), "--kernel", "emulator", "--program", "missing_field", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Out);
        Assert.Equal((1, "emulator", "fail"), (run.ExitCode, json.RootElement.GetProperty("kernel").GetString(), json.RootElement.GetProperty("load").GetString()));
        string error = json.RootElement.GetProperty("error").GetString()!;
        Assert.Contains("struct task_struct.nothing_of_this_name", error, StringComparison.Ordinal);
        Assert.Contains("--btf", error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_printed_goes_to_standard_error()
    {
        CliRun run = CliRun.Of("run", Path.Combine(AppContext.BaseDirectory, "differential", "print.bpf.o"), "--kernel", "emulator", "--program", "formats", "--data-in", _packet);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("bpf_trace_printk: a -5 7 ab\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Object_that_does_not_load_is_exit_code_1()
    {
        CliRun run = CliRun.Of("run", TestObjects.GetPath("sections"), "--kernel", "emulator", "--program", "p_socket", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Out);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("fail", json.RootElement.GetProperty("load").GetString());
        Assert.Equal($"libbpfsharp: {json.RootElement.GetProperty("error").GetString()}\n", run.Error);
        Assert.Empty(json.RootElement.GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public void Wrong_arguments_are_usage_errors()
    {
        string path = TestObjects.GetPath("maps");
        CliRun unknown = CliRun.Of("run", path, "--kernel", "emulator", "--program", "nothing");
        Assert.Equal((2, "", $"libbpfsharp: {path} has no program 'nothing'.\n"), (unknown.ExitCode, unknown.Out, unknown.Error));
        Assert.Equal(2, CliRun.Of("run", path).ExitCode);
        Assert.Equal(2, CliRun.Of("run", path, "--program", "entry", "--repeat", "0").ExitCode);
        Assert.Equal(2, CliRun.Of("run", path, "--program", "entry", "--cpu", "-1").ExitCode);
        Assert.Equal(2, CliRun.Of("run", path, "--program", "entry", "--data-in", "/no/such/packet").ExitCode);
        Assert.Equal(2, CliRun.Of("run", path, "--program", "entry", "--coverage", "/no/such/folder/file").ExitCode);
    }
}
