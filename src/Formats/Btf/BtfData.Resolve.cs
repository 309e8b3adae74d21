namespace LibbpfSharp.Formats.Btf;

/// <content>Following references: typedefs, qualifiers, sizes, alignment. All are bounded in depth, so a cycle ends in an exception.</content>
public sealed partial class BtfData
{
    /// <summary>Size in bytes of a pointer in BPF, whatever machine it runs on.</summary>
    public const int PointerSize = 8;

    private byte[]? _alignments;

    /// <summary>Follows const, volatile, restrict and type tags (typedefs too) to the type behind them.</summary>
    /// <param name="id">A type id.</param>
    /// <returns>The id of the first type that is none of these.</returns>
    /// <exception cref="BpfObjectFormatException">An id does not exist, or the references form a cycle.</exception>
    public uint ResolveTypedefs(uint id)
    {
        for (int depth = 0; ; depth++)
        {
            BtfType type = this[id];
            if (!type.IsModifier && type.Kind != BtfKind.Typedef)
                return id;
            id = type.SizeOrType;
            if (depth >= MaxTypeDepth)
                throw Malformed(type, $"more than {MaxTypeDepth} typedefs and qualifiers in a row, or a cycle of them.");
        }
    }

    /// <summary>Follows const, volatile, restrict and type tags, but not typedefs, to the type behind them.</summary>
    /// <param name="id">A type id.</param>
    /// <returns>The id of the first type that is none of these.</returns>
    /// <exception cref="BpfObjectFormatException">An id does not exist, or the references form a cycle.</exception>
    public uint StripModifiers(uint id)
    {
        for (int depth = 0; ; depth++)
        {
            BtfType type = this[id];
            if (!type.IsModifier)
                return id;
            id = type.SizeOrType;
            if (depth >= MaxTypeDepth)
                throw Malformed(type, $"more than {MaxTypeDepth} qualifiers in a row, or a cycle of them.");
        }
    }

    /// <summary>Size in bytes of a type: of a pointer 8, of a variable or declaration tag that of its type.</summary>
    /// <param name="id">A type id.</param>
    /// <param name="size">The size, or 0.</param>
    /// <returns>False for what has no size: void, functions, forward declarations, an array beyond 4 GiB, cycles, ids that do not exist.</returns>
    public bool TryGetSize(uint id, out uint size)
    {
        size = 0;
        ulong count = 1;
        for (int depth = 0; depth < MaxTypeDepth && IsValidId(id); depth++)
        {
            BtfType type = this[id];
            ulong element;
            switch (type.Kind)
            {
                case BtfKind.Int or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Float or BtfKind.DataSec:
                    element = type.SizeOrType;
                    break;
                case BtfKind.Ptr:
                    element = PointerSize;
                    break;
                case BtfKind.Typedef or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag or BtfKind.Var or BtfKind.DeclTag:
                    id = type.SizeOrType;
                    continue;
                case BtfKind.Array:
                    count *= type.ElementCount;
                    if (count > uint.MaxValue)
                        return false;
                    id = type.ElementTypeId;
                    continue;
                default:
                    return false;
            }

            if (element * count > uint.MaxValue)
                return false;
            size = (uint)(element * count);
            return true;
        }

        return false;
    }

    /// <summary>Size in bytes of a type.</summary>
    /// <param name="id">A type id.</param>
    /// <returns>The size.</returns>
    /// <exception cref="BpfObjectFormatException">The type has no size (see <see cref="TryGetSize"/>).</exception>
    public uint GetSize(uint id) => TryGetSize(id, out uint size) ? size : throw Malformed(this[id], "it has no size.");

    /// <summary>
    /// Alignment in bytes that C gives a type: 1 for a struct whose members or size do not fit their natural alignment
    /// (a packed one), 0 for what has none (void, functions, forward declarations).
    /// </summary>
    /// <param name="id">A type id.</param>
    /// <returns>0, 1, 2, 4, 8 or 16.</returns>
    /// <exception cref="BpfObjectFormatException">An id does not exist, or types contain themselves.</exception>
    public int GetAlignment(uint id) => GetAlignment(id, 0);

    private int GetAlignment(uint id, int depth)
    {
        BtfType type = this[id];
        if (depth > MaxTypeDepth)
            throw Malformed(type, $"types are nested more than {MaxTypeDepth} deep, or contain themselves.");
        switch (type.Kind)
        {
            case BtfKind.Int or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Float:
                // __int128 and long double align to 16 on BPF's data layout; an odd size (3, 12) has no natural alignment.
                uint size = type.SizeOrType;
                return System.Numerics.BitOperations.IsPow2(size) ? (int)Math.Min(size, 16) : 4;
            case BtfKind.Ptr:
                return PointerSize;
            case BtfKind.Array:
                return GetAlignment(type.ElementTypeId, depth + 1);
            case BtfKind.Typedef or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag or BtfKind.Var or BtfKind.DeclTag:
                return GetAlignment(type.SizeOrType, depth + 1);
            case BtfKind.Struct or BtfKind.Union:
                return GetCompositeAlignment(type, depth);
            default:
                return 0;
        }
    }

    private int GetCompositeAlignment(BtfType type, int depth)
    {
        // Kept per type, or structs that each hold two of the next would take exponential time. Racing threads store the same.
        byte[] known = type.Btf._alignments ??= new byte[type.Btf._ownCount];
        ref byte slot = ref known[type.Id - type.Btf.FirstId];
        if (slot != 0)
            return slot;

        bool packed = BtfLayout.IsPacked(type, id => type.Btf.GetAlignment(id, depth + 1), out int natural);
        return slot = (byte)(packed ? 1 : natural);
    }
}
