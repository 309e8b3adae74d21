using System.Text;

namespace LibbpfSharp.Formats.Btf;

/// <content>Declarators, and struct bodies with the padding that C would not add by itself.</content>
public sealed partial class BtfCDumper
{
    /// <summary>A declaration of a name with a type, as C: <c>int (*handler)(void *)</c>. Definitions are left to <see cref="DumpType"/>.</summary>
    /// <param name="btf">The types.</param>
    /// <param name="id">The type.</param>
    /// <param name="name">The name, may be empty.</param>
    /// <returns>The declaration, without semicolon; anonymous structs with their body.</returns>
    /// <exception cref="BpfObjectFormatException">A type is malformed.</exception>
    public static string Declaration(BtfData btf, uint id, string name) =>
        new BtfCDumper(btf, TextWriter.Null).Declare(id, name);

    /// <summary>A declaration of a name with a type, with the names that this writer gave to types.</summary>
    /// <param name="id">The type.</param>
    /// <param name="name">The name, may be empty.</param>
    /// <returns>The declaration, without semicolon; anonymous structs with their body.</returns>
    /// <exception cref="BpfObjectFormatException">A type is malformed.</exception>
    public string Declare(uint id, string name)
    {
        _budget = MaxParts;
        return Declarator(id, name, 0);
    }

    private static string Keyword(BtfType type) => type.Kind switch
    {
        BtfKind.Union => "union",
        BtfKind.Enum or BtfKind.Enum64 => "enum",
        BtfKind.Fwd when type.IsForwardUnion => "union",
        _ => "struct",
    };

    private static string Join(string type, string declarator) => declarator.Length == 0 ? type : $"{type} {declarator}";

    /// <summary>From the type inwards: what is declared so far grows on both sides until a type with a name remains.</summary>
    private string Declarator(uint id, string declarator, int indent)
    {
        string qualifiers = "";
        for (int depth = 0; ; depth++)
        {
            BtfType type = _btf[id];
            if (--_budget < 0)
                throw _btf.Malformed(type, $"written as C it has more than {MaxParts} parts.");
            if (depth > MaxDepth)
                throw _btf.Malformed(type, $"more than {MaxDepth} pointers, arrays and qualifiers in a row, or a cycle of them.");
            switch (type.Kind)
            {
                case BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict:
                    string qualifier = type.Kind switch { BtfKind.Const => "const ", BtfKind.Volatile => "volatile ", _ => "restrict " };
                    if (!qualifiers.Contains(qualifier, StringComparison.Ordinal))
                        qualifiers += qualifier;
                    id = type.TypeId;
                    continue;
                case BtfKind.TypeTag:
                    id = type.TypeId;
                    continue;
                case BtfKind.Ptr:
                    // Qualifiers met on the way belong to the pointer.
                    declarator = "*" + (qualifiers.Length == 0 ? declarator : $" {Join(qualifiers.TrimEnd(), declarator)}");
                    qualifiers = "";
                    if (_btf[_btf.StripModifiers(type.TypeId)].Kind is BtfKind.Array or BtfKind.FuncProto)
                        declarator = $"({declarator})";
                    id = type.TypeId;
                    continue;
                case BtfKind.Array:
                    declarator += $"[{type.ElementCount}]"; // qualifiers of an array are its elements'
                    id = type.ElementTypeId;
                    continue;
                case BtfKind.FuncProto:
                    declarator += $"({Parameters(type, indent)})";
                    qualifiers = "";
                    id = type.TypeId;
                    continue;
                default:
                    return qualifiers.Replace("restrict ", "", StringComparison.Ordinal) + Join(Named(type, indent), declarator);
            }
        }
    }

    private string Parameters(BtfType prototype, int indent)
    {
        if (prototype.VariableLength == 0)
            return "void";
        if (indent > MaxDepth)
            throw _btf.Malformed(prototype, $"prototypes are nested more than {MaxDepth} deep.");
        StringBuilder text = new();
        foreach (BtfParameter parameter in prototype.Parameters)
        {
            if (text.Length != 0)
                text.Append(", ");
            text.Append(parameter.IsVariadic ? "..." : Declarator(parameter.TypeId, "", indent + 1));
        }

        return text.ToString();
    }

