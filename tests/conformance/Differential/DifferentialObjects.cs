namespace LibbpfSharp.Tests.Conformance.Differential;

/// <summary>Our own objects of tests/objects/differential.</summary>
internal static class DifferentialObjects
{
    /// <summary>Folder that the build copies them to.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "differential");

    /// <summary>Names without the ending.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.bpf.o").Select(file => Path.GetFileName(file)[..^".bpf.o".Length]).Order(StringComparer.Ordinal)];

    public static string PathOf(string name) => Path.Combine(Folder, name + ".bpf.o");
}
