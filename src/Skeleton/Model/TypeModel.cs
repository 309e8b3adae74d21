namespace LibbpfSharp.Skeleton.Model;

/// <summary>A type to generate.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="CName">Name in C, as in "struct event".</param>
/// <param name="Size">Size in bytes.</param>
public abstract record TypeModel(string Name, string CName, uint Size)
{
    /// <summary>Texts of its declaration tags, with commas.</summary>
    public string Tags { get; init; } = "";
}

/// <summary>An enumeration.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="CName">Name in C.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Underlying">Keyword of the underlying type.</param>
/// <param name="IsFlags">Whether all values are powers of two.</param>
/// <param name="Values">Names and values.</param>
public sealed record EnumModel(string Name, string CName, uint Size, string Underlying, bool IsFlags, IReadOnlyList<EnumValueModel> Values)
    : TypeModel(Name, CName, Size);

/// <summary>An enumerator.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="CName">Name in C.</param>
/// <param name="Value">The value as C# writes it.</param>
public sealed record EnumValueModel(string Name, string CName, string Value);

/// <summary>The enumerators of enumerations without a name.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="Values">Names, types and values.</param>
public sealed record ConstantsModel(string Name, IReadOnlyList<(string Type, EnumValueModel Value)> Values)
    : TypeModel(Name, "enum", 0);

/// <summary>An array of fixed length.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="CName">The array as C declares it.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Element">Type of an element.</param>
/// <param name="Length">Number of elements.</param>
/// <param name="IsText">Whether it is an array of char.</param>
public sealed record ArrayModel(string Name, string CName, uint Size, TypeRef Element, uint Length, bool IsText)
    : TypeModel(Name, CName, Size);

/// <summary>A struct or union.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="CName">Name in C.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Members">Members, those of anonymous structs and unions included.</param>
public sealed record StructModel(string Name, string CName, uint Size, IReadOnlyList<MemberModel> Members)
    : TypeModel(Name, CName, Size);

/// <summary>How a member is reached.</summary>
public enum MemberAccess
{
    /// <summary>A field.</summary>
    Field,

    /// <summary>A property over bytes, because the member is not aligned or is a bool.</summary>
    Property,

    /// <summary>A bitfield.</summary>
    Bits,

    /// <summary>Bytes of the kernel, not to be touched.</summary>
    Kernel,

    /// <summary>An array of unknown length at the end.</summary>
    Tail,
}

/// <summary>A member of a struct or union.</summary>
/// <param name="Access">How it is reached.</param>
/// <param name="Name">Name in C#.</param>
/// <param name="CName">Name in C.</param>
/// <param name="Declaration">As C declares it.</param>
/// <param name="Type">Its type; of a tail, that of an element.</param>
/// <param name="BitOffset">Offset from the start of the struct in bits.</param>
/// <param name="Bits">Width of a bitfield in bits, else 0.</param>
public sealed record MemberModel(MemberAccess Access, string Name, string CName, string Declaration, TypeRef Type, uint BitOffset, int Bits = 0)
{
    /// <summary>Offset from the start of the struct in bytes.</summary>
    public uint Offset => BitOffset / 8;

    /// <summary>Texts of its declaration tags, with commas.</summary>
    public string Tags { get; init; } = "";
}
