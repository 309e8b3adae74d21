namespace LibbpfSharp.Emulator;

/// <summary>enum bpf_struct_ops_state: what has become of a table of callbacks.</summary>
internal enum StructOpsState
{
    /// <summary>Nothing was stored.</summary>
    Initial,

    /// <summary>Registered without a link.</summary>
    InUse,

    /// <summary>Not registered any more, and not again.</summary>
    ToBeFreed,

    /// <summary>Stored, for links to register.</summary>
    Ready,
}
