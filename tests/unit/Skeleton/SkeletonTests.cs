using System.Reflection;
using LibbpfSharp.Interop;
using LibbpfSharp.Skeleton;
using LibbpfSharp.Tests.Skeleton;

namespace LibbpfSharp.Tests.Unit.Skeleton;

public sealed class SkeletonTests
{
    /// <summary>All objects that the tests have: each must generate and compile.</summary>
    public static TheoryData<string> Objects =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "objects"), "*.bpf.o").Select(f => Path.GetFileName(f)[..^6]).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Objects))]
    public void Every_object_generates_and_compiles(string name)
    {
        SkeletonResult result = Generate(name);
        Assert.Equal(result.Code, Generate(name).Code);
        GeneratedCode.Emit(result.Code);
    }

    [Theory]
    [InlineData("globals")]
    [InlineData("maps")]
    [InlineData("sections")]
    [InlineData("skeleton_run")]
    [InlineData("skeleton_types")]
    public void Output_is_the_golden_file(string name)
    {
        // The bytes of the object are many lines that say nothing.
        string code = Generate(name).Code;
        int start = code.IndexOf("ObjectBytes => new byte[]", StringComparison.Ordinal);
        int end = code.IndexOf("};", start, StringComparison.Ordinal);
        Golden.Check($"Golden/{name}.skeleton.g.cs.txt", code[..start] + "ObjectBytes => [];" + code[(end + 2)..]);
    }

    [Fact]
    public void Class_name_and_accessibility_are_as_asked()
    {
        SkeletonResult result = SkeletonGenerator.Generate(Bytes("maps"), new() { ObjectName = "my-object.v2", Namespace = "A.B", IsPublic = true });
        Assert.Equal("MyObjectV2", result.ClassName);
        Assert.Contains("public sealed class MyObjectV2 :", result.Code, StringComparison.Ordinal);
        result = SkeletonGenerator.Generate(Bytes("maps"), new() { ObjectName = "maps", ClassName = "Other", ExtraTypes = ["no_such"] });
        Assert.Contains("internal sealed class Other :", result.Code, StringComparison.Ordinal);
        Assert.Contains(result.Diagnostics, d => d.Id == "BPF1003");
    }

    [Fact]
    public void Malformed_objects_are_refused() =>
        Assert.Throws<LibbpfSharp.Formats.BpfObjectFormatException>(() => SkeletonGenerator.Generate(new byte[100], new() { ObjectName = "x" }));

    private static SkeletonResult Generate(string name) =>
        SkeletonGenerator.Generate(Bytes(name), new() { ObjectName = name, Namespace = "Test", IsPublic = true });

    private static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "objects", name + ".bpf.o"));
}
