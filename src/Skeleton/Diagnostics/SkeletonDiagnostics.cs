namespace LibbpfSharp.Skeleton.Diagnostics;

/// <summary>The catalogue of what the generator warns of. A warning never stops a file from being generated.</summary>
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

    internal static SkeletonDiagnostic AsBytes(string subject, string why) =>
        new(MemberAsBytes, subject, $"{subject} is generated as bytes: {why}.");

    internal static SkeletonDiagnostic TooLarge(string subject, ulong size) =>
        new(TypeTooLarge, subject, $"{subject} has {size} bytes, more than a value type can have (1 MiB); use its bytes.");

    internal static SkeletonDiagnostic NotFound(string subject) =>
        new(TypeNotFound, subject, $"the object has no type '{subject}'; it must be used by the program, or kept by a global variable of that type.");

    internal static SkeletonDiagnostic NoLength(string subject) =>
        new(ArrayWithoutLength, subject, $"{subject} is an array of length 0 with members after it; it is left out.");
}
