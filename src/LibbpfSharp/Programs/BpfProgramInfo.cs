namespace LibbpfSharp;

/// <summary>What the kernel tells of a program (struct bpf_prog_info).</summary>
/// <param name="Type">Kind of program.</param>
/// <param name="Id">Number of the program in the whole system.</param>
/// <param name="Name">Name, at most 15 bytes.</param>
/// <param name="Tag">Hash of the instructions.</param>
/// <param name="JitedSize">Bytes of machine code; 0 if it is interpreted or hidden.</param>
/// <param name="XlatedSize">Bytes of instructions after the verifier's rewriting.</param>
/// <param name="IsGplCompatible">Whether its license opens GPL-only helpers.</param>
/// <param name="MapCount">How many maps it uses.</param>
/// <param name="BtfId">Id of its BTF; 0 for none.</param>
/// <param name="RunTime">Time spent running, while statistics were on.</param>
/// <param name="RunCount">Runs, while statistics were on.</param>
/// <param name="RecursionMisses">Runs skipped because the program was running on that CPU.</param>
/// <param name="VerifiedInstructions">How many instructions the verifier walked through (5.16).</param>
public sealed record BpfProgramInfo(
    BpfProgramType Type,
    uint Id,
    string Name,
    ulong Tag,
    uint JitedSize,
    uint XlatedSize,
    bool IsGplCompatible,
    uint MapCount,
    uint BtfId,
    TimeSpan RunTime,
    ulong RunCount,
    ulong RecursionMisses,
    uint VerifiedInstructions)
{
    /// <summary>When it was loaded, as time since the machine started.</summary>
    public TimeSpan LoadedAt { get; init; }

    /// <summary>Number of the user who loaded it.</summary>
    public uint UserId { get; init; }

    /// <summary>How many functions its BTF names: itself and its subprograms; 0 without BTF.</summary>
    public uint FunctionCount { get; init; }

    /// <summary>How many places its BTF knows the source line of; 0 without BTF.</summary>
    public uint LineCount { get; init; }

    /// <summary>Id of the BTF that has what it was loaded for (5.18); 0 for kinds without such a target.</summary>
    public uint AttachBtfObjectId { get; init; }

    /// <summary>Id in that BTF of what it was loaded for (5.18).</summary>
    public uint AttachBtfId { get; init; }
}
