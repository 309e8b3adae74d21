namespace LibbpfSharp.Skeleton.Model;

/// <summary>A skeleton to generate.</summary>
/// <param name="Namespace">Namespace of the class.</param>
/// <param name="ClassName">Name of the class.</param>
/// <param name="ObjectName">Name of the object.</param>
/// <param name="IsPublic">Whether the class is public.</param>
/// <param name="ObjectPath">Where the object lies beside the program; null if the class contains it.</param>
/// <param name="Shape">What the class depends on, as text.</param>
/// <param name="Maps">Maps that the source defines.</param>
/// <param name="Programs">Programs.</param>
/// <param name="Sections">Sections with global variables.</param>
/// <param name="StructOps">struct_ops variables.</param>
/// <param name="Types">Types.</param>
public sealed record SkeletonModel(
    string Namespace,
    string ClassName,
    string ObjectName,
    bool IsPublic,
    string? ObjectPath,
    string Shape,
    IReadOnlyList<MapModel> Maps,
    IReadOnlyList<ProgramModel> Programs,
    IReadOnlyList<SectionModel> Sections,
    IReadOnlyList<StructOpsModel> StructOps,
    TypeSet Types);

/// <summary>A map.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="CName">Name in C.</param>
/// <param name="Type">What it is seen as.</param>
/// <param name="Description">For people: type and sizes.</param>
public sealed record MapModel(string Name, string CName, MapTypeModel Type, string Description);

/// <summary>What a map is seen as.</summary>
/// <param name="Class">Class with its namespace, without type arguments; null for a map over bytes.</param>
/// <param name="Arguments">Type arguments: key, value, or one of the two.</param>
/// <param name="Inner">Of a map of maps the type of the inner maps, the last type argument.</param>
public sealed record MapTypeModel(string? Class, IReadOnlyList<TypeRef> Arguments, MapTypeModel? Inner = null)
{
    /// <summary>A map over bytes.</summary>
    public static MapTypeModel Bytes { get; } = new(null, []);
}

/// <summary>A program.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="CName">Name in C.</param>
/// <param name="Kind">Class that it is seen as; null for any program.</param>
/// <param name="SectionName">ELF section.</param>
/// <param name="Tags">Texts of its declaration tags.</param>
public sealed record ProgramModel(string Name, string CName, string? Kind, string SectionName, string Tags);

/// <summary>A section of global variables.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="CName">Name of the section.</param>
/// <param name="IsReadOnly">Whether it cannot be written once loaded.</param>
/// <param name="Variables">Its variables.</param>
public sealed record SectionModel(string Name, string CName, bool IsReadOnly, IReadOnlyList<VariableModel> Variables)
{
    /// <summary>Whether it holds values of the kernel's configuration, which cannot be set before load either.</summary>
    public bool IsKconfig => CName == ".kconfig";
}

/// <summary>A global variable.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="CName">Name in C.</param>
/// <param name="Declaration">As C declares it.</param>
/// <param name="Type">Its type; null to give its bytes.</param>
/// <param name="Offset">Offset in the section in bytes.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Tags">Texts of its declaration tags.</param>
public sealed record VariableModel(string Name, string CName, string Declaration, TypeRef? Type, uint Offset, uint Size, string Tags)
{
    /// <summary>If it is an array at the end of its section: name in C# of its elements, and their type.</summary>
    public (string Name, TypeRef Type)? Elements { get; init; }
}

/// <summary>A struct_ops variable.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="CName">Name in C.</param>
/// <param name="StructCName">Its type: "struct tcp_congestion_ops".</param>
/// <param name="ShadowName">Name in C# of the class with its members.</param>
/// <param name="Members">Its members.</param>
public sealed record StructOpsModel(string Name, string CName, string StructCName, string ShadowName, IReadOnlyList<StructOpsMemberModel> Members);

/// <summary>A member of a struct_ops variable.</summary>
/// <param name="Member">The member of the struct.</param>
/// <param name="Name">Its name in the class.</param>
/// <param name="IsCallback">Whether it is a pointer to a function.</param>
public sealed record StructOpsMemberModel(MemberModel Member, string Name, bool IsCallback);
