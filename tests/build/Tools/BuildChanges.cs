namespace LibbpfSharp.Tests.Build.Tools;

/// <summary>What a build did.</summary>
/// <param name="Compiled">The sources that clang was run for, sorted.</param>
/// <param name="Generated">The objects a class was generated from, sorted.</param>
/// <param name="Written">Files of ours in the intermediate folder that were written.</param>
/// <param name="AssemblyWritten">Whether the C# compiler wrote a new assembly.</param>
/// <param name="Result">The build.</param>
internal sealed record BuildChanges(IReadOnlyList<string> Compiled, IReadOnlyList<string> Generated, IReadOnlyList<string> Written, bool AssemblyWritten, BuildResult Result);
