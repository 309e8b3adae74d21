namespace LibbpfSharp.Tests;

/// <summary>
/// Assembly fixture of the test assemblies that touch the kernel: `dotnet test` starts assemblies side by side, and
/// map ids, descriptor counts and CPU pinning tolerate no neighbour. An advisory lock on a file, so it ends with the
/// process that held it, however that ends.
/// </summary>
public sealed class MachineLock : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);
    private readonly FileStream _file;

    /// <summary>Waits for the lock.</summary>
    public MachineLock()
        : this(Path.Combine(Path.GetTempPath(), "libbpfsharp-tests.lock"), s_patience)
    {
    }

    internal MachineLock(string path, TimeSpan patience)
    {
        DateTime end = DateTime.UtcNow + patience;
        while (true)
        {
            try
            {
                _file = Open(path);
                return;
            }
            catch (IOException e) when (e is not FileNotFoundException and not DirectoryNotFoundException)
            {
                if (DateTime.UtcNow > end)
                    throw new TimeoutException($"Another test run holds {path} for more than {patience.TotalMinutes} minutes.", e);
            }

            Thread.Sleep(50);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static FileStream Open(string path)
    {
        // FileShare.None is flock(LOCK_EX) where there is flock. An existing file is opened for reading only, so
        // that one left by root serves other users too.
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            try
            {
                return new FileStream(path, options);
            }
            catch (UnauthorizedAccessException) when (File.Exists(path))
            {
            }
        }

        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
    }
}
