using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Maps;

/// <summary>
/// Compares a .NET type with a BTF type, number by number. A number of C must be met by one of the same size and kind
/// at the same place, or by single bytes. What C leaves open is not compared: unions, bit-fields, arrays of bytes,
/// padding; nor is the sign of integers, which is a matter of reading.
/// </summary>
internal sealed class BtfComparison
{
    private const int MaxLeaves = 4096;
    private const int MaxDifferences = 8;
    private readonly BtfData _btf;
    private readonly TypeLayout _layout;
    private readonly ILookup<int, TypeLeaf> _leaves;
    private readonly List<string> _differences = [];
    private int _count;

    private BtfComparison(BtfData btf, TypeLayout layout, IReadOnlyList<TypeLeaf> leaves)
    {
        _btf = btf;
        _layout = layout;
        _leaves = leaves.ToLookup(leaf => leaf.Offset);
    }

    /// <summary>What differs, as text; empty if nothing does.</summary>
    public static IReadOnlyList<string> Differences(BtfData btf, uint typeId, TypeLayout layout)
    {
        if (layout.Leaves is not { } leaves || !btf.IsValidId(typeId))
            return [];
        var comparison = new BtfComparison(btf, layout, leaves);
        comparison.Compare(typeId, 0, "");
        return comparison._differences;
    }

    private void Compare(uint id, int offset, string path)
    {
        if (_count > MaxLeaves || _differences.Count >= MaxDifferences)
            return;
        BtfType type = _btf[_btf.ResolveTypedefs(id)];
        switch (type.Kind)
        {
            case BtfKind.Struct:
                foreach (BtfMember member in type.Members)
                {
                    string name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
                    if (member.BitfieldSize == 0 && member.BitOffset % 8 == 0)
                        Compare(member.TypeId, offset + (int)(member.BitOffset / 8), name);
                }

                break;
            case BtfKind.Array:
                int size = (int)_btf.GetSize(type.ElementTypeId);
                for (int i = 0; i < type.ElementCount && size > 1 && _count <= MaxLeaves; i++)
                    Compare(type.ElementTypeId, offset + (i * size), $"{path}[{i}]");
                break;
            case BtfKind.Int or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Ptr or BtfKind.Float:
                _count++;
                CompareNumber(type, offset, path);
                break;
        }
    }

    private void CompareNumber(BtfType type, int offset, string path)
    {
        int size = type.Kind == BtfKind.Ptr ? BtfData.PointerSize : (int)type.Size;
        bool isFloat = type.Kind == BtfKind.Float;
        bool bytes = true;
        TypeLeaf? other = null;
        for (int i = offset; i < offset + size; i++)
        {
            bool isByte = false;
            foreach (TypeLeaf leaf in _leaves[i])
            {
                if (leaf.Offset == offset && leaf.Size == size && leaf.IsFloat == isFloat)
                    return;
                isByte |= leaf.Size == 1;
                other ??= leaf;
            }

            bytes &= isByte;
        }

        if (bytes && size > 1)
            return;
        string name = path.Length == 0 ? _layout.Type.Name : path;
        string kind = isFloat ? "a floating-point number" : type.Kind == BtfKind.Ptr ? "a pointer" : "an integer";
        string found = other is { } o
            ? $"{_layout.Type.Name} has {(o.Path.Length == 0 ? "its value" : $"'{o.Path}'")}, {o.Size} bytes{(o.IsFloat ? ", floating point" : "")}, at byte {o.Offset}"
            : $"{_layout.Type.Name} has no field that begins there";
        _differences.Add($"BTF says '{name}' is {kind} of {size} bytes at byte {offset}, but {found}");
    }
}
