namespace LibbpfSharp.Tests.Build.Tools;

/// <summary>What a command did.</summary>
/// <param name="Command">The command line, for messages.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Both outputs.</param>
internal sealed record BuildResult(string Command, int ExitCode, string Output)
{
    /// <summary>Fails the test if the command failed.</summary>
    public BuildResult Succeeded()
    {
        if (ExitCode != 0)
            Assert.Fail($"{Command} ended with {ExitCode}:\n{Output}");
        return this;
    }

    /// <summary>Fails the test if the command did not fail, or with another message.</summary>
    public BuildResult FailedWith(string text)
    {
        if (ExitCode == 0 || !Output.Contains(text, StringComparison.Ordinal))
            Assert.Fail($"{Command} should fail with '{text}', but ended with {ExitCode}:\n{Output}");
        return this;
    }
}
