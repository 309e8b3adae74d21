using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Formats.CoRe;

/// <summary>A type of the target that may be the one a relocation means.</summary>
internal readonly record struct CoreCandidate(BtfData Btf, uint Id, string? Module);
