using System.Globalization;

namespace LibbpfSharp.Tests;

/// <summary>Names that no other test run on this machine uses at the same time.</summary>
internal static class UniqueNames
{
    private static int s_next;

    /// <summary>For files and directories: prefix, process and a number; no '.', which bpffs refuses.</summary>
    public static string File(string prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}-{Environment.ProcessId}-{Environment.TickCount64 & 0xFFFFFF:x}-{Interlocked.Increment(ref s_next)}");

    /// <summary>For a BPF object: at most 15 characters of a-z, 0-9 and '_'.</summary>
    public static string Object(string prefix)
    {
        string tail = string.Create(CultureInfo.InvariantCulture, $"_{Environment.ProcessId & 0xFFFFF:x}_{Interlocked.Increment(ref s_next):x}");
        return string.Concat(prefix.AsSpan(0, Math.Min(prefix.Length, 15 - tail.Length)), tail);
    }

    /// <summary>For a network interface or namespace: at most 15 characters.</summary>
    public static string Network(string prefix) => Object(prefix);
}
