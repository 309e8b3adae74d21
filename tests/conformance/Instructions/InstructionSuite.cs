using System.Text.Json;

namespace LibbpfSharp.Tests.Conformance.Instructions;

/// <summary>The instruction suite of bpf_conformance in its assembled form, where it is there.</summary>
internal static class InstructionSuite
{
    public sealed record Case(string Name, byte[] Program, byte[] Memory, ulong Result);

    /// <summary>Its file, or null.</summary>
    public static string? FindFile()
    {
        string? folder = Environment.GetEnvironmentVariable("LIBBPFSHARP_CONFORMANCE");
        if (!string.IsNullOrEmpty(folder))
            return Path.Combine(folder, "index.json");
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (!File.Exists(Path.Combine(at.FullName, "LibbpfSharp.sln")))
                continue;

            // A checkout may be nested one level deeper than the shared folder's sibling.
            foreach (string up in (string[])["..", "../.."])
            {
                string file = Path.Combine(at.FullName, up, "shared", "conformance", "index.json");
                if (File.Exists(file))
                    return file;
            }
        }

        return null;
    }

    public static IReadOnlyList<Case> Read(string file)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(file));
        var cases = new List<Case>();
        foreach (JsonElement element in json.RootElement.EnumerateArray())
        {
            cases.Add(new Case(
                element.GetProperty("name").GetString()!,
                Convert.FromHexString(element.GetProperty("insns").GetString()!),
                Convert.FromHexString(element.GetProperty("mem").GetString()!),
                Convert.ToUInt64(element.GetProperty("result").GetString()![2..], 16)));
        }

        return cases;
    }
}
