using System.Runtime.CompilerServices;

namespace LibbpfSharp.Tests;

/// <summary>Compares text with a file beside the test's source; UPDATE_GOLDEN=1 writes the file instead.</summary>
internal static class Golden
{
    /// <summary>Compares, and tells the first line that differs.</summary>
    /// <param name="name">Path of the file relative to the folder of the calling source file.</param>
    /// <param name="actual">The text.</param>
    /// <param name="source">Filled in by the compiler.</param>
    public static void Check(string name, string actual, [CallerFilePath] string source = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(Locate(source))!, name);
        actual = actual.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{path} is missing; run the test with UPDATE_GOLDEN=1 to write it.");
        string[] expected = File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n');
        string[] lines = actual.Split('\n');
        for (int i = 0; i < Math.Max(expected.Length, lines.Length); i++)
        {
            string want = i < expected.Length ? expected[i] : "(end of file)";
            string have = i < lines.Length ? lines[i] : "(end of text)";
            if (want != have)
                Assert.Fail($"{name}, line {i + 1}:\nexpected: {want}\nactual:   {have}\n(UPDATE_GOLDEN=1 accepts the new text)");
        }
    }

    /// <summary>A deterministic build (CI) records sources as below "/_/": the checkout is then found from the test assembly.</summary>
    private static string Locate(string source)
    {
        const string mapped = "/_/";
        if (!source.StartsWith(mapped, StringComparison.Ordinal))
            return source;
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "LibbpfSharp.sln")))
            folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder ?? throw new InvalidOperationException("The checkout of the tests is not above the test assembly."), source[mapped.Length..]);
    }
}
