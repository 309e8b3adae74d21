using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Cli;

/// <summary>Types as C spells them, for people: <c>struct key *</c>, <c>char[16]</c>. Bodies of anonymous types are left out.</summary>
internal static class CTypeNames
{
    private const int MaxDepth = 16;

    public static string? Spell(BtfData? btf, uint id) => btf is null || id == 0 ? null : Spell(btf, id, string.Empty, 0);

    /// <summary>The declaration of a variable or function.</summary>
    public static string Declare(BtfData btf, uint id)
    {
        BtfType type = btf[id];
        return type.Kind is BtfKind.Var or BtfKind.Func ? Spell(btf, type.TypeId, type.Name, 0) : $"/* {type} */";
    }

    private static string Spell(BtfData btf, uint id, string declarator, int depth)
    {
        if (depth > MaxDepth || !btf.IsValidId(id))
            return "?" + declarator;
        BtfType type = btf[id];
        switch (type.Kind)
        {
            case BtfKind.Void:
                return Join("void", declarator);
            case BtfKind.Ptr:
                bool wrap = btf[type.TypeId].Kind is BtfKind.Array or BtfKind.FuncProto;
                return Spell(btf, type.TypeId, wrap ? $"(*{declarator})" : "*" + declarator, depth + 1);
            case BtfKind.Array:
                return Spell(btf, type.ElementTypeId, $"{declarator}[{type.ElementCount}]", depth + 1);
            case BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict:
                string qualifier = BtfQualifier(type.Kind);
                return btf[type.TypeId].Kind == BtfKind.Ptr
                    ? Spell(btf, type.TypeId, declarator.Length == 0 ? " " + qualifier : $" {qualifier} {declarator}", depth + 1)
                    : $"{qualifier} {Spell(btf, type.TypeId, declarator, depth + 1)}";
            case BtfKind.TypeTag or BtfKind.DeclTag or BtfKind.Var or BtfKind.Func:
                return Spell(btf, type.TypeId, declarator, depth + 1);
            case BtfKind.FuncProto:
                List<string> parameters = [];
                foreach (BtfParameter parameter in type.Parameters)
                    parameters.Add(parameter.IsVariadic ? "..." : Spell(btf, parameter.TypeId, string.Empty, depth + 1));
                return Spell(btf, type.TypeId, $"{declarator}({(parameters.Count == 0 ? "void" : string.Join(", ", parameters))})", depth + 1);
            case BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Fwd:
                string keyword = type.Kind switch
                {
                    BtfKind.Struct => "struct",
                    BtfKind.Union => "union",
                    BtfKind.Fwd => type.IsForwardUnion ? "union" : "struct",
                    _ => "enum",
                };
                return Join(type.NameOffset == 0 ? keyword + " {...}" : $"{keyword} {type.Name}", declarator);
            default:
                return Join(type.Name, declarator);
        }
    }

    private static string Join(string type, string declarator) =>
        declarator.Length == 0 || declarator[0] is '[' or ' ' ? type + declarator : $"{type} {declarator}";

    private static string BtfQualifier(BtfKind kind) => kind switch
    {
        BtfKind.Const => "const",
        BtfKind.Volatile => "volatile",
        _ => "restrict",
    };
}
