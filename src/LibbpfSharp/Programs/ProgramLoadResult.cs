namespace LibbpfSharp;

/// <summary>What BPF_PROG_LOAD answered.</summary>
/// <param name="Result">The descriptor, or -errno.</param>
/// <param name="Log">The verifier's log; empty if none was asked for or written.</param>
/// <param name="IsLogTruncated">True if the log outgrew the limit.</param>
internal readonly record struct ProgramLoadResult(int Result, string Log, bool IsLogTruncated);
