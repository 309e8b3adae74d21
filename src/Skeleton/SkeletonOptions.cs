namespace LibbpfSharp.Skeleton;

/// <summary>What a skeleton is to be called and to contain.</summary>
public sealed record SkeletonOptions
{
    /// <summary>Name of the object, normally the file's name without ".bpf.o"; the class is named after it.</summary>
    public required string ObjectName { get; init; }

    /// <summary>Namespace of the class.</summary>
    public string Namespace { get; init; } = "Bpf";

    /// <summary>Name of the class; null for the object's name in PascalCase.</summary>
    public string? ClassName { get; init; }

    /// <summary>Whether the class is public instead of internal.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Types to generate besides those of maps and globals: names in C, in which * stands for any text.</summary>
    public IReadOnlyList<string> ExtraTypes { get; init; } = [];

    /// <summary>
    /// Types of the records that programs send through ring buffers and perf event arrays, by the map's name: "struct event". They go before
    /// what the map says itself, with <c>__type(value, struct event)</c> or the declaration tag "event:struct event".
    /// </summary>
    public IReadOnlyDictionary<string, string> EventTypes { get; init; } = new Dictionary<string, string>();

    /// <summary>Null: the class contains the object. Else the path, relative to the program's folder, of the file that it is read from when it is opened.</summary>
    public string? ObjectPath { get; init; }
}
