namespace LibbpfSharp.Emulator;

/// <summary>A type whose context is plain memory.</summary>
internal class PlainKind(BpfProgramType type, string name, uint contextSize, bool isWritable = false, (int Minimum, int Maximum)? returnRange = null) : ProgramKind
{
    public override BpfProgramType Type => type;

    public override string Name => name;

    public override uint ContextSize => contextSize;

    public override bool HasPlainContext => true;

    public override bool IsContextWritable => isWritable;

    public override (int Minimum, int Maximum)? ReturnRange(BpfAttachType expectedAttachType) => returnRange;
}
