namespace LibbpfSharp.Formats.Instructions;

/// <summary>
/// What the source register says of a 64-bit immediate load or of a call (BPF_PSEUDO_*, uapi/linux/bpf.h).
/// </summary>
public static class BpfPseudo
{
    /// <summary>Load: the immediate is a map's descriptor; the register receives the map.</summary>
    public const byte MapFd = 1;

    /// <summary>Load: the immediate is a map's descriptor, the next slot's an offset; the register receives an address in the map's value.</summary>
    public const byte MapValue = 2;

    /// <summary>Load: the immediate is the BTF id of a kernel variable, the next slot's the descriptor of a module's BTF or 0.</summary>
    public const byte BtfId = 3;

    /// <summary>Load: the immediate is the distance in slots to a subprogram, counted as for a call; the register receives its address.</summary>
    public const byte Func = 4;

    /// <summary>As <see cref="MapFd"/>, by an index into fd_array.</summary>
    public const byte MapIdx = 5;

    /// <summary>As <see cref="MapValue"/>, by an index into fd_array.</summary>
    public const byte MapIdxValue = 6;

    /// <summary>Call of a helper by its id. (The kernel has no name for it.)</summary>
    public const byte HelperCall = 0;

    /// <summary>Call of a subprogram: the immediate is the distance in slots from the next instruction.</summary>
    public const byte Call = 1;

    /// <summary>Call of a kernel function by its BTF id; the offset is an index into fd_array, 0 for vmlinux.</summary>
    public const byte KfuncCall = 2;
}
