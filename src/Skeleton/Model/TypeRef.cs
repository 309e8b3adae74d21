namespace LibbpfSharp.Skeleton.Model;

/// <summary>How a type of C is used in C#.</summary>
public enum TypeRefKind
{
    /// <summary>An integer of C#.</summary>
    Integer,

    /// <summary>A bool: stored as a byte, shown as bool.</summary>
    Boolean,

    /// <summary>Half, float or double.</summary>
    Float,

    /// <summary>A pointer.</summary>
    Pointer,

    /// <summary>A generated enumeration.</summary>
    Enum,

    /// <summary>A generated struct.</summary>
    Struct,

    /// <summary>A generated array.</summary>
    Array,
}

/// <summary>A use of a type.</summary>
/// <param name="Kind">Which sort.</param>
/// <param name="Name">Keyword or name in C#; of a generated type its name without namespace.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Alignment">Alignment in bytes below which a variable of it is not aligned.</param>
/// <param name="IsSigned">Whether values are signed.</param>
/// <param name="IsGenerated">Whether <paramref name="Name"/> is one of the generated types.</param>
/// <param name="Pointee">Of a pointer: what it points to in the BTF, or 0.</param>
public sealed record TypeRef(TypeRefKind Kind, string Name, uint Size, int Alignment, bool IsSigned = false, bool IsGenerated = false, uint Pointee = 0);
