using System.Collections.Frozen;

namespace LibbpfSharp.Formats.Btf;

/// <summary>The base types of C as BTF names them.</summary>
internal static class CTypes
{
    private static readonly FrozenSet<string> s_base = FrozenSet.ToFrozenSet(
    [
        "char", "signed char", "unsigned char", "short", "short int", "unsigned short", "short unsigned int", "int",
        "unsigned int", "long", "long int", "unsigned long", "long unsigned int", "long long", "long long int",
        "unsigned long long", "long long unsigned int", "_Bool", "__int128", "unsigned __int128", "__int128 unsigned",
        "float", "double", "long double", "_Float16", "__float128",
    ]);

    public static bool IsBase(string name) => s_base.Contains(name);

    public static string BaseOfSize(uint size, bool isFloat, bool signed) => (isFloat, size) switch
    {
        (true, 2) => "_Float16",
        (true, 4) => "float",
        (true, 8) => "double",
        (true, _) => "long double",
        (_, 1) => signed ? "signed char" : "unsigned char",
        (_, 2) => signed ? "short" : "unsigned short",
        (_, 4) => signed ? "int" : "unsigned int",
        (_, 16) => signed ? "__int128" : "unsigned __int128",
        _ => signed ? "long long" : "unsigned long long",
    };
}
