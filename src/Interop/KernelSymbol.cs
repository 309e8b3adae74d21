namespace LibbpfSharp.Interop;

/// <summary>A line of /proc/kallsyms.</summary>
/// <param name="Name">The symbol.</param>
/// <param name="Address">Its address; 0 when hidden.</param>
/// <param name="Type">The letter of nm: 't' and 'T' are functions.</param>
/// <param name="Module">The module that has it, or null for the kernel.</param>
public readonly record struct KernelSymbol(string Name, ulong Address, char Type, string? Module);
