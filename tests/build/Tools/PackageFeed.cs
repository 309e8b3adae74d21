namespace LibbpfSharp.Tests.Build.Tools;

/// <summary>
/// Assembly fixture: the packages made from what was built, in a folder that is the only source of packages. What they depend
/// on comes from the packages of this machine, which the build of the tests has put there; no network is asked.
/// </summary>
public sealed class PackageFeed : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Packs.</summary>
    public PackageFeed()
    {
        Packages = Path.Combine(_folder.Path, "feed");
        DotNet.Run(
            Repository.Root,
            new Dictionary<string, string?>(),
            ["pack", "LibbpfSharp.sln", "--no-build", "-c", Repository.Configuration, "-o", Packages, $"-p:PackageVersion={Version}", "-nologo", "-v", "q"]).Succeeded();
        string global = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Configuration = $"""
            <configuration>
              <packageSources><clear /><add key="local" value="{Packages}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="machine" value="{global}" /></fallbackPackageFolders>
            </configuration>
            """;
    }

    /// <summary>A version that no package folder has.</summary>
    public string Version { get; } = $"0.1.0-test.{Environment.ProcessId}.{Guid.NewGuid():N}";

    /// <summary>The folder with the packages.</summary>
    public string Packages { get; }

    /// <summary>Text of a nuget.config.</summary>
    public string Configuration { get; }

    /// <summary>An empty folder for projects that use the packages.</summary>
    internal BuildFolder NewFolder() => new(this, Path.Combine(_folder.Path, "unpacked"));

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
