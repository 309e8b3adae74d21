using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LibbpfSharp.Benchmarks.Skeleton;

/// <summary>Compiles a generated class as a build would, warnings being errors.</summary>
internal static class SkeletonCompiler
{
    private static readonly MetadataReference[] s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal) || (Path.GetFileName(p).StartsWith("LibbpfSharp", StringComparison.Ordinal) && !Path.GetFileName(p).Contains("Benchmarks", StringComparison.Ordinal)))
            .Select(p => MetadataReference.CreateFromFile(p))];

    /// <summary>Compiles.</summary>
    public static void Compile(string code)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "measured",
            [CSharpSyntaxTree.ParseText(code, new(LanguageVersion.CSharp13, DocumentationMode.Diagnose))],
            s_references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, generalDiagnosticOption: ReportDiagnostic.Error, optimizationLevel: OptimizationLevel.Release));
        using MemoryStream stream = new();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(stream);
        if (!result.Success)
            throw new InvalidOperationException($"It does not compile: {result.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error)}");
    }
}
