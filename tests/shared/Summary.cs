namespace LibbpfSharp.Tests;

/// <summary>Counts for whoever reads the run: diagnostic messages, which `dotnet test` shows.</summary>
internal static class Summary
{
    /// <summary>Writes one message.</summary>
    public static void Write(string text) => TestContext.Current.SendDiagnosticMessage(text);
}
