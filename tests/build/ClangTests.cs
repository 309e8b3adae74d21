using LibbpfSharp.Tests.Build.Tools;

namespace LibbpfSharp.Tests.Build;

/// <summary>clang's messages, which clang is taken, and what happens where there is none. Runs up to the generated code only.</summary>
public sealed class ClangTests : IClassFixture<RestoredProject>, IDisposable
{
    private readonly BuildFolder _folder;
    private readonly TemporaryFolder _tools = new();

    /// <summary>Takes the restored project.</summary>
    public ClangTests(RestoredProject project)
    {
        _folder = project.Folder;
        project.Clear();
        _folder.Write("counter.bpf.c", Sources.Counter);
        _folder.Write("counter.h", Sources.CounterHeader);
        _folder.WriteProject("""<BpfProgram Include="counter.bpf.c" />""");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _folder.SetEnvironment("PATH", Environment.GetEnvironmentVariable("PATH"));
        _folder.SetEnvironment("LIBBPFSHARP_CLANG", null);
        _tools.Dispose();
    }

    [Fact]
    public void Error_names_file_line_and_column()
    {
        ClangTool.Require();
        string source = _folder.Write("counter.bpf.c", Sources.Counter.Replace("&count", "&nothing", StringComparison.Ordinal));
        BuildResult result = _folder.Target("BpfGenerate").FailedWith($"{source}(10,27): error BPFC0001: use of undeclared identifier 'nothing'");
        Assert.DoesNotContain("MSB", result.Output, StringComparison.Ordinal);
        _folder.Target("BpfGenerate").FailedWith("error BPFC0001"); // what failed is not up to date
    }

    [Fact]
    public void Error_in_a_header_names_the_header()
    {
        ClangTool.Require();
        string header = _folder.Write("counter.h", "#define STEP 3\nint broken(;\n");
        _folder.Target("BpfGenerate").FailedWith($"{header}(2,12): error BPFC0001");
    }

