using System.Reflection;
using LibbpfSharp.Formats;
using LibbpfSharp.Skeleton;
using LibbpfSharp.Skeleton.Diagnostics;
using LibbpfSharp.Tests.Skeleton;
using LibbpfSharp.Tests.Unit.Formats.Objects;

namespace LibbpfSharp.Tests.Unit.Skeleton;

public sealed class SkeletonTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "objects");

    // Objects whose output is kept; tests/skeletons builds it, and the integration tests use it.
    private static readonly string[] s_golden = ["globals", "maps", "sections", "skeleton_run", "skeleton_types", "custombss"];

    private static readonly Dictionary<string, string[]> s_extraTypes = new(StringComparer.Ordinal)
    {
        ["skeleton/arrays"] = ["record", "old_record"],
        ["skeleton/maps_events"] = ["command"],
    };

    /// <summary>All objects that the tests have: each must generate and compile.</summary>
    public static TheoryData<string> Objects => [.. AllObjects];

    /// <summary>Objects whose output is kept in Golden/.</summary>
    public static TheoryData<string> GoldenObjects => [.. s_golden, .. AllObjects.Where(o => o.StartsWith("skeleton/", StringComparison.Ordinal))];

    private static IEnumerable<string> AllObjects => Directory.EnumerateFiles(s_folder, "*.bpf.o", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(s_folder, f).Replace('\\', '/')[..^6]).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Objects))]
    public void Every_object_generates_and_compiles(string name)
    {
        SkeletonResult result = Generate(name);
        Assert.Equal(result.Code, Generate(name).Code);
        Assembly assembly = GeneratedCode.Compile(result.Code);
        Type type = assembly.GetType($"LibbpfSharp.Tests.Skeletons.{result.ClassName}", throwOnError: true)!;
        type.GetNestedType("LayoutCheck")!.GetMethod("Run")!.Invoke(null, null);
    }

    [Theory]
    [MemberData(nameof(GoldenObjects))]
    public void Output_is_the_golden_file(string name)
    {
        // The bytes of the object are many lines that say nothing.
        string code = Generate(name).Code;
        int start = code.IndexOf("ObjectWords =>\n", StringComparison.Ordinal);
        int end = code.IndexOf("];", start, StringComparison.Ordinal);
        Golden.Check($"Golden/{Path.GetFileName(name)}.skeleton.g.cs.txt", code[..start] + "ObjectWords => [];" + code[(end + 2)..]);
    }

    [Fact]
    public void There_are_golden_files_for_25_objects() => Assert.True(GoldenObjects.Count >= 25, $"{GoldenObjects.Count}");

    [Fact]
    public void Embedded_bytes_are_the_object()
    {
        Assembly assembly = GeneratedCode.Compile(Generate("maps").Code, """
            /// <summary>Reads a span, which reflection cannot.</summary>
            public static class Reader
            {
                /// <summary>The bytes.</summary>
                public static byte[] Read() => LibbpfSharp.Tests.Skeletons.MapsObject.ObjectBytes.ToArray();
            }
            """);
        Assert.Equal(Bytes("maps"), (byte[])assembly.GetType("Reader")!.GetMethod("Read")!.Invoke(null, null)!);
    }

    [Fact]
    public void Class_name_and_accessibility_are_as_asked()
    {
        SkeletonResult result = SkeletonGenerator.Generate(Bytes("maps"), new() { ObjectName = "my-object.v2", Namespace = "A.B", IsPublic = true });
        Assert.Equal("MyObjectV2", result.ClassName);
        Assert.Contains("public sealed class MyObjectV2 :", result.Code, StringComparison.Ordinal);
        result = SkeletonGenerator.Generate(Bytes("maps"), new() { ObjectName = "maps", ClassName = "Other", ExtraTypes = ["no_such"] });
        Assert.Contains("internal sealed class Other :", result.Code, StringComparison.Ordinal);
        Assert.Contains(result.Diagnostics, d => d.Id == "BPF1003" && !d.IsError);
        GeneratedCode.Emit(result.Code);
    }

    [Theory]
    [InlineData("class", "BPF1101")]
    [InlineData("1st", "BPF1101")]
    [InlineData("A.B", "BPF1101")]
    [InlineData("", "BPF1101")]
    [InlineData("A;B", "BPF1101")]
    public void Names_that_are_none_are_refused(string className, string id)
    {
        SkeletonException e = Assert.Throws<SkeletonException>(() => SkeletonGenerator.Generate(Bytes("maps"), new() { ObjectName = "maps", ClassName = className }));
        Assert.Equal((id, true), (e.Diagnostic.Id, e.Diagnostic.IsError));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("A..B", false)]
    [InlineData("A.new", false)]
    [InlineData("A.B-C", false)]
    [InlineData("A.@new", true)]
    [InlineData("Ä._1", true)]
    public void Namespaces_are_checked(string space, bool good)
    {
        if (good)
            GeneratedCode.Emit(SkeletonGenerator.Generate(Bytes("skeleton/minimal"), new() { ObjectName = "minimal", Namespace = space }).Code);
        else
            Assert.Equal("BPF1102", Assert.Throws<SkeletonException>(() => SkeletonGenerator.Generate(Bytes("maps"), new() { ObjectName = "maps", Namespace = space })).Diagnostic.Id);
    }

    [Fact]
    public void Object_can_lie_beside_the_program()
    {
        SkeletonResult result = SkeletonGenerator.Generate(Bytes("maps"), new() { ObjectName = "maps", ObjectPath = "bpf/maps.bpf.o" });
        Assert.DoesNotContain("ObjectWords", result.Code, StringComparison.Ordinal);
        Assert.Contains("BpfSkeleton.Read(\"bpf/maps.bpf.o\")", result.Code, StringComparison.Ordinal);
        GeneratedCode.Emit(result.Code);
    }

    [Fact]
    public void Types_of_records_can_be_given()
    {
        SkeletonResult result = SkeletonGenerator.Generate(Bytes("skeleton/maps_events"), new()
        {
            ObjectName = "maps_events",
            EventTypes = new Dictionary<string, string> { ["untyped"] = "struct command", ["tagged"] = "event", ["plain_perf"] = "struct sample", ["events"] = "struct missing", ["nothing"] = "x" },
        });
        Assert.Contains("BpfRingBufferMap<global::Bpf.MapsEvents.Command> Untyped", result.Code, StringComparison.Ordinal);
        Assert.Contains("BpfRingBufferMap<global::Bpf.MapsEvents.Event> Tagged", result.Code, StringComparison.Ordinal);
        Assert.Contains("BpfPerfEventMap<global::Bpf.MapsEvents.Sample> PlainPerf", result.Code, StringComparison.Ordinal);
        Assert.Contains("global::LibbpfSharp.Maps.BpfMap Events", result.Code, StringComparison.Ordinal);
        Assert.Equal(["BPF1005", "BPF1006"], result.Diagnostics.Select(d => d.Id).Order(StringComparer.Ordinal));
        GeneratedCode.Emit(result.Code);
    }

    [Fact]
    public void Objects_without_BTF_have_programs_and_bytes()
    {
        ElfObjectBuilder elf = new();
        int code = elf.Section("xdp", [0xb7, 0, 0, 0, 2, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0], 6);
        int data = elf.Section(".data", [1, 0, 0, 0, 2, 0, 0, 0], 3);
        elf.Section(".rodata", [3, 0, 0, 0], 2);
        elf.Section("license", [(byte)'G', (byte)'P', (byte)'L', 0], 3);
        elf.Symbol("pass", code, 0, 16, 2);
        elf.Symbol("number", data, 4, 4, 1);
        SkeletonResult result = SkeletonGenerator.Generate(elf.ToArray(), new() { ObjectName = "no_btf", Namespace = "LibbpfSharp.Tests.Skeletons", IsPublic = true, ExtraTypes = ["some"] });
        Assert.Equal("BPF1003", Assert.Single(result.Diagnostics).Id);
        Assert.Contains("public global::System.Span<byte> Number =>", result.Code, StringComparison.Ordinal);
        Assert.Contains("public sealed class RodataSection", result.Code, StringComparison.Ordinal);
        Assert.Contains("BpfXdpProgram Pass =>", result.Code, StringComparison.Ordinal);
        GeneratedCode.Emit(result.Code);
    }

    [Fact]
    public void Malformed_objects_are_refused() =>
        Assert.Throws<BpfObjectFormatException>(() => SkeletonGenerator.Generate(new byte[100], new() { ObjectName = "x" }));

    [Fact]
    public void Objects_of_the_other_byte_order_are_refused_with_a_word_about_it()
    {
        byte[] bytes = Bytes("maps");
        bytes[5] = 2; // ELFDATA2MSB
        Assert.Contains("endian", Assert.Throws<BpfObjectFormatException>(() => SkeletonGenerator.Generate(bytes, new() { ObjectName = "x" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Catalogue_is_documented()
    {
        string document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "diagnostics.md"));
        foreach (SkeletonDiagnosticInfo info in SkeletonDiagnostics.All)
        {
            Assert.Contains($"## {info.Id}: {info.Title}", document, StringComparison.Ordinal);
            Assert.Contains(info.Help, document.ReplaceLineEndings(" "), StringComparison.Ordinal);
        }
    }

    internal static SkeletonResult Generate(string name) =>
        SkeletonGenerator.Generate(Bytes(name), new()
        {
            ObjectName = Path.GetFileName(name),
            Namespace = "LibbpfSharp.Tests.Skeletons",
            IsPublic = true,
            ExtraTypes = s_extraTypes.GetValueOrDefault(name) ?? [],
        });

    private static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(s_folder, name + ".bpf.o"));
}
