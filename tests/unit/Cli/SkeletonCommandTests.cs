using LibbpfSharp.Tests.Skeleton;

namespace LibbpfSharp.Tests.Unit.Cli;

public sealed class SkeletonCommandTests
{
    [Fact]
    public void Class_is_written_and_compiles()
    {
        CliRun run = CliRun.Of("skeleton", TestObjects.GetPath("globals"), "--namespace", "My.App", "--class", "Counter", "--public");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("namespace My.App;\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("public sealed class Counter :", run.Out, StringComparison.Ordinal);
        GeneratedCode.Emit(run.Out);
    }

    [Fact]
    public void File_takes_the_place_of_stdout_and_warnings_go_to_stderr()
    {
        string file = Path.GetTempFileName();
        try
        {
            CliRun run = CliRun.Of("skeleton", TestObjects.GetPath("globals"), "-o", file, "--type", "pair", "--type", "no_such*");

            Assert.Equal((0, ""), (run.ExitCode, run.Out));
            Assert.StartsWith("libbpfsharp: warning BPF1003: the object has no type 'no_such*'", run.Error, StringComparison.Ordinal);
            Assert.Contains("internal sealed class Globals :", File.ReadAllText(file), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Failures_have_their_exit_code()
    {
        Assert.Equal(2, CliRun.Of("skeleton").ExitCode);
        Assert.Equal((1, ""), (CliRun.Of("skeleton", "/no/such/file").ExitCode, CliRun.Of("skeleton", "/no/such/file").Out));
        Assert.Equal(1, CliRun.Of("skeleton", typeof(SkeletonCommandTests).Assembly.Location).ExitCode);
    }

    [Theory]
    [InlineData("--class", "not a name", "error BPF1101: 'not a name'")]
    [InlineData("--namespace", "a..b", "error BPF1102: 'a..b'")]
    [InlineData("--event", "events", "--event events: a map, '=' and a type are expected.")]
    [InlineData("--event", "=struct event", "a map, '=' and a type are expected.")]
    public void Names_that_are_none_are_a_mistake_of_usage(string option, string value, string message)
    {
        CliRun run = CliRun.Of("skeleton", TestObjects.GetPath("events"), option, value);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_of_records_and_the_place_of_the_object_can_be_given()
    {
        CliRun run = CliRun.Of("skeleton", TestObjects.GetPath("skeleton/maps_events"), "--event", "untyped=struct command", "--object-path", "x/maps_events.bpf.o");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("BpfRingBufferMap<global::Bpf.MapsEvents.Command> Untyped", run.Out, StringComparison.Ordinal);
        Assert.Contains("\"x/maps_events.bpf.o\"", run.Out, StringComparison.Ordinal);
        GeneratedCode.Emit(run.Out);
    }

    [Fact]
    public void Object_that_cannot_be_used_is_told_with_its_reason()
    {
        string file = Path.GetTempFileName();
        try
        {
            byte[] bytes = TestObjects.Read("globals");
            bytes[5] = 2; // big-endian
            File.WriteAllBytes(file, bytes);
            CliRun run = CliRun.Of("skeleton", file);
            Assert.Equal((1, ""), (run.ExitCode, run.Out));
            Assert.Contains("endian", run.Error, StringComparison.Ordinal);
            File.WriteAllBytes(file, TestObjects.Read("globals")[..500]);
            run = CliRun.Of("skeleton", file);
            Assert.Equal((1, ""), (run.ExitCode, run.Out));
            Assert.Contains("offset 0x", run.Error, StringComparison.Ordinal);
            Assert.Equal(1, CliRun.Of("skeleton", TestObjects.GetPath("globals"), "-o", "/no/such/folder/x.cs").ExitCode);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
