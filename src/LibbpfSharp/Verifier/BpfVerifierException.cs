namespace LibbpfSharp;

/// <summary>
/// The verifier refused a program. The message is one or two sentences; <see cref="Log"/> has all that the verifier
/// wrote, <see cref="Report"/> its parts.
/// </summary>
public sealed class BpfVerifierException : BpfException
{
    /// <summary>Makes an exception and reads the log.</summary>
    /// <param name="errno">The positive errno.</param>
    /// <param name="program">Name of the program.</param>
    /// <param name="log">The verifier's log.</param>
    /// <param name="isLogTruncated">True if the log was cut at the limit set.</param>
    public BpfVerifierException(BpfErrno errno, string program, string log, bool isLogTruncated = false)
        : this(errno, program, log, isLogTruncated, VerifierLogParser.Parse(log))
    {
    }

    private BpfVerifierException(BpfErrno errno, string program, string log, bool isLogTruncated, BpfVerifierReport report)
        : base(errno, "verification", $"program '{program}'", Compose(report))
    {
        Program = program;
        Log = log;
        IsLogTruncated = isLogTruncated;
        Report = report;
    }

    /// <summary>Name of the program that was refused.</summary>
    public string Program { get; }

    /// <summary>The verifier's log in full.</summary>
    public string Log { get; }

    /// <summary>True if the log outgrew the limit; its end, where the reason is, is there all the same.</summary>
    public bool IsLogTruncated { get; }

    /// <summary>What the log says, in parts.</summary>
    public BpfVerifierReport Report { get; }

    /// <summary>The message, the log in full, and the stack trace.</summary>
    public override string ToString() => $"{GetType().FullName}: {Message}\n--- verifier log of '{Program}' ---\n{Log}\n--- end of verifier log ---\n{StackTrace}";

    /// <summary>The same refusal with a report that says more.</summary>
    internal BpfVerifierException With(BpfVerifierReport report) => new(Errno, Program, Log, IsLogTruncated, report);

    private static string Compose(BpfVerifierReport report)
    {
        string text = report.Reason ?? report.Category ?? "The log has no reason";
        if (report.Category is { } category && !ReferenceEquals(category, report.Reason))
            text = $"{category}: {text}";
        if (report.FailingInstruction is { } instruction)
            text += $", at instruction {instruction}";
        if (report.SourceText is { } source)
        {
            string place = report.SourceFile is null ? "" : $"{Path.GetFileName(report.SourceFile)}:{report.SourceLine} ";
            text += $" ({place}'{source}')";
        }

        text = text.TrimEnd('.') + ".";
        return report.Hint is null ? text : $"{text} {report.Hint}";
    }
}
