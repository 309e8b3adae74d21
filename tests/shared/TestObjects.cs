using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Tests;

/// <summary>The BPF objects of tests/objects, beside the test assembly.</summary>
internal static class TestObjects
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "objects");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(s_folder, "*.bpf.o").Select(f => Path.GetFileName(f)[..^".bpf.o".Length]).Order(StringComparer.Ordinal);

    public static string GetPath(string name) => Path.Combine(s_folder, name + ".bpf.o");

    public static byte[] Read(string name) => File.ReadAllBytes(GetPath(name));

    public static BpfObjectFile Parse(string name) => BpfObjectFile.Parse(Read(name), name);
}
