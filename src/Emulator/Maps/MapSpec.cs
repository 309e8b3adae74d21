namespace LibbpfSharp.Emulator;

/// <summary>What a map is made from, after the checks that come before its type's own.</summary>
internal sealed class MapSpec
{
    public required BpfMapType Type { get; init; }

    public uint KeySize { get; init; }

    public uint ValueSize { get; init; }

    public uint MaxEntries { get; set; }

    /// <summary>All flags as passed; a map keeps them without those of the descriptor.</summary>
    public BpfMapFlags Flags { get; init; }

    public ulong Extra { get; init; }

    public uint InnerMapFd { get; init; }

    public uint NumaNode { get; init; }

    /// <summary>Whether key and value have BTF ids.</summary>
    public bool HasBtf { get; init; }

    public uint VmlinuxValueTypeId { get; init; }

    public bool Has(BpfMapFlags flag) => (Flags & flag) != 0;
}
