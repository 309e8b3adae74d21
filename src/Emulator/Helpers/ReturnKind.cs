namespace LibbpfSharp.Emulator;

/// <summary>What a helper returns.</summary>
internal enum ReturnKind : byte
{
    /// <summary>A number: a result, 0, or -errno.</summary>
    Integer,

    /// <summary>Nothing useful.</summary>
    Void,

    /// <summary>A map value or NULL.</summary>
    MapValueOrNull,

    /// <summary>Other memory or NULL.</summary>
    MemoryOrNull,

    /// <summary>A kernel object.</summary>
    Object,

    /// <summary>A kernel object or NULL, which may have to be released.</summary>
    ObjectOrNull,
}
