using System.Text;

namespace LibbpfSharp.Formats.Btf;

/// <summary>
/// Writes types as C that clang compiles to the same layout: what a type needs comes before it, padding is explicit, a name
/// that occurs twice gets <c>___2</c> (which CO-RE does not count). A type is written once, however often it is asked for.
/// </summary>
public sealed partial class BtfCDumper
{
    // Members by value nested deeper than this are malformed; the kernel's go to about a dozen.
    private const int MaxDepth = 200;

    // Anonymous types nested in each other can be written exponentially often; the largest of the kernel has some thousand parts.
    private const int MaxParts = 1_000_000;

    private readonly BtfData _btf;
    private readonly TextWriter _output;
    private readonly State[] _states;
    private readonly Dictionary<uint, string> _names = [];

    // The compiler defines these two itself, and not the same for every machine.
    private readonly Dictionary<string, int> _tags = new(StringComparer.Ordinal) { ["__va_list_tag"] = 1 };
    private readonly Dictionary<string, int> _identifiers = new(StringComparer.Ordinal) { ["__builtin_va_list"] = 1 };
    private Dictionary<(string Name, bool Union), uint>? _definitions;
    private int _budget;
    private uint _innermost; // the definition in whose body the next need arises: there its own name is declared already

    /// <summary>Makes a writer.</summary>
    /// <param name="btf">The types.</param>
    /// <param name="output">Where the C goes. Lines end in LF.</param>
    public BtfCDumper(BtfData btf, TextWriter output)
    {
        _btf = btf;
        _output = output;
        _states = new State[btf.TypeCount];
    }

    [Flags]
    private enum State : byte
    {
        None = 0,
        Declared = 1,
        InProgress = 2,
        Defined = 4,
    }

    /// <summary>Writes a whole BTF as a header in the manner of vmlinux.h: guarded, and with all accesses relocatable by CO-RE.</summary>
    /// <param name="btf">The types. Of split BTF only its own and what they need.</param>
    /// <param name="output">Where the C goes.</param>
    /// <exception cref="BpfObjectFormatException">A type is malformed.</exception>
    public static void WriteHeader(BtfData btf, TextWriter output)
    {
        output.Write("#ifndef __VMLINUX_H__\n#define __VMLINUX_H__\n\n");
        output.Write("#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)\n#endif\n\n");
        new BtfCDumper(btf, output).DumpAll();
        output.Write("#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n#pragma clang attribute pop\n#endif\n\n#endif /* __VMLINUX_H__ */\n");
    }

    /// <summary>Writes all types.</summary>
    /// <exception cref="BpfObjectFormatException">A type is malformed.</exception>
    public void DumpAll()
    {
        // Anonymous enumerations that nothing refers to are constants; the others appear where they are used.
        HashSet<uint> used = FindUsedAnonymousEnums();
        for (uint id = _btf.FirstId; id < _btf.TypeCount; id++)
        {
            BtfType type = _btf[id];
            bool top = type.NameOffset != 0
                ? type.IsComposite || type.IsAnyEnum || type.Kind is BtfKind.Typedef or BtfKind.Fwd
                : type.IsAnyEnum && !used.Contains(id);
            if (top)
                DumpType(id);
        }
    }

    /// <summary>Writes a type and, before it, what it needs and is not written yet.</summary>
    /// <param name="id">The type.</param>
    /// <exception cref="BpfObjectFormatException">A type is malformed.</exception>
    public void DumpType(uint id)
    {
        _budget = MaxParts;
        Need(id, complete: true, 0);
        BtfType type = _btf[id];
        if (type is { NameOffset: 0, IsAnyEnum: true } && !Has(id, State.Defined))
            _output.Write(EnumBody(type) + ";\n\n");
    }

    private bool Has(uint id, State state) => (_states[id] & state) != 0;

