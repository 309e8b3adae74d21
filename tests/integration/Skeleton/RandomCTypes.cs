using System.Text;

namespace LibbpfSharp.Tests.Integration.Skeleton;

/// <summary>Random structs and unions in C, the same for a seed: nested, packed, aligned, bitfields, arrays, enumerations.</summary>
internal sealed class RandomCTypes
{
    // Bits: the widest bitfield; 0 for none. (Bitfields of an enumeration with a mode are read as signed by clang, whatever its values.)
    private static readonly (string Name, int Bits)[] s_scalars =
    [
        ("unsigned char", 8), ("signed char", 8), ("unsigned short", 16), ("short", 16), ("unsigned int", 32), ("int", 32),
        ("unsigned long long", 64), ("long long", 64), ("_Bool", 1), ("float", 0), ("double", 0), ("enum e0", 32), ("enum e1", 0),
        ("void *", 0), ("unsigned __int128", 0), ("char", 8),
    ];

    private readonly Random _random;
    private readonly StringBuilder _text = new("enum e0 { E0_A = 1, E0_B = 70000 };\nenum e1 { E1_A, E1_B = 255 } __attribute__((mode(byte)));\n");
    private int _member;

    public RandomCTypes(int seed, int count)
    {
        _random = new(seed);
        for (int i = 0; i < count; i++)
            Types.Add(Make(i));
    }

    /// <summary>The definitions.</summary>
    public string Text => _text.ToString();

    /// <summary>Members of each type ("struct t0", ...), those of anonymous members included.</summary>
    public List<(string Tag, List<(string Name, bool Bitfield, bool Bool)> Members)> Types { get; } = [];

    private (string Tag, List<(string Name, bool Bitfield, bool Bool)> Members) Make(int index)
    {
        bool union = _random.Next(5) == 0;
        string tag = $"{(union ? "union" : "struct")} t{index}";
        List<(string, bool, bool)> members = [];
        _member = 0;
        _text.Append(tag).Append(" {\n");
        Members(_random.Next(1, 9), index, members, 0, union);
        _text.Append('}').Append(Attributes(true)).Append(";\n");
        return (tag, members);
    }

    private void Members(int count, int index, List<(string, bool, bool)> members, int depth, bool union)
    {
        for (int i = 0; i < count; i++)
        {
            string tabs = new('\t', depth + 1);
            string name = $"m{_member++}";
            switch (_random.Next(12))
            {
                case 0 or 1 or 2 or 3:
                    (string type, int bits) = s_scalars[_random.Next(s_scalars.Length)];
                    if (bits == 0)
                        goto default;
                    int width = _random.Next(1, bits + 1);
                    if (_random.Next(6) == 0 && !union)
                        _text.Append(tabs).Append(type).Append(" : ").Append(_random.Next(4) == 0 ? 0 : width).Append(";\n");
                    _text.Append(tabs).Append(type).Append(' ').Append(name).Append(" : ").Append(width).Append(";\n");
                    members.Add((name, true, type == "_Bool"));
                    break;
                case 4 when depth < 2:
                    bool inner = _random.Next(2) == 0;
                    _text.Append(tabs).Append(inner ? "union {\n" : "struct {\n");
                    Members(_random.Next(1, 4), index, members, depth + 1, inner);
                    _text.Append(tabs).Append('}').Append(Attributes(true)).Append(";\n");
                    break;
                case 5 or 6 when index > 0:
                    int other = _random.Next(Math.Max(0, index - 20), index);
                    _text.Append(tabs).Append(Types[other].Tag).Append(' ').Append(name).Append(_random.Next(3) == 0 ? "[2]" : "").Append(";\n");
                    members.Add((name, false, false));
                    break;
                case 7:
                    _text.Append(tabs).Append(s_scalars[_random.Next(s_scalars.Length)].Name).Append(' ').Append(name).Append('[').Append(_random.Next(1, 6)).Append(_random.Next(3) == 0 ? "][3];\n" : "];\n");
                    members.Add((name, false, false));
                    break;
                default:
                    string scalar = s_scalars[_random.Next(s_scalars.Length)].Name;
                    _text.Append(tabs).Append(scalar).Append(' ').Append(name).Append(Attributes(false)).Append(";\n");
                    members.Add((name, false, scalar == "_Bool"));
                    break;
            }
        }
    }

    private string Attributes(bool ofType)
    {
        string text = "";
        if (ofType && _random.Next(4) == 0)
            text += " __attribute__((packed))";
        if (_random.Next(ofType ? 6 : 10) == 0)
            text += $" __attribute__((aligned({1 << _random.Next(7)})))";
        return text;
    }
}
