namespace LibbpfSharp.Emulator;

/// <summary>Why a region can no longer be accessed.</summary>
internal enum RegionEnd : byte
{
    /// <summary>It can.</summary>
    None,

    /// <summary>The function whose stack frame it was has returned.</summary>
    Returned,

    /// <summary>The ring buffer record was submitted or discarded.</summary>
    Submitted,

    /// <summary>A helper moved or resized the packet; data and data_end must be loaded again.</summary>
    PacketChanged,

    /// <summary>The reference was released.</summary>
    Released,

    /// <summary>The lock under which the object was found was given back.</summary>
    Unlocked,

    /// <summary>The map element was deleted (told apart only under Strict; Linux keeps it readable until the program ends).</summary>
    Deleted,
}
