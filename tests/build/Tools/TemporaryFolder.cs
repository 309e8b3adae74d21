namespace LibbpfSharp.Tests.Build.Tools;

/// <summary>A folder of the test's own, outside of the checkout so that none of its settings apply.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Creates it.</summary>
    public TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("libbpfsharp-build-").FullName;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A file that is held: the system clears its temporary folder.
        }
    }
}
