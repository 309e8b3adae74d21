using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.BtfExt;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Cli.Inspect;

/// <summary>CO-RE relocations of a function for people: kind, type, access, source line.</summary>
internal static class CoreRelocationText
{
    // As llvm-objdump and bpf_core_relo_kind name them.
    private static readonly string[] s_kinds =
    [
        "byte_off", "byte_sz", "field_exists", "signed", "lshift_u64", "rshift_u64", "local_type_id", "target_type_id", "type_exists", "type_size",
        "enumval_exists", "enumval_value", "type_matches",
    ];

    public static string Kind(CoreRelocationKind kind) => (uint)kind < (uint)s_kinds.Length ? s_kinds[(int)kind] : ((int)kind).ToString();

    /// <summary>Index of the instruction in the function.</summary>
    public static int Instruction(CoreRelocation relocation) => (int)(relocation.InstructionOffset / BpfInstruction.SizeInBytes);

    /// <summary>The type and, for a field, the members on the way: <c>struct task_struct.group_leader</c>.</summary>
    public static string Target(BtfData btf, CoreRelocation relocation)
    {
        string text = CTypeNames.Spell(btf, relocation.TypeId) ?? "void";
        if (relocation.Kind is >= CoreRelocationKind.TypeIdLocal and <= CoreRelocationKind.TypeSize or CoreRelocationKind.TypeMatches || !btf.IsValidId(relocation.TypeId))
            return text;
        string[] access = Access(btf, relocation).Split(':');
        uint id = btf.ResolveTypedefs(relocation.TypeId);
        for (int i = 0; i < access.Length; i++)
        {
            BtfType type = btf[id];
            if (!int.TryParse(access[i], out int index) || index < 0)
                break;
            if (i == 0 && !type.IsAnyEnum)
            {
                // The first number indexes the pointer to the type itself.
                text += index == 0 ? string.Empty : $"[{index}]";
                continue;
            }

            if (type.IsAnyEnum && index < type.VariableLength)
                return $"{text}.{type.EnumValues[index].Name}";
            if (type.Kind == BtfKind.Array)
            {
                text += $"[{index}]";
                id = btf.ResolveTypedefs(type.ElementTypeId);
            }
            else if (type.IsComposite && index < type.VariableLength)
            {
                BtfMember member = type.Members[index];
                if (member.NameOffset != 0)
                    text += "." + member.Name;
                id = btf.ResolveTypedefs(member.TypeId);
            }
            else
            {
                break;
            }
        }

        return text;
    }

    public static string Access(BtfData btf, CoreRelocation relocation) => btf.GetString(relocation.AccessStringOffset);

    /// <summary>The source line that the instruction comes from, or null.</summary>
    public static BtfLineInfo? Line(BpfFunctionSpec function, CoreRelocation relocation) => function.GetLineAt(Instruction(relocation));
}
