using System.Globalization;
using System.Text;
using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Formats.Objects;

/// <summary>
/// What a program that was compiled against an object depends on (maps, programs, variables and the layout of their types), as
/// lines of text: "NAME TAB WHAT". A generated class keeps the text and compares it with another object's.
/// </summary>
public sealed class BpfObjectShape
{
    private const int MaxDepth = 32;
    private const int MaxLines = 100_000;

    private readonly BtfData? _btf;
    private readonly List<string> _lines = [];
    private readonly Dictionary<uint, string> _names = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Queue<uint> _pending = new();

    private BpfObjectShape(BtfData? btf) => _btf = btf;

    /// <summary>Describes an object.</summary>
    /// <param name="file">The object.</param>
    /// <returns>Its lines.</returns>
    public static string Describe(BpfObjectFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        BpfObjectShape shape = new(file.Btf);
        foreach (BpfMapSpec map in file.Maps)
        {
            if (!map.IsInternal)
                shape.AddMap(map);
        }

        foreach (BpfProgramSpec program in file.Programs)
            shape.Line($"program '{program.Name}'", $"of type {BpfTypeNames.GetProgramType(program.ProgramType)}");
        foreach (BpfVariableSpec variable in file.Variables)
        {
            if (!variable.IsStatic)
                shape.Line($"variable '{variable.Name}'", variable.TypeId == 0 ? $"of {variable.Size} bytes" : shape.TypeText(variable.TypeId, $"variable '{variable.Name}'", 0));
        }

        return shape.Finish();
    }

    /// <summary>Describes one type and all that it contains.</summary>
    /// <param name="btf">Where it is.</param>
    /// <param name="typeId">Its id; for a data section the id of the section.</param>
    /// <param name="name">What it is the type of, for messages.</param>
    /// <returns>Its lines.</returns>
    public static string DescribeType(BtfData btf, uint typeId, string name)
    {
        ArgumentNullException.ThrowIfNull(btf);
        BpfObjectShape shape = new(btf);
        if (btf[typeId].Kind == BtfKind.DataSec)
        {
            foreach (BtfSectionVariable entry in btf[typeId].Variables)
            {
                BtfType variable = btf[entry.TypeId];
                string subject = $"variable '{variable.Name}'";
                if (variable.Kind == BtfKind.Var && variable.Linkage != BtfLinkage.Static)
                    shape.Line(subject, string.Create(CultureInfo.InvariantCulture, $"at byte {entry.Offset}: {shape.TypeText(variable.TypeId, subject, 0)}"));
            }
        }
        else
        {
            shape.Line(name, shape.TypeText(typeId, name, 0));
        }

        return shape.Finish();
    }

    /// <summary>What an object lacks or has otherwise than expected. What it has besides is no difference.</summary>
    /// <param name="expected">The lines that are wanted.</param>
    /// <param name="actual">The lines of the object.</param>
    /// <returns>A sentence for each difference; empty if there is none.</returns>
    public static IReadOnlyList<string> Compare(string expected, string actual)
    {
        ArgumentNullException.ThrowIfNull(expected);
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        foreach ((string name, string what) in Read(actual))
            found.TryAdd(name, what);
        List<string> differences = [];
        (string Name, string What)[] wanted = [.. Read(expected)];
        HashSet<string> missing = [.. wanted.Where(line => !found.ContainsKey(line.Name)).Select(line => line.Name)];
        foreach ((string name, string what) in wanted)
        {
            if (found.TryGetValue(name, out string? other))
            {
                if (other != what)
                    differences.Add($"{name} is {other}, not {what}");
            }
            else if (!IsPart(name, missing))
            {
                differences.Add($"{name} ({what}) is missing");
            }
        }

        return differences;
    }

    // What is missing is told once, not again for each of its parts.
    private static bool IsPart(string name, HashSet<string> missing)
    {
        for (int i = name.Length - 1; i > 0; i--)
        {
            if (name[i] is '.' or ':' && missing.Contains(name[..i]))
                return true;
        }

        return false;
    }

    private static IEnumerable<(string Name, string What)> Read(string text)
    {
        foreach (string line in text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            int tab = line.IndexOf('\t', StringComparison.Ordinal);
            yield return tab < 0 ? (line, "") : (line[..tab], line[(tab + 1)..]);
        }
    }

    private void Line(string name, string what)
    {
        if (_lines.Count < MaxLines)
            _lines.Add($"{name}\t{what}");
    }

    private string Finish()
    {
        while (_pending.TryDequeue(out uint id))
            AddType(id);
        StringBuilder text = new();
        foreach (string line in _lines)
            text.Append(line).Append('\n');
        return text.ToString();
    }

