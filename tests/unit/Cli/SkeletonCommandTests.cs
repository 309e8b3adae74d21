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
}
