namespace LibbpfSharp.Tests;

/// <summary>A cgroup (version 2) of the test's own. This process can be put into it for a while.</summary>
internal sealed class TestCgroup : IDisposable
{
    private readonly string _root;

    public TestCgroup(string root)
    {
        _root = root;
        Path = System.IO.Path.Combine(root, UniqueNames.File("lbs"));
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Containers without --privileged see cgroup2 read-only.
            RequireKernel.Check($"a cgroup of the test's own needs CAP_SYS_ADMIN and a writable cgroup2: {e.Message}");
        }
    }

    public string Path { get; }

    /// <summary>Number of the cgroup, which is the inode of its folder.</summary>
    public ulong Id => ulong.Parse(ExternalTool.Succeed("stat", "-c", "%i", Path).Trim());

    /// <summary>Runs with this process in the cgroup, and puts it back where it was.</summary>
    public void Run(Action action)
    {
        // "0::/some/where" of the unified hierarchy.
        string before = File.ReadLines("/proc/self/cgroup").First(l => l.StartsWith("0::", StringComparison.Ordinal))[3..];
        string self = Environment.ProcessId.ToString();
        File.WriteAllText($"{Path}/cgroup.procs", self);
        try
        {
            action();
        }
        finally
        {
            File.WriteAllText($"{_root}{before}/cgroup.procs", self);
        }
    }

    public void Dispose() => Directory.Delete(Path);
}
