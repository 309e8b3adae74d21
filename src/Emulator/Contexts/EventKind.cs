namespace LibbpfSharp.Emulator;

/// <summary>A type whose context is a uapi structure with rules per field; an <see cref="EventState"/> stands behind it.</summary>
internal sealed unsafe class EventKind(
    BpfProgramType type, string name, uint contextSize, EventField[] fields, Func<BpfAttachType, (int Minimum, int Maximum)?>? returnRange = null) : ProgramKind
{
    private const uint DefaultSize = 4;

    public override BpfProgramType Type => type;

    public override string Name => name;

    public override uint ContextSize => contextSize;

    /// <summary>BPF_PROG_TEST_RUN, for the types that have it.</summary>
    public Func<ProgramTestRun, int>? TestRunner { get; init; }

    /// <summary>The fields, by offset.</summary>
    public IReadOnlyList<EventField> Fields => fields;

    public override int TestRun(ProgramTestRun request) => TestRunner?.Invoke(request) ?? base.TestRun(request);

    public override bool TryLoad(RunContext run, uint offset, int size, out ulong value)
    {
        value = 0;
        if (run.ContextState is not EventState state || !TryFind(run, offset, (uint)size, out EventField field))
            return false;
        if ((field.Access & (EventAccess.Socket | EventAccess.Data | EventAccess.DataEnd)) != 0)
        {
            if ((uint)size != field.Size || offset != field.Offset)
                return false;
            value = (field.Access & EventAccess.Socket) != 0
                ? state.Socket?.Address(run) ?? 0
                : state.Packet is not { } packet ? 0 : (field.Access & EventAccess.Data) != 0 ? packet.DataAddress : packet.EndAddress;
            return true;
        }

        bool whole = (uint)size == field.Size && (offset - field.Offset) % field.Size == 0;
        bool wide = (field.Access & EventAccess.Wide) != 0 && size == 8 && (offset & 7) == 0 && offset + 8 <= field.End;
        bool narrow = (field.Access & EventAccess.Narrow) != 0 && (uint)size < field.Size && offset % (uint)size == 0;
        if (!whole && !wide && !narrow)
            return false;
        new ReadOnlySpan<byte>(state.Pointer + offset, size).CopyTo(new Span<byte>(System.Runtime.CompilerServices.Unsafe.AsPointer(ref value), size));
        return true;
    }

    public override bool TryStore(RunContext run, uint offset, int size, ulong value)
    {
        if (run.ContextState is not EventState state || !TryFind(run, offset, (uint)size, out EventField field) || (field.Access & EventAccess.Write) == 0)
            return false;
        if (field.WritableFor.Length > 0 && Array.IndexOf(field.WritableFor, run.Program.ExpectedAttachType) < 0)
            return false;
        bool whole = (uint)size == field.Size && (offset - field.Offset) % field.Size == 0;
        bool wide = (field.Access & EventAccess.Wide) != 0 && size == 8 && (offset & 7) == 0 && offset + 8 <= field.End;
        if (!whole && !wide)
            return false;
        new ReadOnlySpan<byte>(&value, size).CopyTo(new Span<byte>(state.Pointer + offset, size));
        return true;
    }

    public override (int Minimum, int Maximum)? ReturnRange(BpfAttachType expectedAttachType) => returnRange?.Invoke(expectedAttachType);

    /// <summary>A field by its name in C; an element of an array as "name[2]".</summary>
    public bool TryFindField(string field, out uint offset, out uint size)
    {
        uint index = 0;
        int bracket = field.IndexOf('[', StringComparison.Ordinal);
        if (bracket > 0)
        {
            index = uint.Parse(field[(bracket + 1)..^1], System.Globalization.CultureInfo.InvariantCulture);
            field = field[..bracket];
        }

        foreach (EventField known in fields)
        {
            if (known.Name != field || index >= known.Count)
                continue;
            offset = known.Offset + (index * known.Size);
            size = known.Size;
            return true;
        }

        offset = 0;
        size = DefaultSize;
        return false;
    }

    private bool TryFind(RunContext run, uint offset, uint size, out EventField field)
    {
        foreach (EventField known in fields)
        {
            if (offset < known.Offset || offset + size > known.End)
                continue;
            field = known;
            return known.Only.Length == 0 || Array.IndexOf(known.Only, run.Program.ExpectedAttachType) >= 0;
        }

        field = default;
        return false;
    }
}
