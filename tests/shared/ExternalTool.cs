using System.Diagnostics;

namespace LibbpfSharp.Tests;

/// <summary>Runs a tool that some tests compare with (clang, bpftool, readelf).</summary>
internal static class ExternalTool
{
    /// <summary>Whether the tool is on the PATH.</summary>
    public static bool Exists(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, name)) || File.Exists(Path.Combine(folder, name + ".exe")));

    /// <summary>Runs the tool to its end.</summary>
    /// <returns>Exit code and both outputs.</returns>
    public static (int ExitCode, string Output, string Error) Run(string name, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(name, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>Runs the tool and fails the test if it fails.</summary>
    /// <returns>Its standard output.</returns>
    public static string Succeed(string name, params string[] arguments)
    {
        (int exitCode, string output, string error) = Run(name, arguments);
        if (exitCode != 0)
            Assert.Fail($"{name} {string.Join(' ', arguments)} ended with {exitCode}:\n{error[..Math.Min(error.Length, 4000)]}");
        return output;
    }
}
