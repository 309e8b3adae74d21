namespace LibbpfSharp.Formats.CoRe;

/// <summary>A CO-RE relocation as it was resolved, for messages and listings.</summary>
public sealed record CoreRelocationResult
{
    /// <summary>The relocation.</summary>
    public required CoreRelocation Relocation { get; init; }

    /// <summary>What came of it.</summary>
    public required CoreRelocationStatus Status { get; init; }

    /// <summary>What the object asks for, as C: "struct task_struct.pid (0:1 @ offset 4)". The offset is the one it was compiled with.</summary>
    public required string LocalSpec { get; init; }

    /// <summary>What was found in the target, in the same form; null if nothing was.</summary>
    public string? TargetSpec { get; init; }

    /// <summary>The module that has the type; null if the kernel itself has it, or nothing was found.</summary>
    public string? TargetModule { get; init; }

    /// <summary>Name of the root type, such as "struct task_struct".</summary>
    public required string TypeName { get; init; }

    /// <summary>The member or enumerator asked for, such as "pid" or "se.exec_start"; null for a relocation about a type.</summary>
    public string? MemberName { get; init; }

    /// <summary>The value that the object was compiled with.</summary>
    public ulong LocalValue { get; init; }

    /// <summary>The value for the target; 0 unless <see cref="CoreRelocationStatus.Resolved"/>.</summary>
    public ulong TargetValue { get; init; }

    /// <summary>Why it was poisoned or failed, in words; null if resolved.</summary>
    public string? Problem { get; init; }

    /// <summary>The C line, if the caller gave it.</summary>
    public string? SourceLine { get; init; }

    /// <summary>The size in bytes that a load or store must get, 0 to leave it.</summary>
    internal uint NewAccessSize { get; init; }

    /// <summary>The size in bytes that a load or store must have had, if <see cref="NewAccessSize"/> is set.</summary>
    internal uint OldAccessSize { get; init; }

    /// <summary>The sizes differ and the types do not allow to adjust a load or store.</summary>
    internal bool SizeMismatch { get; init; }

    /// <summary>Whether the instruction must hold <see cref="LocalValue"/>.</summary>
    internal bool Exact { get; init; }

    /// <summary>One line for people: what was asked, what became of it, where in C.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        string where = SourceLine is null ? "" : $" (at {SourceLine})";
        return Status switch
        {
            CoreRelocationStatus.Resolved => $"{Relocation.Kind} {LocalSpec} => {TargetValue}{(TargetSpec is null ? ", not in the target" : $", {TargetSpec}")}{where}",
            CoreRelocationStatus.Poisoned => $"{Relocation.Kind} {LocalSpec} is not in the target: {Problem}{where}",
            _ => $"{Relocation.Kind} {LocalSpec} cannot be relocated: {Problem}{where}",
        };
    }
}
