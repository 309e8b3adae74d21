namespace LibbpfSharp.Emulator;

/// <summary>A place in C source.</summary>
internal readonly record struct SourceLine(string? File, int Line, int Column, string? Text);
