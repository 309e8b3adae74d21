namespace LibbpfSharp.Emulator;

/// <summary>All there is to know of a helper, in one place: the loader, both engines and the documentation read it.</summary>
internal sealed unsafe class HelperDescriptor
{
    public required int Id { get; init; }

    /// <summary>Name in C, such as bpf_map_lookup_elem.</summary>
    public required string Name { get; init; }

    public ReturnKind Returns { get; init; }

    public IReadOnlyList<ArgumentKind> Arguments { get; init; } = [];

    public ProgramTypeSet ProgramTypes { get; init; } = ProgramTypeSet.All;

    /// <summary>First kernel that has it, such as "3.19".</summary>
    public required string Since { get; init; }

    /// <summary>Only programs with a GPL-compatible license may call it.</summary>
    public bool GplOnly { get; init; }

    /// <summary>It may move the packet: packet pointers loaded before are invalid afterwards.</summary>
    public bool ChangesPacket { get; init; }

    /// <summary>It calls back into the program.</summary>
    public bool CallsBack { get; init; }

    /// <summary>A check beyond the program type (attach type, sleepable, map type); null if none. Returns the reason of the refusal or null.</summary>
    public Func<ProgramLoad, string?>? Permit { get; init; }

    /// <summary>The helper itself.</summary>
    public delegate* managed<RunContext, ulong, ulong, ulong, ulong, ulong, ulong> Implementation { get; init; }

    /// <summary>A helper that a test registered; then <see cref="Implementation"/> is null.</summary>
    public EmulatedFunction? Registered { get; init; }
}
