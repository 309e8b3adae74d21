namespace LibbpfSharp.Skeleton.Model;

/// <summary>A skeleton to generate.</summary>
/// <param name="Namespace">Namespace of the class.</param>
/// <param name="ClassName">Name of the class.</param>
/// <param name="ObjectName">Name of the object.</param>
/// <param name="IsPublic">Whether the class is public.</param>
/// <param name="Maps">Maps that the source defines.</param>
/// <param name="Programs">Programs.</param>
/// <param name="Sections">Sections with global variables.</param>
/// <param name="Types">Types.</param>
public sealed record SkeletonModel(
    string Namespace,
    string ClassName,
    string ObjectName,
    bool IsPublic,
    IReadOnlyList<MapModel> Maps,
    IReadOnlyList<ProgramModel> Programs,
    IReadOnlyList<SectionModel> Sections,
    TypeSet Types);

/// <summary>A map.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="CName">Name in C.</param>
/// <param name="Kind">Class that it is seen as, without type arguments; null for a map over bytes.</param>
/// <param name="Arguments">Type arguments: key, value, or value alone.</param>
/// <param name="Description">For people: type and sizes.</param>
public sealed record MapModel(string Name, string CName, string? Kind, IReadOnlyList<TypeRef> Arguments, string Description);

/// <summary>A program.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="CName">Name in C.</param>
/// <param name="Kind">Class that it is seen as; null for any program.</param>
/// <param name="SectionName">ELF section.</param>
public sealed record ProgramModel(string Name, string CName, string? Kind, string SectionName);

/// <summary>A section of global variables.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="CName">Name of the section.</param>
/// <param name="IsReadOnly">Whether it cannot be written once loaded.</param>
/// <param name="Variables">Its variables.</param>
public sealed record SectionModel(string Name, string CName, bool IsReadOnly, IReadOnlyList<VariableModel> Variables);

/// <summary>A global variable.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="CName">Name in C.</param>
/// <param name="Declaration">As C declares it.</param>
/// <param name="Type">Its type; null to give its bytes.</param>
/// <param name="Offset">Offset in the section in bytes.</param>
/// <param name="Size">Size in bytes.</param>
public sealed record VariableModel(string Name, string CName, string Declaration, TypeRef? Type, uint Offset, uint Size);
