namespace LibbpfSharp;

/// <summary>
/// A program seen as its kind, with the attach calls of that kind and no others. A view: the program stays whose it is,
/// and is disposed of by its owner.
/// </summary>
public abstract class BpfTypedProgram
{
    private protected BpfTypedProgram(BpfProgram program, string kind, params ReadOnlySpan<BpfProgramType> types)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (!types.Contains(program.Type))
            throw new BpfException(BpfErrno.EINVAL, $"using it as {kind}", program.Subject, $"It is a {program.Type} program; this wants {string.Join(" or ", types.ToArray())}.");
        Program = program;
    }

    /// <summary>The program itself.</summary>
    public BpfProgram Program { get; }

    /// <summary>The program's name.</summary>
    public string Name => Program.Name;

    /// <inheritdoc/>
    public override string ToString() => Program.ToString();

    /// <summary>Throws if the program was loaded for another way of attaching. One opened by id or pin does not tell.</summary>
    private protected void RequireAttachType(string kind, params ReadOnlySpan<BpfAttachType> attachTypes)
    {
        if (Program.ExpectedAttachType != 0 && !attachTypes.Contains(Program.ExpectedAttachType))
            throw new BpfException(BpfErrno.EINVAL, $"using it as {kind}", Program.Subject, $"It was loaded for {Program.ExpectedAttachType}; this wants {string.Join(" or ", attachTypes.ToArray())}.");
    }
}
