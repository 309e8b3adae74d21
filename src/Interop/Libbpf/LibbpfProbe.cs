namespace LibbpfSharp.Interop;

/// <summary>What was found when libbpf was looked for.</summary>
/// <param name="Handle">The library, 0 if there is none that can be used.</param>
/// <param name="Version">Its version; null if there is none.</param>
/// <param name="Reason">Why it cannot be used, in words with the remedy; null if it can.</param>
internal sealed record LibbpfProbe(nint Handle, Version? Version, string? Reason);
