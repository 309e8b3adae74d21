namespace LibbpfSharp.Emulator;

/// <summary>What programs may do with a context field besides loading it whole.</summary>
[Flags]
internal enum EventAccess
{
    None = 0,

    /// <summary>Load bytes and halves of it.</summary>
    Narrow = 1,

    /// <summary>Store it whole.</summary>
    Write = 2,

    /// <summary>Load and store two neighbouring words at once.</summary>
    Wide = 4,

    /// <summary>It is the address of a socket.</summary>
    Socket = 8,

    /// <summary>It is the address where data begins.</summary>
    Data = 16,

    /// <summary>It is the address where data ends.</summary>
    DataEnd = 32,
}
