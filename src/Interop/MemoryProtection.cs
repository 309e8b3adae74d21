namespace LibbpfSharp.Interop;

/// <summary>Access to mapped memory, as PROT_*.</summary>
[Flags]
public enum MemoryProtection
{
    /// <summary>PROT_NONE.</summary>
    None = 0,

    /// <summary>PROT_READ.</summary>
    Read = 1,

    /// <summary>PROT_WRITE.</summary>
    Write = 2,
}
