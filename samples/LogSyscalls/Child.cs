using System.Diagnostics;

namespace LibbpfSharp.Samples;

/// <summary>A process whose system calls are counted.</summary>
internal static class Child
{
    /// <summary>Runs a command to its end; what it prints is dropped.</summary>
    public static void Run(string command, string argument)
    {
        var start = new ProcessStartInfo(command, [argument]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{command}' did not start.");
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
    }
}
