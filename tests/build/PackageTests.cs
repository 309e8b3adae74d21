using System.IO.Compression;
using System.Xml.Linq;
using LibbpfSharp.Tests.Build.Tools;

namespace LibbpfSharp.Tests.Build;

/// <summary>The packages, used as somebody would who has only them.</summary>
public sealed class PackageTests
{
    // The second is a dependency of the first, which central package management pins.
    private const string Logging = "Microsoft.Extensions.Logging.Abstractions,Microsoft.Extensions.DependencyInjection.Abstractions";

    private readonly PackageFeed _feed;

    /// <summary>Takes the packages.</summary>
    public PackageTests(PackageFeed feed) => _feed = feed;

    [Fact]
    public void New_project_with_a_source_runs_on_both_kernels()
    {
        ClangTool.Require();
        using BuildFolder folder = _feed.NewFolder();
        NewProject(folder);
        folder.Write("counter.bpf.c", Sources.Counter);
        folder.Write("counter.h", Sources.CounterHeader);
        string project = File.ReadAllText(folder.At("App.csproj"));
        folder.Write("App.csproj", project.Replace("</Project>", """<ItemGroup><BpfProgram Include="counter.bpf.c" /></ItemGroup></Project>""", StringComparison.Ordinal));
        folder.DotNet("build", "-nologo", "-v", "m").Succeeded();
        RunOnBothKernels(folder);
        Assert.Equal(
            ["LibbpfSharp.Emulator.dll", "LibbpfSharp.Formats.dll", "LibbpfSharp.Interop.dll", "LibbpfSharp.Maps.dll", "LibbpfSharp.dll"],
            new DirectoryInfo(folder.At("bin/Debug/net10.0")).EnumerateFiles("LibbpfSharp*.dll").Select(f => f.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void New_project_with_an_object_needs_no_clang()
    {
        using BuildFolder folder = _feed.NewFolder();
        folder.SetEnvironment("PATH", folder.At("nothing"));
        folder.WriteProject("""<BpfObject Include="counter.bpf.o" Embed="File" />""");
        folder.Write("Program.cs", Sources.CounterUser);
        File.Copy(Path.Combine(Repository.Root, "tests", "build", "objects", "counter.bpf.o"), folder.At("counter.bpf.o"));
        folder.DotNet("build", "-nologo", "-v", "m").Succeeded();
        Assert.True(File.Exists(folder.At("bin/Debug/net10.0/counter.bpf.o")));
        RunOnBothKernels(folder);
    }

    [Theory]
    [InlineData("LibbpfSharp", "LibbpfSharp.Interop,LibbpfSharp.Formats,LibbpfSharp.Maps,LibbpfSharp.Emulator," + Logging)]
    [InlineData("LibbpfSharp.Interop", Logging)]
    [InlineData("LibbpfSharp.Formats", "")]
    [InlineData("LibbpfSharp.Maps", "LibbpfSharp.Interop,LibbpfSharp.Formats," + Logging)]
    [InlineData("LibbpfSharp.Emulator", "LibbpfSharp.Interop,LibbpfSharp.Formats," + Logging)]
    [InlineData("LibbpfSharp.Skeleton", "")]
    [InlineData("LibbpfSharp.Cli", "")]
    public void Package_says_what_it_is(string id, string dependencies)
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(_feed.Packages, $"{id}.{_feed.Version}.nupkg"));
        using Stream stream = package.GetEntry($"{id}.nuspec")!.Open();
        XElement metadata = XDocument.Load(stream).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
        Assert.Equal(id, Value("id"));
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.Contains("bpf", Value("tags"), StringComparison.Ordinal);
        Assert.True(Value("description").Length > 40);
        Assert.NotNull(package.GetEntry("README.md"));
        Assert.Equal(
            dependencies.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            metadata.Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value).Order(StringComparer.Ordinal));

        string Value(string name) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value ?? "";
    }

    [Fact]
    public void Packages_are_those_and_no_others()
    {
        Assert.Equal(
            ["LibbpfSharp", "LibbpfSharp.Cli", "LibbpfSharp.Emulator", "LibbpfSharp.Formats", "LibbpfSharp.Interop", "LibbpfSharp.Maps", "LibbpfSharp.Skeleton"],
            Directory.EnumerateFiles(_feed.Packages).Select(f => Path.GetFileName(f).Replace($".{_feed.Version}.nupkg", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Skeleton_package_is_for_the_build_only()
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(_feed.Packages, $"LibbpfSharp.Skeleton.{_feed.Version}.nupkg"));
        Assert.Equal(
            ["build/LibbpfSharp.Skeleton.props", "build/LibbpfSharp.Skeleton.targets", "tasks/net10.0/LibbpfSharp.Formats.dll", "tasks/net10.0/LibbpfSharp.Skeleton.Tasks.deps.json", "tasks/net10.0/LibbpfSharp.Skeleton.Tasks.dll", "tasks/net10.0/LibbpfSharp.Skeleton.dll"],
            package.Entries.Select(e => e.FullName).Where(n => n.StartsWith("build", StringComparison.Ordinal) || n.StartsWith("tasks", StringComparison.Ordinal) || n.StartsWith("lib", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        using StreamReader reader = new(package.GetEntry("LibbpfSharp.Skeleton.nuspec")!.Open());
        Assert.Contains("<developmentDependency>true</developmentDependency>", reader.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Tool_installs_and_runs()
    {
        using BuildFolder folder = _feed.NewFolder();
        folder.DotNet("tool", "install", "LibbpfSharp.Cli", "--tool-path", "tools", "--version", _feed.Version).Succeeded();
        string output = folder.At("table.cs");
        ExternalTool.Succeed(folder.At("tools/libbpfsharp"), "skeleton", Path.Combine(Repository.Root, "tests", "build", "objects", "counter.bpf.o"), "-o", output);
        Assert.Contains("class Counter", File.ReadAllText(output), StringComparison.Ordinal);
    }

    private void NewProject(BuildFolder folder)
    {
        folder.DotNet("new", "console", "-n", "App", "-o", ".", "--no-restore", "-f", "net10.0").Succeeded();
        foreach (string package in (string[])["LibbpfSharp", "LibbpfSharp.Skeleton"])
            folder.DotNet("add", "package", package, "--version", _feed.Version, "--no-restore").Succeeded();
        folder.Write("Program.cs", Sources.CounterUser);
    }

    private static void RunOnBothKernels(BuildFolder folder)
    {
        folder.SetEnvironment("LIBBPFSHARP_KERNEL", "emulator");
        Assert.Contains("emulator counted 3", folder.DotNet("run", "--no-build").Succeeded().Output, StringComparison.Ordinal);
        folder.SetEnvironment("LIBBPFSHARP_KERNEL", "linux");
        using MachineLock alone = new();
        BuildResult result = folder.DotNet("run", "--no-build");
        if (result.ExitCode != 0 && !TestSettings.RequireKernel && result.Output.Contains("CAP_BPF", StringComparison.Ordinal))
            Assert.Skip($"This host does not allow BPF: {result.Output}");
        Assert.Contains("linux counted ", result.Succeeded().Output, StringComparison.Ordinal);
    }
}
