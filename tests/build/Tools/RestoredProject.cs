namespace LibbpfSharp.Tests.Build.Tools;

/// <summary>A project that is restored and not built, for tests that each write their own sources.</summary>
public sealed class RestoredProject : IDisposable
{
    /// <summary>Restores it.</summary>
    /// <param name="feed">The packages.</param>
    public RestoredProject(PackageFeed feed)
    {
        Folder = feed.NewFolder();
        Folder.WriteProject("");
        Folder.DotNet("restore", "-nologo", "-v", "q").Succeeded();
    }

    /// <summary>The project's folder.</summary>
    internal BuildFolder Folder { get; }

    /// <summary>Removes what the last test left, but not what restore wrote.</summary>
    internal void Clear()
    {
        foreach (string file in Directory.EnumerateFiles(Folder.Path, "*.bpf.*", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(Folder.Path, "*.h")))
            File.Delete(file);
        string output = Folder.At(BuiltProject.Intermediate);
        if (Directory.Exists(output))
            Directory.Delete(output, recursive: true);
    }

    /// <inheritdoc/>
    public void Dispose() => Folder.Dispose();
}
