namespace LibbpfSharp.Emulator;

/// <summary>What a helper takes as an argument; the load-time checks and the documentation are made from it.</summary>
internal enum ArgumentKind : byte
{
    /// <summary>No argument.</summary>
    None,

    /// <summary>Any number (ARG_ANYTHING).</summary>
    Anything,

    /// <summary>A map known at load (ARG_CONST_MAP_PTR).</summary>
    Map,

    /// <summary>A key of that map.</summary>
    MapKey,

    /// <summary>A value of that map.</summary>
    MapValue,

    /// <summary>The program's context.</summary>
    Context,

    /// <summary>Readable memory; the next argument is its size.</summary>
    Memory,

    /// <summary>Readable memory or NULL; the next argument is its size.</summary>
    MemoryOrNull,

    /// <summary>Memory the helper fills; the next argument is its size.</summary>
    WritableMemory,

    /// <summary>A size that is not 0.</summary>
    Size,

    /// <summary>A size that may be 0.</summary>
    SizeOrZero,

    /// <summary>A subprogram to call back (PSEUDO_FUNC).</summary>
    Function,

    /// <summary>Memory on the stack or NULL, handed to a callback.</summary>
    StackOrNull,

    /// <summary>A zero-terminated string known at load.</summary>
    ConstantString,

    /// <summary>A pointer to a lock, timer, dynptr, kernel object or other thing that the helper itself examines.</summary>
    Object,

    /// <summary>The same, or NULL.</summary>
    ObjectOrNull,
}
