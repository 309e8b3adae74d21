namespace LibbpfSharp;

/// <summary>What the kernel tells of a link on many places of a binary; kernels before 6.8 tell nothing beyond the ids.</summary>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached.</param>
/// <param name="Path">Path of the binary.</param>
/// <param name="OnReturn">On return instead of at the instruction.</param>
/// <param name="ProcessId">The one process; 0 for all.</param>
/// <param name="Offsets">Offsets in the file, in bytes.</param>
/// <param name="ReferenceCounterOffsets">Offset in the file of the counter of each place; 0 for none.</param>
/// <param name="Cookies">Cookie of each place; 0 for none.</param>
public sealed record BpfUprobeMultiLinkInfo(uint Id, uint ProgramId, string Path, bool OnReturn, int ProcessId, IReadOnlyList<ulong> Offsets, IReadOnlyList<ulong> ReferenceCounterOffsets, IReadOnlyList<ulong> Cookies)
    : BpfLinkInfo(BpfLinkType.UprobeMulti, Id, ProgramId);
