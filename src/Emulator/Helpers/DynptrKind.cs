namespace LibbpfSharp.Emulator;

/// <summary>What a dynptr is over (enum bpf_dynptr_type).</summary>
internal enum DynptrKind
{
    /// <summary>Nothing.</summary>
    Invalid,

    /// <summary>Memory of the program: a map value, a user ring buffer's sample.</summary>
    Local,

    /// <summary>A ring buffer record.</summary>
    RingBuffer,

    /// <summary>A socket buffer.</summary>
    SocketBuffer,

    /// <summary>An xdp_buff.</summary>
    Xdp,
}
