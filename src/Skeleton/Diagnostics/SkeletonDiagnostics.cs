namespace LibbpfSharp.Skeleton.Diagnostics;

/// <summary>The catalogue of what the generator says. A warning never stops a file from being generated.</summary>
public static class SkeletonDiagnostics
{
    /// <summary>A member has a type that C# cannot express; it is given as bytes.</summary>
    public const string MemberAsBytes = "BPF1001";

    /// <summary>A type is too large for a value of .NET; its parts are not generated.</summary>
    public const string TypeTooLarge = "BPF1002";

    /// <summary>A type that was asked for is not in the object.</summary>
    public const string TypeNotFound = "BPF1003";

    /// <summary>An array of unknown length is not the last member, so it cannot be reached.</summary>
    public const string ArrayWithoutLength = "BPF1004";

    /// <summary>The type that records of a map are said to have is not in the object.</summary>
    public const string EventTypeNotFound = "BPF1005";

    /// <summary>A map that was given a type of records is not in the object, or has no records.</summary>
    public const string EventMapNotFound = "BPF1006";

    /// <summary>The object file is malformed, no BPF object, or for another byte order.</summary>
    public const string MalformedObject = "BPF1100";

    /// <summary>The name asked for the class is no identifier of C#.</summary>
    public const string BadClassName = "BPF1101";

    /// <summary>The namespace asked for is no namespace of C#.</summary>
    public const string BadNamespace = "BPF1102";

    /// <summary>All that there is.</summary>
    public static IReadOnlyList<SkeletonDiagnosticInfo> All { get; } =
    [
        new(MemberAsBytes, "A member is generated as bytes", "Its type has no counterpart in C#, or it lies outside of its struct. Read the bytes, or leave the member out of what user space sees.", false),
        new(TypeTooLarge, "A type is too large", "A value type of .NET has at most 1 MiB. Use the map's or section's bytes.", false),
        new(TypeNotFound, "A type is not in the object", "clang writes BTF of types only that are used. Declare a global variable of the type, or a pointer to it: struct event *unused_event __attribute__((unused));", false),
        new(ArrayWithoutLength, "An array of length 0 is not the last member", "Only at the end of a record is its length known. Move the array to the end, or give it a length.", false),
        new(EventTypeNotFound, "The type of a map's records is not in the object", "Use __type(value, struct event) in the map's definition, or declare a global pointer to the type so that clang writes its BTF.", false),
        new(EventMapNotFound, "A map with records is not in the object", "Check the name; only ring buffers, user ring buffers and perf event arrays have records.", false),
        new(MalformedObject, "The object cannot be read", "Compile it with clang -target bpf -g (little-endian), and do not strip its BTF.", true),
        new(BadClassName, "The class name is no identifier", "Letters, digits and underscores, not beginning with a digit.", true),
        new(BadNamespace, "The namespace is none", "Identifiers with dots between them.", true),
    ];

    /// <summary>Finds an entry.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The entry, or null.</returns>
    public static SkeletonDiagnosticInfo? Find(string id) => All.FirstOrDefault(d => d.Id == id);

    internal static SkeletonDiagnostic AsBytes(string subject, string why) =>
        new(MemberAsBytes, subject, $"{subject} is generated as bytes: {why}.");

    internal static SkeletonDiagnostic TooLarge(string subject, ulong size) =>
        new(TypeTooLarge, subject, $"{subject} has {size} bytes, more than a value type can have (1 MiB); use its bytes.");

    internal static SkeletonDiagnostic NotFound(string subject) =>
        new(TypeNotFound, subject, $"the object has no type '{subject}'; it must be used by the program, or kept by a global variable of that type.");

    internal static SkeletonDiagnostic NoLength(string subject) =>
        new(ArrayWithoutLength, subject, $"{subject} is an array of length 0 with members after it; it is left out.");

    internal static SkeletonDiagnostic NoEventType(string map, string type) =>
        new(EventTypeNotFound, map, $"the records of map '{map}' are said to be '{type}', which the object does not have; they are given as bytes.");

    internal static SkeletonDiagnostic NoEventMap(string map) =>
        new(EventMapNotFound, map, $"the object has no ring buffer or perf event array '{map}'.");

    internal static SkeletonException ClassName(string name) =>
        new(new(BadClassName, name, $"'{name}' cannot be the name of a class: letters, digits and underscores, not beginning with a digit."));

    internal static SkeletonException Namespace(string name) =>
        new(new(BadNamespace, name, $"'{name}' cannot be a namespace: identifiers with dots between them."));
}
