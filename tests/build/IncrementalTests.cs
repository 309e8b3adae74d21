using LibbpfSharp.Tests.Build.Tools;

namespace LibbpfSharp.Tests.Build;

/// <summary>What a second build does: real builds of one project, of which each test changes one thing and looks what ran.</summary>
public sealed class IncrementalTests : IClassFixture<BuiltProject>
{
    private readonly BuiltProject _project;

    /// <summary>Takes the built project.</summary>
    public IncrementalTests(BuiltProject project)
    {
        _project = project;
        project.Restore();
    }

    [Fact]
    public void First_build_compiles_each_source_once()
    {
        Assert.Equal(["counter.bpf.c", "table.bpf.c"], _project.FirstCompiled);
        foreach (string name in (string[])["counter", "table"])
        {
            Assert.True(File.Exists(_project.Output($"{name}.bpf.o")));
            Assert.True(File.Exists(_project.Output($"{name}.skel.g.cs")));
        }
    }

    [Fact]
    public void Untouched_build_runs_nothing()
    {
        BuildChanges changes = _project.Build();
        Assert.Empty(changes.Compiled);
        Assert.Empty(changes.Generated);
        Assert.Empty(changes.Written);
        Assert.False(changes.AssemblyWritten);
    }

    [Fact]
    public void Header_rebuilds_what_includes_it()
    {
        _project.Folder.Write("table.h", $"struct row {{ int id; long long sum; int more{Random.Shared.Next(int.MaxValue)}; }};\n");
        BuildChanges changes = _project.Build();
        Assert.Equal(["table.bpf.c"], changes.Compiled);
        Assert.Equal(["table"], changes.Generated);
        Assert.True(changes.AssemblyWritten);
    }

    [Fact]
    public void Touched_header_without_a_change_leaves_the_assembly_alone()
    {
        File.SetLastWriteTimeUtc(_project.Folder.At("counter.h"), DateTime.UtcNow);
        BuildChanges changes = _project.Build();
        Assert.Equal(["counter.bpf.c"], changes.Compiled);
        Assert.DoesNotContain(changes.Written, f => f.EndsWith(".skel.g.cs", StringComparison.Ordinal));
        Assert.False(changes.AssemblyWritten);
    }

    [Fact]
    public void Defines_recompile_that_item()
    {
        _project.SetItems("""<BpfProgram Include="counter.bpf.c" /><BpfProgram Include="table.bpf.c" Defines="ENTRIES=99" />""");
        BuildChanges changes = _project.Build();
        Assert.Equal(["table.bpf.c"], changes.Compiled);
        Assert.Equal(["table"], changes.Generated);
        Assert.Contains("99 entries", File.ReadAllText(_project.Output("table.skel.g.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public void Class_name_regenerates_that_item_without_clang()
    {
        _project.SetItems("""<BpfProgram Include="counter.bpf.c" /><BpfProgram Include="table.bpf.c" ClassName="Board" Accessibility="public" />""");
        BuildChanges changes = _project.Build();
        Assert.Empty(changes.Compiled);
        Assert.Equal(["table"], changes.Generated);
        Assert.Contains("public sealed class Board ", File.ReadAllText(_project.Output("table.skel.g.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public void Removed_item_takes_its_files_along()
    {
        _project.SetItems("""<BpfProgram Include="counter.bpf.c" />""");
        BuildChanges changes = _project.Build();
        Assert.Empty(changes.Compiled);
        Assert.DoesNotContain(_project.Files(), f => f.StartsWith("table", StringComparison.Ordinal));
        Assert.Contains("counter.bpf.o", _project.Files());
        _project.Restore();
        Assert.Contains("table.bpf.o", _project.Files());
    }

    [Fact]
    public void Deleted_code_is_made_again()
    {
        File.Delete(_project.Output("table.skel.g.cs"));
        BuildChanges changes = _project.Build();
        Assert.Empty(changes.Compiled);
        Assert.Equal(["table"], changes.Generated);
        Assert.True(File.Exists(_project.Output("table.skel.g.cs")));
    }

    [Fact]
    public void Clean_removes_everything()
    {
        _project.Folder.Target("Clean").Succeeded();
        Assert.False(Directory.Exists(_project.Output("")), "the folder of the generated files should be gone");
        Assert.Equal(["counter.bpf.c", "table.bpf.c"], _project.Build().Compiled);
    }

    [Fact]
    public void Watch_sees_sources_and_headers()
    {
        BuildResult result = _project.Folder.DotNet("watch", "--list", "--non-interactive");
        result.Succeeded();
        foreach (string file in (string[])["counter.bpf.c", "table.bpf.c", "counter.h", "table.h", "Program.cs"])
            Assert.Contains(_project.Folder.At(file), result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_is_the_same_in_another_folder()
    {
        using BuildFolder other = _project.Copy();
        other.Target("BpfGenerate", "-restore").Succeeded();
        foreach (string name in (string[])["counter.bpf.o", "table.bpf.o", "counter.skel.g.cs", "table.skel.g.cs"])
        {
            byte[] expected = File.ReadAllBytes(_project.Output(name));
            Assert.True(expected.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(other.Path, BuiltProject.Intermediate, name))), $"{name} differs");
        }
    }
}
