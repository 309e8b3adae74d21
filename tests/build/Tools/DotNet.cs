using System.Collections;
using System.Diagnostics;
using System.Text;

namespace LibbpfSharp.Tests.Build.Tools;

/// <summary>Runs the SDK as a user would, whatever environment the tests were started in.</summary>
internal static class DotNet
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <summary>The host that runs this process.</summary>
    public static string Host { get; } = FindHost();

    /// <summary>Runs "dotnet ARGUMENTS" in a folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="environment">What differs from this process's environment; null removes.</param>
    /// <param name="arguments">The arguments.</param>
    public static BuildResult Run(string folder, IReadOnlyDictionary<string, string?> environment, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Host, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };

        // `dotnet test` leaves variables for its own build in the environment, which would lead the new one astray.
        foreach (string name in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => (string)e.Key).Where(IsOfTestRun))
            start.Environment.Remove(name);
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach ((string name, string? value) in environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        StringBuilder output = new();
        using Process process = new() { StartInfo = start };
        process.OutputDataReceived += Receive;
        process.ErrorDataReceived += Receive;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        // Not until the end of its output: the compiler's server inherits that, and stays.
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"dotnet {string.Join(' ', start.ArgumentList)} did not end within {s_patience.TotalMinutes} minutes:\n{output}");
        }

        Task.Run(process.WaitForExit).Wait(TimeSpan.FromSeconds(2));
        lock (output)
            return new($"dotnet {string.Join(' ', start.ArgumentList)}", process.ExitCode, output.ToString());

        void Receive(object sender, DataReceivedEventArgs e)
        {
            lock (output)
                output.AppendLine(e.Data);
        }
    }

    private static bool IsOfTestRun(string name) =>
        name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("LIBBPFSHARP_", StringComparison.Ordinal) || name is "RunAnalyzers" or "Configuration" or "Platform" or "CI" or "DOTNET_HOST_PATH";

    private static string FindHost()
    {
        string? root = Path.GetDirectoryName(typeof(object).Assembly.Location);
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        while (root is not null && !File.Exists(Path.Combine(root, name)))
            root = Path.GetDirectoryName(root);
        return root is null ? name : Path.Combine(root, name);
    }
}
