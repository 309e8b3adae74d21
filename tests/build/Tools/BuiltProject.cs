namespace LibbpfSharp.Tests.Build.Tools;

/// <summary>A project of two BPF programs, built once.</summary>
public sealed class BuiltProject : IDisposable
{
    private const string Items = """<BpfProgram Include="counter.bpf.c" /><BpfProgram Include="table.bpf.c" />""";

    private readonly PackageFeed _feed;
    private readonly TemporaryFolder _tools = new();
    private readonly ClangRecorder _clang;
    private bool _changed;

    /// <summary>Builds it.</summary>
    /// <param name="feed">The packages.</param>
    public BuiltProject(PackageFeed feed)
    {
        ClangTool.Require();
        _feed = feed;
        _clang = new(_tools.Path);
        Folder = New();
        Folder.DotNet("build", "-nologo", "-v", "m", "-maxcpucount:1").Succeeded();
        FirstCompiled = _clang.Take();
    }

    /// <summary>Where the generated files are, relative to the project.</summary>
    public static string Intermediate { get; } = Path.Combine("obj", "Debug", "net10.0", "bpf");

    /// <summary>What the first build compiled.</summary>
    internal IReadOnlyList<string> FirstCompiled { get; }

    /// <summary>The project's folder.</summary>
    internal BuildFolder Folder { get; }

    /// <summary>Builds, and looks what that did.</summary>
    internal BuildChanges Build()
    {
        _clang.Take();
        Dictionary<string, DateTime> before = Files().ToDictionary(f => f, f => File.GetLastWriteTimeUtc(Output(f)));
        string assembly = Folder.At(Path.Combine("obj", "Debug", "net10.0", "App.dll"));
        DateTime assemblyBefore = File.GetLastWriteTimeUtc(assembly);
        BuildResult result = Folder.Build().Succeeded();
        string[] written = [.. Files().Where(f => !before.TryGetValue(f, out DateTime time) || time != File.GetLastWriteTimeUtc(Output(f)))];
        return new(
            _clang.Take(),
            [.. written.Where(f => f.EndsWith(".stamp", StringComparison.Ordinal)).Select(f => f[..^".stamp".Length])],
            written,
            assemblyBefore != File.GetLastWriteTimeUtc(assembly),
            result);
    }

    /// <summary>A file that the build made of a BPF item.</summary>
    internal string Output(string name) => Folder.At(Path.Combine(Intermediate, name));

    /// <summary>The files that the build made of BPF items, sorted.</summary>
    internal IReadOnlyList<string> Files() =>
        Directory.Exists(Output("")) ? [.. new DirectoryInfo(Output("")).EnumerateFiles().Select(f => f.Name).Order(StringComparer.Ordinal)] : [];

    /// <summary>Changes the project's items.</summary>
    internal void SetItems(string items)
    {
        Folder.WriteProject(items);
        _changed = true;
    }

    /// <summary>Brings the project back to the items of the beginning and builds it, if a test has left it otherwise.</summary>
    internal void Restore()
    {
        if (!_changed && Files().Count != 0)
            return;
        SetItems(Items);
        Build();
        _changed = false;
    }

    /// <summary>The project as it is now, in another folder and not built.</summary>
    internal BuildFolder Copy()
    {
        BuildFolder copy = New();
        foreach (string file in (string[])["counter.h", "table.h", "App.csproj"])
            copy.Write(file, File.ReadAllText(Folder.At(file)));
        return copy;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Folder.Dispose();
        _tools.Dispose();
    }

    private BuildFolder New()
    {
        BuildFolder folder = _feed.NewFolder();
        folder.SetEnvironment("LIBBPFSHARP_CLANG", _clang.Path);
        folder.Write("counter.bpf.c", Sources.Counter);
        folder.Write("counter.h", Sources.CounterHeader);
        folder.Write("table.bpf.c", Sources.Table);
        folder.Write("table.h", Sources.TableHeader);
        folder.Write("Program.cs", "System.Console.WriteLine(App.Counter.ObjectBytes.Length);\n");
        folder.WriteProject(Items);
        return folder;
    }
}
