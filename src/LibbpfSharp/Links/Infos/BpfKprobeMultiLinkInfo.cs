namespace LibbpfSharp;

/// <summary>What the kernel tells of a link on many kernel functions; kernels before 6.6 tell nothing beyond the ids.</summary>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached.</param>
/// <param name="OnReturn">On return instead of at the entry.</param>
/// <param name="Missed">Hits that did not run the program, because it was running on that CPU (6.7).</param>
/// <param name="Addresses">Addresses of the functions, in ascending order; zeros if this process may not see kernel addresses.</param>
/// <param name="Cookies">Cookies in the order of the addresses (6.9); empty if there are none.</param>
public sealed record BpfKprobeMultiLinkInfo(uint Id, uint ProgramId, bool OnReturn, ulong Missed, IReadOnlyList<ulong> Addresses, IReadOnlyList<ulong> Cookies)
    : BpfLinkInfo(BpfLinkType.KprobeMulti, Id, ProgramId);
