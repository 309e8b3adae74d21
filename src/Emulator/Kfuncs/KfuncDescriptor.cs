namespace LibbpfSharp.Emulator;

/// <summary>All there is to know of a kfunc. It is found by name in the kernel's BTF, so it has no number of its own.</summary>
internal sealed unsafe class KfuncDescriptor
{
    /// <summary>Name in C and in BTF.</summary>
    public required string Name { get; init; }

    public KfuncFlags Flags { get; init; }

    public ProgramTypeSet ProgramTypes { get; init; } = ProgramTypeSet.All;

    /// <summary>First kernel that has it, such as "6.6".</summary>
    public required string Since { get; init; }

    /// <summary>A check beyond the program type; null if none. Returns the reason of the refusal or null.</summary>
    public Func<ProgramLoad, string?>? Permit { get; init; }

    /// <summary>The kfunc itself.</summary>
    public delegate* managed<RunContext, ulong, ulong, ulong, ulong, ulong, ulong> Implementation { get; init; }

    /// <summary>A kfunc that a test registered; then <see cref="Implementation"/> is null.</summary>
    public EmulatedFunction? Registered { get; init; }
}
