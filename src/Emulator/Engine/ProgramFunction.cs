namespace LibbpfSharp.Emulator;

/// <summary>A function of a program: the main one or a subprogram.</summary>
internal sealed class ProgramFunction
{
    /// <summary>Its number.</summary>
    public required int Index { get; init; }

    /// <summary>Name from BTF; "main" or "funcN" without.</summary>
    public required string Name { get; set; }

    /// <summary>First instruction slot.</summary>
    public required int FirstSlot { get; init; }

    /// <summary>Slot after the last one.</summary>
    public required int EndSlot { get; set; }

    /// <summary>First op.</summary>
    public int FirstOp { get; set; }

    /// <summary>Deepest stack byte that it addresses by constants, in bytes below r10.</summary>
    public int StackDepth { get; set; }

    /// <summary>Bytes below r10 to zero when it is called: all that it may read.</summary>
    public int StackToClear { get; set; }

    /// <summary>Functions it calls, with the slot of one call each.</summary>
    public List<(int Function, int Slot)> Calls { get; } = [];

    /// <summary>It is called back by a helper (its address is taken).</summary>
    public bool IsCallback { get; set; }

    /// <summary>It calls bpf_throw.</summary>
    public bool Throws { get; set; }

    /// <summary>It contains a tail call.</summary>
    public bool HasTailCall { get; set; }
}
