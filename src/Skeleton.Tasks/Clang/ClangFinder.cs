using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace LibbpfSharp.Skeleton.Tasks.Clang;

/// <summary>Finds a clang that can compile for BPF.</summary>
internal static class ClangFinder
{
    /// <summary>The environment variable that names the clang to use.</summary>
    public const string Variable = "LIBBPFSHARP_CLANG";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    // Homebrew installs LLVM without putting it on the PATH.
    private static readonly string[] s_elsewhere = ["/opt/homebrew/opt/llvm/bin", "/usr/local/opt/llvm/bin"];

    /// <summary>Searches: the named one and no other, or clang on the PATH, or the newest clang-N on the PATH.</summary>
    /// <param name="named">Path or name from the property BpfClang; empty for none.</param>
    /// <param name="rejected">Why those that were tried will not do.</param>
    /// <returns>The full path, or null.</returns>
    public static string? Find(string? named, out IReadOnlyList<string> rejected)
    {
        List<string> reasons = [];
        rejected = reasons;
        if (string.IsNullOrEmpty(named))
            named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
        {
            if (OnPath(named) is { } path)
                return Accept(path, reasons) ? path : null;
            reasons.Add($"'{named}' is not there");
            return null;
        }

        foreach (string candidate in Candidates())
        {
            if (Accept(candidate, reasons))
                return candidate;
        }

        return null;
    }

    /// <summary>Where a tool is: a path as it is, a name on the PATH. Null if it is not there.</summary>
    public static string? OnPath(string tool)
    {
        if (Path.GetFileName(tool) != tool)
            return File.Exists(tool) ? Path.GetFullPath(tool) : null;
        string[] names = OperatingSystem.IsWindows() ? [tool + ".exe", tool] : [tool];
        return Folders().SelectMany(f => names.Select(n => Path.Combine(f, n))).FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Folders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Directory.Exists).Concat(s_elsewhere);

    private static IEnumerable<string> Candidates()
    {
        if (OnPath("clang") is { } plain)
            yield return plain;
        IEnumerable<(int Version, string Path)> versioned =
            from folder in Folders()
            where Directory.Exists(folder)
            from path in Directory.EnumerateFiles(folder, "clang-*")
            let suffix = Path.GetFileNameWithoutExtension(path)["clang-".Length..]
            where int.TryParse(suffix, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            select (int.Parse(suffix, CultureInfo.InvariantCulture), path);
        foreach ((_, string path) in versioned.OrderByDescending(v => v.Version).ToArray())
            yield return path;
    }

    private static bool Accept(string clang, List<string> reasons)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(clang, ["--print-targets"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(s_patience))
            {
                process.Kill(entireProcessTree: true);
                reasons.Add($"'{clang}' did not answer");
                return false;
            }

            _ = error.Result;
            if (output.Result.Split('\n').Any(l => l.TrimStart().StartsWith("bpf ", StringComparison.Ordinal)))
                return true;
            reasons.Add($"'{clang}' has no bpf target");
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            reasons.Add($"'{clang}' does not start: {e.Message}");
        }

        return false;
    }
}