    private void AddMap(BpfMapSpec map)
    {
        string name = $"map '{map.Name}'";
        if (map.Kind == BpfMapSpecKind.StructOps)
        {
            Line(name, $"a struct_ops of {TypeText(map.ValueTypeId, name, 0)}");
            return;
        }

        Line(name, string.Create(CultureInfo.InvariantCulture, $"{BpfTypeNames.GetMapType(map.Type)} with keys of {map.KeySize} and values of {map.ValueSize} bytes"));
        if (map.KeyTypeId != 0)
            Line($"{name}: key", TypeText(map.KeyTypeId, $"{name}: key", 0));
        if (map.ValueTypeId != 0)
            Line($"{name}: value", TypeText(map.ValueTypeId, $"{name}: value", 0));
        if (map.EventTypeId != 0)
            Line($"{name}: record", TypeText(map.EventTypeId, $"{name}: record", 0));
        if (map.InnerMap is { } inner)
        {
            Line($"{name}: inner map", string.Create(CultureInfo.InvariantCulture, $"{BpfTypeNames.GetMapType(inner.Type)} with keys of {inner.KeySize} and values of {inner.ValueSize} bytes"));
            if (inner.KeyTypeId != 0)
                Line($"{name}: inner map: key", TypeText(inner.KeyTypeId, $"{name}: inner map: key", 0));
            if (inner.ValueTypeId != 0)
                Line($"{name}: inner map: value", TypeText(inner.ValueTypeId, $"{name}: inner map: value", 0));
        }
    }

    /// <summary>A type in a few words; the members of one without a name follow as lines of their own, below the path.</summary>
    private string TypeText(uint id, string path, int depth)
    {
        if (_btf is null || depth > MaxDepth || !_btf.IsValidId(id))
            return "unknown";
        BtfType type = _btf[_btf.ResolveTypedefs(id)];
        switch (type.Kind)
        {
            case BtfKind.Int:
                return string.Create(CultureInfo.InvariantCulture, $"{((type.IntEncoding & BtfIntEncoding.Bool) != 0 ? "bool" : type.IsSignedInt ? "signed integer" : "unsigned integer")} of {type.Size} bytes");
            case BtfKind.Float:
                return string.Create(CultureInfo.InvariantCulture, $"floating-point number of {type.Size} bytes");
            case BtfKind.Ptr:
                return "pointer";
            case BtfKind.Enum or BtfKind.Enum64:
                return string.Create(CultureInfo.InvariantCulture, $"enum{(type.NameOffset == 0 ? "" : " ")}{type.Name} of {type.Size} bytes");
            case BtfKind.Array:
                return string.Create(CultureInfo.InvariantCulture, $"[{type.ElementCount}] of {TypeText(type.ElementTypeId, path + ".[]", depth + 1)}");
            case BtfKind.Struct or BtfKind.Union when type.NameOffset != 0:
                return Named(type);
            case BtfKind.Struct or BtfKind.Union:
                Members(type, path, 0, depth + 1);
                return string.Create(CultureInfo.InvariantCulture, $"{(type.Kind == BtfKind.Union ? "union" : "struct")} of {type.Size} bytes");
            default:
                return type.Kind.ToString();
        }
    }

    private string Named(BtfType type)
    {
        if (_names.TryGetValue(type.Id, out string? known))
            return known;
        string plain = $"{(type.Kind == BtfKind.Union ? "union" : "struct")} {type.Name}";
        string name = plain;
        for (int i = 2; !_taken.Add(name); i++)
            name = string.Create(CultureInfo.InvariantCulture, $"{plain}#{i}");
        _names.Add(type.Id, name);
        _pending.Enqueue(type.Id);
        return name;
    }

    private void AddType(uint id)
    {
        BtfType type = _btf![id];
        string name = _names[id];
        Line(name, string.Create(CultureInfo.InvariantCulture, $"{type.Size} bytes"));
        Members(type, name, 0, 1);
    }

    private void Members(BtfType type, string path, uint at, int depth)
    {
        if (depth > MaxDepth || _lines.Count >= MaxLines)
            return;
        foreach (BtfMember member in type.Members)
        {
            BtfType of = _btf![_btf.ResolveTypedefs(member.TypeId)];
            bool isBitfield = BtfLayout.IsBitfield(type, member, out uint offset, out int bits);
            offset += at;
            if (member.NameOffset == 0)
            {
                if (of.IsComposite)
                    Members(of, path, offset, depth + 1);
                continue;
            }

            string name = $"{path}.{member.Name}";
            string what = TypeText(member.TypeId, name, depth + 1);
            Line(name, isBitfield
                ? string.Create(CultureInfo.InvariantCulture, $"{bits} bits from bit {offset}: {what}")
                : string.Create(CultureInfo.InvariantCulture, $"at byte {offset / 8}: {what}"));
        }
    }
}