    private HashSet<uint> FindUsedAnonymousEnums()
    {
        HashSet<uint> used = [];
        for (uint id = 1; id < _btf.TypeCount; id++)
        {
            BtfType type = _btf[id];
            switch (type.Kind)
            {
                case BtfKind.Struct or BtfKind.Union:
                    foreach (BtfMember member in type.Members)
                        used.Add(member.TypeId);
                    break;
                case BtfKind.Array:
                    used.Add(type.ElementTypeId);
                    break;
                case BtfKind.FuncProto:
                    used.Add(type.TypeId);
                    foreach (BtfParameter parameter in type.Parameters)
                        used.Add(parameter.TypeId);
                    break;
                case BtfKind.Ptr or BtfKind.Typedef or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag:
                    used.Add(type.TypeId);
                    break;
            }
        }

        return used;
    }

    /// <summary>Writes what must precede a use of the type: its definition (<paramref name="complete"/>), or a declaration for use behind a pointer.</summary>
    private void Need(uint id, bool complete, int depth)
    {
        BtfType type = _btf[id];
        if (depth > MaxDepth)
            throw _btf.Malformed(type, $"types are nested more than {MaxDepth} deep.");
        switch (type.Kind)
        {
            case BtfKind.Ptr:
                Need(type.TypeId, false, depth + 1);
                break;
            case BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag:
                Need(type.TypeId, complete, depth + 1);
                break;
            case BtfKind.Array:
                // C wants the elements of an array complete even behind a pointer, unless that is just what is being written.
                Need(type.ElementTypeId, complete || !IsInProgress(type.ElementTypeId), depth + 1);
                break;
            case BtfKind.FuncProto when !Has(id, State.Declared):
                _states[id] |= State.Declared;
                Need(type.TypeId, false, depth + 1);
                foreach (BtfParameter parameter in type.Parameters)
                    Need(parameter.TypeId, false, depth + 1);
                break;
            case BtfKind.Typedef:
                NeedTypedef(type, complete, depth);
                break;
            case BtfKind.Struct or BtfKind.Union:
                NeedComposite(type, complete, depth);
                break;
            case BtfKind.Fwd:
                Declare(type);
                break;
            case BtfKind.Enum or BtfKind.Enum64 when type.NameOffset != 0 && !Has(id, State.Defined):
                _output.Write(EnumBody(type) + ";\n\n");
                break;
            case BtfKind.Int or BtfKind.Float when !Has(id, State.Defined):
                DefineUnknownBase(type);
                break;
        }
    }

    private bool IsInProgress(uint id) => Has(_btf.ResolveTypedefs(id), State.InProgress);

    private void NeedTypedef(BtfType type, bool complete, int depth)
    {
        if (!Has(type.Id, State.Declared))
        {
            // The typedef of a pointer to a struct that has the typedef as a member is met again while in progress.
            if (Has(type.Id, State.InProgress))
                throw _btf.Malformed(type, "the typedef refers to itself.");
            _states[type.Id] |= State.InProgress;
            uint outer = _innermost;
            _innermost = 0;
            Need(type.TypeId, false, depth + 1);
            _innermost = outer;
            _states[type.Id] = (_states[type.Id] & ~State.InProgress) | State.Declared;
            _output.Write($"typedef {Declarator(type.TypeId, NameOf(type), 0)};\n\n");
        }

        if (complete && !Has(type.Id, State.Defined))
        {
            Need(type.TypeId, true, depth + 1);
            _states[type.Id] |= State.Defined;
        }
    }

    private void NeedComposite(BtfType type, bool complete, int depth)
    {
        bool named = type.NameOffset != 0;
        if (Has(type.Id, State.Defined))
            return;
        if (named && !complete)
        {
            if (type.Id != _innermost)
                Declare(type);
            return;
        }

        if (Has(type.Id, State.InProgress))
            throw _btf.Malformed(type, "it contains itself.");
        _states[type.Id] |= State.InProgress;
        uint outer = _innermost;
        if (named)
            _innermost = type.Id;
        foreach (BtfMember member in type.Members)
            Need(member.TypeId, true, depth + 1);
        _innermost = outer;
        _states[type.Id] &= ~State.InProgress;
        _states[type.Id] |= State.Defined;
        if (named)
            _output.Write(CompositeBody(type, 0, 0) + ";\n\n");
    }

