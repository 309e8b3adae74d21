namespace LibbpfSharp.Tests.Build.Tools;

/// <summary>A clang that writes down what it is asked to compile, and then is the real one.</summary>
internal sealed class ClangRecorder
{
    private readonly string _log;

    /// <summary>Creates it in a folder.</summary>
    public ClangRecorder(string folder)
    {
        Directory.CreateDirectory(folder);
        _log = System.IO.Path.Combine(folder, "compiled.txt");
        Path = Script(System.IO.Path.Combine(folder, "clang-recorder"), $"""
            for last; do :; done
            [ "$1" = --print-targets ] || echo "$last" >>'{_log}'
            exec clang "$@"
            """);
    }

    /// <summary>The program.</summary>
    public string Path { get; }

    /// <summary>The sources compiled since the last call, sorted.</summary>
    public IReadOnlyList<string> Take()
    {
        if (!File.Exists(_log))
            return [];
        string[] lines = File.ReadAllLines(_log);
        File.Delete(_log);
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    /// <summary>Writes a shell script that can be run.</summary>
    /// <returns>Its path.</returns>
    public static string Script(string path, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!/bin/sh\n{text.ReplaceLineEndings("\n")}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
