namespace LibbpfSharp.Emulator;

/// <summary>Flags of a kfunc, as include/linux/btf.h has them (KF_*).</summary>
[Flags]
internal enum KfuncFlags : ushort
{
    None = 0,

    /// <summary>Returns a reference that must be released.</summary>
    Acquire = 1 << 0,

    /// <summary>Takes a reference and releases it.</summary>
    Release = 1 << 1,

    /// <summary>May return NULL.</summary>
    ReturnsNull = 1 << 2,

    /// <summary>Takes trusted pointers only.</summary>
    TrustedArguments = 1 << 4,

    /// <summary>Only sleepable programs may call it.</summary>
    Sleepable = 1 << 5,

    /// <summary>Destructive.</summary>
    Destructive = 1 << 6,

    /// <summary>Takes pointers valid under RCU.</summary>
    Rcu = 1 << 7,

    /// <summary>Makes an open-coded iterator.</summary>
    IteratorNew = 1 << 8,

    /// <summary>Steps an open-coded iterator.</summary>
    IteratorNext = 1 << 9,

    /// <summary>Ends an open-coded iterator.</summary>
    IteratorDestroy = 1 << 10,
}
