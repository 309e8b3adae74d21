namespace LibbpfSharp.Cli;

/// <summary>Exit codes of the tool.</summary>
internal static class CliExit
{
    /// <summary>All well.</summary>
    public const int Success = 0;

    /// <summary>The object did not load, or a file could not be read.</summary>
    public const int LoadFailed = 1;

    /// <summary>Wrong arguments.</summary>
    public const int Usage = 2;

    /// <summary>A program was run and failed, or faulted.</summary>
    public const int RunFailed = 3;
}
