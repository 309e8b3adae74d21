namespace LibbpfSharp.Tests;

/// <summary>Open descriptors of this process, counted without a garbage collection that might hide a leak.</summary>
internal static class FdCount
{
    /// <summary>Descriptors and what they lead to; none where there is no /proc.</summary>
    public static IReadOnlyDictionary<int, string> Open()
    {
        var open = new SortedDictionary<int, string>();
        if (!Directory.Exists("/proc/self/fd"))
            return open; // no such system: descriptors are the emulator's
        foreach (string entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            int fd = int.Parse(Path.GetFileName(entry), System.Globalization.CultureInfo.InvariantCulture);
            if (new FileInfo(entry).LinkTarget is { } target && target != "/proc/self/fd" && !target.EndsWith("/fd", StringComparison.Ordinal))
                open[fd] = target;
        }

        return open;
    }

    /// <summary>Descriptors that lead to BPF objects ("anon_inode:bpf-map" and the like).</summary>
    public static int OpenBpf() => Open().Values.Count(IsBpf);

    /// <summary>Runs an action and fails if BPF, epoll, eventfd or perf descriptors that it opened are still open.</summary>
    public static void AssertNoLeak(Action action)
    {
        IReadOnlyDictionary<int, string> before = Open();
        action();
        string[] leaked = Open().Where(p => IsAnonymous(p.Value) && !before.ContainsKey(p.Key)).Select(p => $"{p.Key} -> {p.Value}").ToArray();
        if (leaked.Length > 0)
            Assert.Fail($"{leaked.Length} descriptors leaked: {string.Join(", ", leaked.Take(10))}");
    }

    private static bool IsBpf(string target) =>
        target.StartsWith("anon_inode:bpf", StringComparison.Ordinal) || target is "anon_inode:btf" or "anon_inode:[btf]" or "anon_inode:[bpf_link]";

    // The runtime opens and closes files, sockets and pipes of its own.
    private static bool IsAnonymous(string target) => target.StartsWith("anon_inode:", StringComparison.Ordinal);
}
