namespace LibbpfSharp.Tests.Build.Tools;

/// <summary>The checkout that the test assembly was built in.</summary>
internal static class Repository
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>"Debug" or "Release": how the test assembly was built, and with it the assemblies to pack.</summary>
    public static string Configuration { get; } =
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).StartsWith("release", StringComparison.OrdinalIgnoreCase) ? "Release" : "Debug";

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "LibbpfSharp.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The checkout of the tests is not above the test assembly.");
    }
}