    private string Named(BtfType type, int indent)
    {
        switch (type.Kind)
        {
            case BtfKind.Void:
                return "void";
            case BtfKind.Int or BtfKind.Float:
                return type.Name;
            case BtfKind.Typedef:
                return NameOf(type);
            case BtfKind.Struct or BtfKind.Union when type.NameOffset == 0:
                return CompositeBody(type, indent, indent);
            case BtfKind.Enum or BtfKind.Enum64 when type.NameOffset == 0:
                // Its enumerators can be defined only once.
                return Has(type.Id, State.Defined)
                    ? CTypes.BaseOfSize(type.Size, false, type.IsSignedEnum)
                    : EnumBody(type).Replace("\n", "\n" + new string('\t', indent), StringComparison.Ordinal);
            case BtfKind.Struct or BtfKind.Union or BtfKind.Fwd or BtfKind.Enum or BtfKind.Enum64:
                return $"{Keyword(type)} {NameOf(type)}";
            default:
                throw _btf.Malformed(type, "a variable cannot have this as its type.");
        }
    }

    private string CompositeBody(BtfType type, int indent, int depth)
    {
        if (depth > MaxDepth)
            throw _btf.Malformed(type, $"types are nested more than {MaxDepth} deep, or contain themselves.");
        string tabs = new('\t', indent + 1);
        StringBuilder text = new(type.NameOffset == 0 ? Keyword(type) : $"{Keyword(type)} {NameOf(type)}");
        text.Append(" {\n");
        bool packed = BtfLayout.IsPacked(type, _btf.GetAlignment, out int natural);
        if (packed)
            natural = 1;
        ulong position = 0;
        foreach (BtfMember member in type.Members)
        {
            bool bitfield = BtfLayout.IsBitfield(type, member, out uint offset, out int bits);
            ulong size = _btf.TryGetSize(member.TypeId, out uint bytes) ? bytes * 8ul : 0;
            if (type.Kind == BtfKind.Struct)
            {
                Pad(text, tabs, packed, position, offset, bitfield ? size : (ulong)Math.Max(_btf.GetAlignment(member.TypeId), 1) * 8, bitfield ? (ulong)bits : 0);
                position = offset + (bitfield ? (ulong)bits : size);
            }
            else
            {
                position = Math.Max(position, bitfield ? (ulong)bits : size);
            }

            text.Append(tabs).Append(Declarator(member.TypeId, member.Name, indent + 1));
            if (bitfield)
                text.Append(": ").Append(bits);
            text.Append(";\n");
        }

        ulong end = type.Size * 8ul;
        ulong reached = (position + ((ulong)natural * 8) - 1) / ((ulong)natural * 8) * ((ulong)natural * 8);
        if (reached < end && type.Kind == BtfKind.Struct)
            PadBits(text, tabs, packed, position, end);
        else if (reached < end)
            text.Append(tabs).Append($"char __size[{type.Size}];\n");
        text.Append('\t', indent).Append('}');
        return packed ? text.Append(" __attribute__((packed))").ToString() : text.ToString();
    }

    /// <summary>Writes padding unless the compiler would go from <paramref name="position"/> to <paramref name="offset"/> by itself.</summary>
    private static void Pad(StringBuilder text, string tabs, bool packed, ulong position, ulong offset, ulong unit, ulong bits)
    {
        ulong natural = position;
        if (packed)
            natural = bits != 0 ? position : (position + 7) / 8 * 8;
        else if (unit != 0 && (bits == 0 || (position % unit) + bits > unit))
            natural = (position + unit - 1) / unit * unit;
        if (natural < offset)
            PadBits(text, tabs, packed, position, offset);
    }

    /// <summary>Unnamed bitfields: they have no name to clash and do not change the struct's alignment.</summary>
    private static void PadBits(StringBuilder text, string tabs, bool packed, ulong position, ulong end)
    {
        while (position < end)
        {
            ulong bits = end - position;
            if (bits >= 2048 && position % 8 == 0)
            {
                text.Append(tabs).Append($"char __pad{position / 8}[{bits / 8}];\n");
                position += bits / 8 * 8;
                continue;
            }

            (string type, ulong unit) = Fits(64) ? ("long", 64ul) : Fits(32) ? ("int", 32ul) : Fits(16) ? ("short", 16ul) : ("char", 8ul);
            ulong step = unit;
            if (unit == 8)
                step = Math.Min(bits, 8 - (position % 8));
            else
                position = (position + unit - 1) / unit * unit;
            text.Append(tabs).Append(type).Append(": ").Append(step).Append(";\n");
            position += step;
        }

        // A unit is aligned by the compiler, except in a packed struct.
        bool Fits(ulong unit) => packed ? position % unit == 0 && position + unit <= end : ((position + unit - 1) / unit * unit) + unit <= end;
    }
}
