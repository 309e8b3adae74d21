using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Cli.Btf;

/// <summary>Writes BTF a record per line, in the notation of <c>bpftool btf dump format raw</c>.</summary>
internal static class BtfRawWriter
{
    public static void WriteAll(BtfData btf, TextWriter output)
    {
        for (uint id = btf.FirstId; id < btf.TypeCount; id++)
            Write(btf[id], output);
    }

    public static void Write(BtfType type, TextWriter output)
    {
        string head = $"[{type.Id}] {Kind(type.Kind)} '{Name(type.Name)}'";
        switch (type.Kind)
        {
            case BtfKind.Int:
                output.WriteLine($"{head} size={type.Size} bits_offset={type.IntBitOffset} nr_bits={type.IntBits} encoding={Encoding(type.IntEncoding)}");
                break;
            case BtfKind.Ptr or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.Typedef or BtfKind.TypeTag:
                output.WriteLine($"{head} type_id={type.TypeId}");
                break;
            case BtfKind.Array:
                output.WriteLine($"{head} type_id={type.ElementTypeId} index_type_id={type.IndexTypeId} nr_elems={type.ElementCount}");
                break;
            case BtfKind.Struct or BtfKind.Union:
                output.WriteLine($"{head} size={type.Size} vlen={type.VariableLength}");
                foreach (BtfMember member in type.Members)
                    output.WriteLine($"\t'{Name(member.Name)}' type_id={member.TypeId} bits_offset={member.BitOffset}{(member.BitfieldSize == 0 ? "" : $" bitfield_size={member.BitfieldSize}")}");
                break;
            case BtfKind.Enum or BtfKind.Enum64:
                WriteEnum(type, head, output);
                break;
            case BtfKind.Fwd:
                output.WriteLine($"{head} fwd_kind={(type.IsForwardUnion ? "union" : "struct")}");
                break;
            case BtfKind.Func:
                output.WriteLine($"{head} type_id={type.TypeId} linkage={Linkage(type.Linkage)}");
                break;
            case BtfKind.FuncProto:
                output.WriteLine($"{head} ret_type_id={type.TypeId} vlen={type.VariableLength}");
                foreach (BtfParameter parameter in type.Parameters)
                    output.WriteLine($"\t'{Name(parameter.Name)}' type_id={parameter.TypeId}");
                break;
            case BtfKind.Var:
                output.WriteLine($"{head} type_id={type.TypeId}, linkage={Linkage(type.Linkage)}");
                break;
            case BtfKind.DataSec:
                output.WriteLine($"{head} size={type.Size} vlen={type.VariableLength}");
                foreach (BtfSectionVariable entry in type.Variables)
                {
                    BtfType variable = type.Btf[entry.TypeId];
                    output.WriteLine($"\ttype_id={entry.TypeId} offset={entry.Offset} size={entry.Size} ({Kind(variable.Kind)} '{Name(variable.Name)}')");
                }

                break;
            case BtfKind.Float:
                output.WriteLine($"{head} size={type.Size}");
                break;
            case BtfKind.DeclTag:
                output.WriteLine($"{head} type_id={type.TypeId} component_idx={type.ComponentIndex}");
                break;
            default:
                output.WriteLine(head);
                break;
        }
    }

    private static void WriteEnum(BtfType type, string head, TextWriter output)
    {
        bool wide = type.Kind == BtfKind.Enum64;
        output.WriteLine($"{head} encoding={(type.IsSignedEnum ? "SIGNED" : "UNSIGNED")} size={type.Size} vlen={type.VariableLength}");
        foreach (BtfEnumValue value in type.EnumValues)
        {
            string number = type.IsSignedEnum ? value.Value.ToString() : wide ? ((ulong)value.Value).ToString() : ((uint)value.Value).ToString();
            string suffix = !wide ? "" : type.IsSignedEnum ? "LL" : "ULL";
            output.WriteLine($"\t'{Name(value.Name)}' val={number}{suffix}");
        }
    }

    private static string Kind(BtfKind kind) => kind switch
    {
        BtfKind.FuncProto => "FUNC_PROTO",
        BtfKind.DeclTag => "DECL_TAG",
        BtfKind.TypeTag => "TYPE_TAG",
        _ => kind.ToString().ToUpperInvariant(),
    };

    private static string Name(string name) => name.Length == 0 ? "(anon)" : name;

    private static string Linkage(BtfLinkage linkage) => linkage switch
    {
        BtfLinkage.Static => "static",
        BtfLinkage.Global => "global",
        BtfLinkage.Extern => "extern",
        _ => "(unknown)",
    };

    private static string Encoding(BtfIntEncoding encoding) => encoding switch
    {
        0 => "(none)",
        BtfIntEncoding.Signed => "SIGNED",
        BtfIntEncoding.Char => "CHAR",
        BtfIntEncoding.Bool => "BOOL",
        _ => "UNKN",
    };
}
