using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Formats.CoRe;

/// <summary>A kernel module as a target of CO-RE relocations.</summary>
/// <param name="Name">Name of the module.</param>
/// <param name="Btf">Its BTF, with the kernel's as base.</param>
public sealed record CoreModule(string Name, BtfData Btf);
