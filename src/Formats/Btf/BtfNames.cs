namespace LibbpfSharp.Formats.Btf;

/// <summary>The uapi's names of BTF things, for messages and listings.</summary>
internal static class BtfNames
{
    private static readonly string[] s_kinds =
    [
        "VOID", "INT", "PTR", "ARRAY", "STRUCT", "UNION", "ENUM", "FWD", "TYPEDEF", "VOLATILE", "CONST", "RESTRICT",
        "FUNC", "FUNC_PROTO", "VAR", "DATASEC", "FLOAT", "DECL_TAG", "TYPE_TAG", "ENUM64",
    ];

    public static string Of(BtfKind kind) => (uint)kind < (uint)s_kinds.Length ? s_kinds[(int)kind] : $"kind {(int)kind}";
}
