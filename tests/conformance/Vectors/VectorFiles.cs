using System.Text.Json;

namespace LibbpfSharp.Tests.Conformance.Vectors;

/// <summary>The vector files: those beside the tests, or those of the directory in LIBBPFSHARP_VECTORS.</summary>
internal static class VectorFiles
{
    private static readonly Lazy<Dictionary<string, VectorScenario>> s_scenarios = new(Read);

    /// <summary>Where the files are.</summary>
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("LIBBPFSHARP_VECTORS") is { Length: > 0 } folder ? folder : Path.Combine(AppContext.BaseDirectory, "vectors");

    /// <summary>All scenarios by name.</summary>
    public static IReadOnlyDictionary<string, VectorScenario> Scenarios => s_scenarios.Value;

    private static Dictionary<string, VectorScenario> Read()
    {
        string[] files = [.. Directory.EnumerateFiles(Folder, "*.jsonl").Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new InvalidDataException($"There is no *.jsonl in {Folder}.");
        var all = new Dictionary<string, VectorScenario>(StringComparer.Ordinal);
        foreach (string file in files)
        {
            int before = all.Count;
            foreach (string line in File.ReadLines(file).Where(l => !string.IsNullOrWhiteSpace(l)))
            {
                var scenario = new VectorScenario(JsonDocument.Parse(line).RootElement);
                if (!all.TryAdd(scenario.Name, scenario))
                    throw new InvalidDataException($"{file}: the scenario {scenario.Name} occurs twice.");
                if (scenario.Steps.GetArrayLength() == 0)
                    throw new InvalidDataException($"{file}: the scenario {scenario.Name} has no step.");
            }

            if (all.Count == before)
                throw new InvalidDataException($"{file} holds no scenario.");
        }

        return all;
    }
}
