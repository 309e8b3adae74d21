namespace LibbpfSharp.Tests;

/// <summary>
/// BPF objects that others wrote, as tests/corpus/fetch.sh puts them into tests/corpus/objects. Where they are not there a test
/// is skipped with that reason, or fails if LIBBPFSHARP_REQUIRE_CORPUS=1 says that they are.
/// </summary>
internal static class Corpus
{
    private static readonly string? s_folder = FindFolder();

    /// <summary>Paths of all objects, in order.</summary>
    public static IReadOnlyList<string> Require()
    {
        string[] files = s_folder is null ? [] : [.. Directory.EnumerateFiles(s_folder, "*.bpf.o").Order(StringComparer.Ordinal)];
        if (files.Length > 0)
            return files;
        const string Missing = "the corpus is not there; tests/corpus/fetch.sh fetches it";
        if (Environment.GetEnvironmentVariable("LIBBPFSHARP_REQUIRE_CORPUS") is "1" or "true")
            Assert.Fail($"LIBBPFSHARP_REQUIRE_CORPUS is set, but {Missing}.");
        Assert.Skip($"{Missing}.");
        return files;
    }

    // The folder in the sources: from the test assembly upwards to the solution.
    private static string? FindFolder()
    {
        if (Environment.GetEnvironmentVariable("LIBBPFSHARP_CORPUS") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LibbpfSharp.sln")))
            {
                string objects = Path.Combine(folder.FullName, "tests", "corpus", "objects");
                return Directory.Exists(objects) ? objects : null;
            }
        }

        return null;
    }
}
