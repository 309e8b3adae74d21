using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LibbpfSharp.Tests.Skeleton;

/// <summary>Compiles generated code as strictly as a user's project could: nullable, documented, checked, no warning allowed.</summary>
internal static class GeneratedCode
{
    private static readonly Lazy<MetadataReference[]> s_references = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(p).StartsWith("LibbpfSharp", StringComparison.Ordinal) || Path.GetFileName(p) is "netstandard.dll")
            .Where(p => !Path.GetFileName(p).Contains("Tests", StringComparison.Ordinal))
            .Select(p => MetadataReference.CreateFromFile(p))]);

    /// <summary>Compiles, and fails the test with the first messages of the compiler if there are any.</summary>
    /// <returns>The assembly, loaded.</returns>
    public static Assembly Compile(params string[] sources) => Load(Emit(sources));

    /// <summary>Compiles to bytes.</summary>
    public static byte[] Emit(params string[] sources)
    {
        CSharpParseOptions parse = new(LanguageVersion.CSharp13, DocumentationMode.Diagnose);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Generated" + Guid.NewGuid().ToString("N"),
            sources.Select((s, i) => CSharpSyntaxTree.ParseText(s, parse, $"generated{i}.g.cs")),
            s_references.Value,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                checkOverflow: true,
                nullableContextOptions: NullableContextOptions.Enable,
                generalDiagnosticOption: ReportDiagnostic.Error,
                warningLevel: 9999));
        using MemoryStream stream = new();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(stream);
        string[] problems = [.. result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => $"{d}\n    {Line(d)}")];
        if (problems.Length != 0)
            Assert.Fail($"{problems.Length} messages of the compiler:\n{string.Join('\n', problems.Take(10))}");
        return stream.ToArray();
    }

    private static Assembly Load(byte[] image)
    {
        using MemoryStream stream = new(image);
        return new AssemblyLoadContext("generated", isCollectible: true).LoadFromStream(stream);
    }

    private static string Line(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree is { } tree ? tree.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim() : "";
}
