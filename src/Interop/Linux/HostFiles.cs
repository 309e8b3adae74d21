namespace LibbpfSharp.Interop;

/// <summary>The one place that opens files of /proc and /sys.</summary>
internal static class HostFiles
{
    /// <summary>For tests: every access fails, as on a host that is not Linux.</summary>
    public static bool DenyAll { get; set; }

    /// <summary>The file's text.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string ReadText(string path)
    {
        Check(path);
        return File.ReadAllText(path);
    }

    /// <summary>The file's text, or null if it cannot be read.</summary>
    public static string? TryReadText(string path)
    {
        try
        {
            return ReadText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What a symbolic link says, or null if it cannot be read.</summary>
    public static string? TryReadLink(string path)
    {
        try
        {
            Check(path);
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Opens a file for reading, unbuffered; null if it cannot be opened.</summary>
    public static FileStream? TryOpen(string path)
    {
        try
        {
            Check(path);
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Names in a directory; empty if it cannot be read.</summary>
    public static IReadOnlyList<string> ListDirectory(string path)
    {
        try
        {
            Check(path);
            return Directory.EnumerateFileSystemEntries(path).Select(p => Path.GetFileName(p)).ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static void Check(string path)
    {
        if (DenyAll)
            throw new FileNotFoundException($"Files of the host are denied in this process: {path}.", path);
    }
}
