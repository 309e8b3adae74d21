namespace LibbpfSharp.Formats.Binaries;

/// <summary>A place in a binary that its authors marked as a probe (USDT); a probe's name may have several places.</summary>
/// <param name="Provider">The provider, such as "libc".</param>
/// <param name="Name">The probe, such as "setjmp".</param>
/// <param name="Address">Address of the instruction to probe in the program's own numbering.</param>
/// <param name="FileOffset">Where that instruction is in the file, in bytes.</param>
/// <param name="SemaphoreOffset">Where the counter is in the file that must be non-zero for the probe to fire, in bytes; 0 if it has none.</param>
/// <param name="Arguments">The arguments in the notation of the note.</param>
public sealed record UsdtProbe(string Provider, string Name, ulong Address, ulong FileOffset, ulong SemaphoreOffset, string Arguments)
{
    /// <summary>Where each argument is found when the probe fires.</summary>
    /// <param name="machine">ELF machine of the binary.</param>
    /// <exception cref="NotSupportedException">An argument is in a place that usdt.bpf.h cannot read, or the machine is unknown.</exception>
    public IReadOnlyList<UsdtArgument> ParseArguments(int machine) => UsdtArgumentParser.Parse(Arguments, machine);
}
