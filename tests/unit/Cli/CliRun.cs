using LibbpfSharp.Cli;

namespace LibbpfSharp.Tests.Unit.Cli;

/// <summary>One run of the tool in this process: exit code and what it wrote.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    public static CliRun Of(params string[] args) => Run(terminal: false, args);

    public static CliRun OnTerminal(params string[] args) => Run(terminal: true, args);

    private static CliRun Run(bool terminal, string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int exit = CliApp.Run(args, new CliConsole(output, error, terminal, hasColours: false));
        return new(exit, output.ToString(), error.ToString());
    }
}
