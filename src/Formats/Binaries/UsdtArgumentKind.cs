namespace LibbpfSharp.Formats.Binaries;

/// <summary>Places of USDT arguments; the numbers are those of enum __bpf_usdt_arg_type in libbpf's usdt.bpf.h.</summary>
public enum UsdtArgumentKind
{
    /// <summary>A constant.</summary>
    Constant = 0,

    /// <summary>The value of a register.</summary>
    Register = 1,

    /// <summary>Memory at register plus displacement.</summary>
    Memory = 2,

    /// <summary>Memory at base plus scaled index plus displacement (usdt.bpf.h of libbpf 1.7).</summary>
    IndexedMemory = 3,
}