    private void Declare(BtfType type)
    {
        if (TryGetDefinition(type, out uint definition))
            type = _btf[definition];
        if (type.NameOffset == 0 || Has(type.Id, State.Declared | State.Defined))
            return;
        _states[type.Id] |= State.Declared;
        _output.Write($"{Keyword(type)} {NameOf(type)};\n\n");
    }

    // Types that a compiler has and BTF therefore does not define, but not every compiler: __Poly8_t and the like.
    private void DefineUnknownBase(BtfType type)
    {
        _states[type.Id] |= State.Defined;
        string name = type.Name;
        if (CTypes.IsBase(name) || name.Length == 0)
            return;
        _output.Write($"typedef {CTypes.BaseOfSize(type.Size, type.Kind == BtfKind.Float, type.Kind == BtfKind.Int && type.IsSignedInt)} {name};\n\n");
    }

    /// <summary>The name to write: numbered if another type of the name space has it already.</summary>
    private string NameOf(BtfType type)
    {
        if (_names.TryGetValue(type.Id, out string? known))
            return known;
        if (TryGetDefinition(type, out uint definition))
            return NameOf(_btf[definition]);
        string name = Unique(type.Kind == BtfKind.Typedef ? _identifiers : _tags, type.Name);
        _names.Add(type.Id, name);
        return name;
    }

    /// <summary>A forward declaration is of the first struct or union of its name, if there is one.</summary>
    private bool TryGetDefinition(BtfType type, out uint id)
    {
        id = 0;
        if (type.Kind != BtfKind.Fwd)
            return false;
        if (_definitions is null)
        {
            _definitions = [];
            for (uint i = 1; i < _btf.TypeCount; i++)
            {
                BtfType candidate = _btf[i];
                if (candidate.IsComposite && candidate.NameOffset != 0)
                    _definitions.TryAdd((candidate.Name, candidate.Kind == BtfKind.Union), i);
            }
        }

        return _definitions.TryGetValue((type.Name, type.IsForwardUnion), out id);
    }

    private static string Unique(Dictionary<string, int> names, string name)
    {
        int count = names.GetValueOrDefault(name) + 1;
        names[name] = count;
        return count == 1 ? name : $"{name}___{count}";
    }

    private string EnumBody(BtfType type)
    {
        _states[type.Id] |= State.Defined;
        StringBuilder text = new(type.NameOffset == 0 ? "enum" : $"enum {NameOf(type)}");
        if (type.VariableLength == 0)
            return text.ToString(); // a declaration of one that was never defined

        text.Append(" {\n");
        foreach (BtfEnumValue value in type.EnumValues)
        {
            text.Append('\t').Append(Unique(_identifiers, value.Name)).Append(" = ");
            if (type.IsSignedEnum)
                text.Append(value.Value == long.MinValue ? "(-9223372036854775807LL - 1)" : $"{value.Value}{(type.Size > 4 ? "LL" : "")}");
            else
                text.Append((ulong)value.Value).Append(type.Size > 4 ? "ULL" : "");
            text.Append(",\n");
        }

        text.Append('}');
        if (type.Size is 1 or 2)
            text.Append($" __attribute__((mode({(type.Size == 1 ? "byte" : "HI")})))");
        else if (type.Size == 8 && FitsInt(type))
            text.Append(" __attribute__((mode(DI)))");
        return text.ToString();
    }

    // C chooses the smallest type from int on that holds the values, whatever size was declared.
    private static bool FitsInt(BtfType type)
    {
        bool negative = false;
        foreach (BtfEnumValue value in type.EnumValues)
        {
            if (value.Value is < int.MinValue or > uint.MaxValue)
                return false;
            negative |= value.Value < 0;
        }

        foreach (BtfEnumValue value in type.EnumValues)
        {
            if (negative && value.Value > int.MaxValue)
                return false;
        }

        return true;
    }
}
