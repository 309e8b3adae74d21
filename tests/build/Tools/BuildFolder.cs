namespace LibbpfSharp.Tests.Build.Tools;

/// <summary>An empty folder in which a test makes a project with the packages.</summary>
internal sealed class BuildFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string?> _environment;

    /// <summary>Creates it.</summary>
    /// <param name="feed">The packages.</param>
    /// <param name="unpacked">Where NuGet unpacks packages: not the machine's folder, which the tests leave as it is.</param>
    public BuildFolder(PackageFeed feed, string unpacked)
    {
        Feed = feed;
        _environment = new() { ["NUGET_PACKAGES"] = unpacked };
        Write("nuget.config", feed.Configuration);
    }

    /// <summary>The packages.</summary>
    public PackageFeed Feed { get; }

    /// <summary>The folder.</summary>
    public string Path => _folder.Path;

    /// <summary>Sets a variable for the commands that follow; null removes it.</summary>
    public void SetEnvironment(string name, string? value) => _environment[name] = value;

    /// <summary>Writes a file.</summary>
    /// <returns>Its full path.</returns>
    public string Write(string name, string text)
    {
        string path = At(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The full path of a file in the folder.</summary>
    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Runs "dotnet ARGUMENTS" here.</summary>
    public BuildResult DotNet(params string[] arguments) => Tools.DotNet.Run(Path, _environment, arguments);

    /// <summary>Builds the folder's project, which has been restored.</summary>
    public BuildResult Build(params string[] arguments) => DotNet(["build", "--no-restore", "-nologo", "-v", "m", "-maxcpucount:1", .. arguments]);

    /// <summary>Runs a target of the folder's project.</summary>
    public BuildResult Target(string name, params string[] arguments) => DotNet(["msbuild", $"-t:{name}", "-nologo", "-v:m", .. arguments]);

    /// <summary>Writes a project that uses the packages.</summary>
    /// <param name="items">Its BPF items.</param>
    /// <param name="properties">Further properties.</param>
    public void WriteProject(string items, string properties = "") => Write("App.csproj", $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <RunAnalyzers>false</RunAnalyzers>
            <UseAppHost>false</UseAppHost>
            <NuGetAudit>false</NuGetAudit>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="LibbpfSharp" Version="{Feed.Version}" />
            <PackageReference Include="LibbpfSharp.Skeleton" Version="{Feed.Version}" PrivateAssets="all" />
            {items}
          </ItemGroup>
        </Project>
        """);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