    [Fact]
    public void Warning_is_a_warning_and_an_error_if_the_project_says_so()
    {
        ClangTool.Require();
        string source = _folder.Write("counter.bpf.c", Sources.Counter.Replace("__sync", "int unused; __sync", StringComparison.Ordinal));
        string warning = $"{source}(10,9): warning BPFC0002: unused variable 'unused' [-Wunused-variable]";
        Assert.Contains(warning, _folder.Target("BpfGenerate").Succeeded().Output, StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(source, DateTime.UtcNow);
        _folder.Target("BpfGenerate", "-p:MSBuildWarningsAsErrors=BPFC0002").FailedWith("error BPFC0002");
        _folder.Target("BpfGenerate", "-p:MSBuildWarningsAsErrors=BPFC0002").FailedWith("error BPFC0002");
    }

    [Fact]
    public void Bad_option_is_an_error_without_a_line()
    {
        ClangTool.Require();
        _folder.WriteProject("""<BpfProgram Include="counter.bpf.c" AdditionalOptions="-no-such-option" />""");
        _folder.Target("BpfGenerate").FailedWith("error BPFC0001: unknown argument: '-no-such-option'");
    }

    [Fact]
    public void Missing_clang_says_what_to_install()
    {
        _folder.SetEnvironment("PATH", _tools.Path);
        BuildResult result = _folder.Target("BpfGenerate").FailedWith("error BPF2001");
        Assert.Contains("apt-get install clang libbpf-dev", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Prebuilt_object_is_taken_without_clang()
    {
        UsePrebuilt();
        _folder.SetEnvironment("PATH", _tools.Path);
        _folder.Target("BpfGenerate").Succeeded();
        Assert.Contains("class Counter ", File.ReadAllText(Generated("counter")), StringComparison.Ordinal);
        DateTime first = File.GetLastWriteTimeUtc(Path.ChangeExtension(Generated("counter"), null));
        _folder.Target("BpfGenerate").Succeeded();
        Assert.Equal(first, File.GetLastWriteTimeUtc(Path.ChangeExtension(Generated("counter"), null)));
    }

    [Fact]
    public void Missing_headers_of_libbpf_say_what_to_install_or_take_the_prebuilt_object()
    {
        ClangTool.Require();
        _folder.SetEnvironment("LIBBPFSHARP_CLANG", ClangRecorder.Script(Path.Combine(_tools.Path, "clang"), "exec /usr/bin/env -u CPATH clang -nostdinc \"$@\""));
        _folder.Write("counter.bpf.c", "#include <bpf/bpf_helpers.h>\n" + Sources.Counter);
        BuildResult result = _folder.Target("BpfGenerate").FailedWith("error BPF2002");
        Assert.Contains("apt-get install libbpf-dev", result.Output, StringComparison.Ordinal);
        UsePrebuilt();
        Assert.DoesNotContain("error", _folder.Target("BpfGenerate").Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Error_in_the_source_does_not_take_the_prebuilt_object()
    {
        ClangTool.Require();
        UsePrebuilt();
        _folder.Write("counter.bpf.c", Sources.Counter.Replace("&count", "&nothing", StringComparison.Ordinal));
        _folder.Target("BpfGenerate").FailedWith("error BPFC0001");
    }

    [Fact]
    public void Clang_without_bpf_is_passed_over_for_a_versioned_one()
    {
        ClangTool.Require();
        string real = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(f => Path.Combine(f, "clang")).First(File.Exists);
        ClangRecorder.Script(Path.Combine(_tools.Path, "clang"), "echo '  Registered Targets:'; echo '    x86-64 - none of ours'");
        ClangRecorder.Script(Path.Combine(_tools.Path, "clang-98"), $"echo used >>'{_tools.Path}/98'; exec {real} \"$@\"");
        ClangRecorder.Script(Path.Combine(_tools.Path, "clang-9"), "exit 1");
        _folder.SetEnvironment("PATH", _tools.Path);
        _folder.Target("BpfGenerate").Succeeded();
        Assert.True(File.Exists(Path.Combine(_tools.Path, "98")));
    }

    [Fact]
    public void Design_time_build_lists_the_class_and_survives_an_error()
    {
        ClangTool.Require();
        string[] designTime = ["-p:DesignTimeBuild=true", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true", "-p:BuildProjectReferences=false", "-getItem:CscCommandLineArgs"];
        Assert.Contains("counter.skel.g.cs", _folder.Target("CoreCompile", designTime).Succeeded().Output, StringComparison.Ordinal);
        _folder.Write("counter.bpf.c", Sources.Counter.Replace("&count", "&nothing", StringComparison.Ordinal));
        Assert.Contains("counter.skel.g.cs", _folder.Target("CoreCompile", designTime).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_are_linked_into_one_object()
    {
        ClangTool.RequireLinker();
        _folder.Write("table.bpf.c", Sources.Table);
        _folder.Write("table.h", Sources.TableHeader);
        _folder.WriteProject("""<BpfProgram Include="counter.bpf.c;table.bpf.c" LinkInto="both" />""");
        _folder.Target("BpfGenerate").Succeeded();
        string code = File.ReadAllText(Generated("both"));
        Assert.Contains("class Both ", code, StringComparison.Ordinal);
        Assert.Contains("OnEnter", code, StringComparison.Ordinal);
        Assert.Contains("Table", code, StringComparison.Ordinal);
        Assert.False(File.Exists(Generated("counter")));

        // One source less is another object.
        _folder.WriteProject("""<BpfProgram Include="counter.bpf.c" LinkInto="both" />""");
        _folder.Target("BpfGenerate").Succeeded();
        Assert.DoesNotContain("Table", File.ReadAllText(Generated("both")), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_items_of_a_name_are_an_error_that_names_both()
    {
        _folder.Write("other/counter.bpf.c", Sources.Counter);
        _folder.WriteProject("""<BpfProgram Include="counter.bpf.c;other/counter.bpf.c" />""");
        BuildResult result = _folder.Target("BpfGenerate").FailedWith("error BPF2005");
        Assert.Contains(_folder.At("other/counter.bpf.c"), result.Output, StringComparison.Ordinal);
        Assert.Contains("ObjectName", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Accessibility=\"protected\"", "BPF2008")]
    [InlineData("Embed=\"Nowhere\"", "BPF2008")]
    [InlineData("TargetArch=\"pdp11\"", "BPF2008")]
    public void Metadata_without_a_meaning_is_an_error(string metadata, string id)
    {
        _folder.WriteProject($"""<BpfProgram Include="counter.bpf.c" {metadata} />""");
        _folder.Target("BpfGenerate").FailedWith($"error {id}");
    }

    [Fact]
    public void Object_that_is_none_is_an_error()
    {
        _folder.Write("bad.bpf.o", "not an ELF file");
        _folder.WriteProject("""<BpfObject Include="bad.bpf.o;missing.bpf.o" />""");
        _folder.Target("BpfGenerate").FailedWith("error BPF2011");
    }

    private string Generated(string name) => _folder.At(Path.Combine(BuiltProject.Intermediate, $"{name}.skel.g.cs"));

    private void UsePrebuilt()
    {
        File.Copy(Path.Combine(Repository.Root, "tests", "build", "objects", "counter.bpf.o"), _folder.At("counter.bpf.o"), overwrite: true);
        _folder.WriteProject("""<BpfProgram Include="counter.bpf.c" Prebuilt="counter.bpf.o" />""");
    }
}
