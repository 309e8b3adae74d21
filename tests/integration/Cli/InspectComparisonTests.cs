using System.Text.Json;
using LibbpfSharp.Cli;

namespace LibbpfSharp.Tests.Integration.Cli;

/// <summary>What <c>inspect --json</c> says of maps, programs and variables equals what bpftool and readelf say.</summary>
public sealed class InspectComparisonTests
{
    private const ulong Mmapable = 1 << 10;

    [Fact]
    public void Own_objects_are_as_bpftool_and_readelf_say()
    {
        RequireTools();
        // bpftool of Debian 12 does not know .bss.custom, which this object is made of.
        CompareAll([.. TestObjects.Names.Where(n => n != "custombss").Select(TestObjects.GetPath)], mayRefuse: false);
    }

    [Fact]
    public void Corpus_objects_are_as_bpftool_and_readelf_say()
    {
        RequireTools();
        CompareAll(Corpus.Require(), mayRefuse: true);
    }

    private static void RequireTools()
    {
        RequireKernel.Check(ExternalTool.Exists("bpftool") ? null : "bpftool is not installed");
        RequireKernel.Check(ExternalTool.Exists("readelf") || ExternalTool.Exists("llvm-readelf") ? null : "neither readelf nor llvm-readelf is installed");
    }

    private static void CompareAll(IReadOnlyList<string> files, bool mayRefuse)
    {
        int maps = 0;
        int programs = 0;
        int variables = 0;
        int refused = 0;
        foreach (string file in files)
        {
            using StringWriter output = new();
            using StringWriter error = new();
            int exitCode = CliApp.Run(["inspect", "--json", file], new CliConsole(output, error, isTerminal: false, hasColours: false));
            if (BpftoolObject.TryRead(file, out string words) is not { } bpftool)
            {
                // What libbpf does not open (maps of old, externs without type) has nothing to be compared with.
                Assert.True(mayRefuse, $"bpftool gen skeleton {file}: {words[Math.Max(0, words.Length - 2000)..]}");
                Assert.True(exitCode == 0 || error.ToString().Length > 0, file);
                refused++;
                continue;
            }

            Assert.True(exitCode == 0, $"{file}: {error}");
            using JsonDocument json = JsonDocument.Parse(output.ToString());
            ReadelfObject readelf = ReadelfObject.Read(file);
            try
            {
                maps += CompareMaps(json.RootElement, bpftool, readelf);
                programs += ComparePrograms(json.RootElement, bpftool, readelf);
                variables += CompareVariables(json.RootElement, bpftool, readelf);
            }
            catch (Exception e) when (e is Xunit.Sdk.XunitException)
            {
                throw new InvalidOperationException($"{file}: {e.Message}", e);
            }
        }

        Summary.Write($"inspect equals bpftool and readelf: {files.Count - refused} objects, {maps} maps, {programs} programs, {variables} variables; bpftool refuses {refused}");
        Assert.True(maps > 0 && programs > 0 && variables > 0);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static ulong Number(JsonElement element, string name) => element.GetProperty(name).GetUInt64();

    private static string Identifier(string section) => section.TrimStart('.').Replace('.', '_');

    private static int CompareMaps(JsonElement json, BpftoolObject bpftool, ReadelfObject readelf)
    {
        JsonElement[] maps = [.. json.GetProperty("maps").EnumerateArray().Where(m => !bpftool.SkippedSections.Contains(Text(m, "section")))];
        Assert.Equal(bpftool.Maps, maps.Select(m => Text(m, "kind") is "user" or "struct_ops" ? Text(m, "name") : Identifier(Text(m, "section"))));
        foreach (JsonElement map in maps)
        {
            string kind = Text(map, "kind");
            if (kind == "user")
            {
                CompareDefinition(Text(map, "name"), map, Text(map, "pinning") == "by_name", bpftool);
                if (map.GetProperty("inner").ValueKind != JsonValueKind.Null)
                    CompareDefinition(Text(map, "name") + ".inner", map.GetProperty("inner"), false, bpftool);
            }
            else if (kind is not ("kconfig" or "struct_ops"))
            {
                (int index, (string name, ulong size)) = readelf.Sections.First(s => s.Value.Name == Text(map, "section"));
                Assert.Equal(size, Number(map, "valueSize"));
                ulong flags = bpftool.InternalFlags[index];
                if (!json.GetProperty("variables").EnumerateArray().Any(v => Text(v, "section") == name && !v.GetProperty("static").GetBoolean()))
                    flags &= ~Mmapable; // libbpf before 1.1 (in Debian's bpftool) maps also what has static variables alone
                Assert.True(flags == Number(map, "flags"), $"flags of {name}: {flags:x}, not {Number(map, "flags"):x}");
            }
        }

        return maps.Length;
    }

    private static void CompareDefinition(string name, JsonElement map, bool pinned, BpftoolObject bpftool)
    {
        ulong expected(string attribute) => bpftool.Attributes.GetValueOrDefault((name, attribute));

        Assert.Equal((name, MapTypeName(expected("type"))), (name, Text(map, "type")));
        Assert.Equal((name, expected("key_size")), (name, Number(map, "keySize")));
        // A map of maps and a program array have values of 4 bytes, which libbpf does not mention.
        if (bpftool.Attributes.ContainsKey((name, "value_size")))
            Assert.Equal((name, expected("value_size")), (name, Number(map, "valueSize")));
        Assert.Equal((name, expected("max_entries")), (name, Number(map, "maxEntries")));
        Assert.Equal((name, expected("map_flags")), (name, Number(map, "flags")));
        Assert.Equal((name, expected("map_extra")), (name, Number(map, "mapExtra")));
        Assert.Equal((name, expected("numa_node")), (name, Number(map, "numaNode")));
        Assert.Equal((name, expected("pinning") == 1), (name, pinned));
        Assert.Equal((name, bpftool.Attributes.ContainsKey((name, "key_type"))), (name, map.GetProperty("keyType").ValueKind != JsonValueKind.Null));
        Assert.Equal((name, bpftool.Attributes.ContainsKey((name, "value_type"))), (name, map.GetProperty("valueType").ValueKind != JsonValueKind.Null));
    }

    private static string MapTypeName(ulong type) => LibbpfSharp.Formats.Objects.BpfTypeNames.GetMapType((uint)type);

    private static int ComparePrograms(JsonElement json, BpftoolObject bpftool, ReadelfObject readelf)
    {
        JsonElement[] programs = [.. json.GetProperty("programs").EnumerateArray()];
        Assert.Equal(bpftool.Programs, programs.Select(p => Text(p, "name")));
        IEnumerable<(string, string, ulong)> functions = json.GetProperty("functions").EnumerateArray().Select(f => (Text(f, "name"), Text(f, "section"), Number(f, "instructions") * 8));
        Assert.Equal(
            readelf.Symbols.Where(s => s.Type == "FUNC").Select(s => (s.Name, s.Section, s.Size)).Order(),
            functions.Order());
        foreach (JsonElement program in programs)
            Assert.Contains(readelf.Symbols, s => s.Type == "FUNC" && s.Name == Text(program, "name") && s.Section == Text(program, "section"));
        return programs.Length;
    }

    private static int CompareVariables(JsonElement json, BpftoolObject bpftool, ReadelfObject readelf)
    {
        JsonElement[] variables = [.. json.GetProperty("variables").EnumerateArray()];
        foreach ((string section, List<string> names) in bpftool.Variables)
        {
            // The skeleton leaves out static variables.
            Assert.Equal(names, variables.Where(v => Identifier(Text(v, "section")) == section && !v.GetProperty("static").GetBoolean()).Select(v => Text(v, "name")));
        }

        HashSet<string> sections = [.. json.GetProperty("maps").EnumerateArray().Where(m => Text(m, "kind") is "data" or "rodata" or "bss").Select(m => Text(m, "section"))];
        (string, string, ulong, ulong)[] inspected = [.. variables.Where(v => Text(v, "section") != ".kconfig").Select(v => (Text(v, "section"), Text(v, "name"), Number(v, "offset"), Number(v, "size")))];
        ReadelfObject.Symbol[] symbols = [.. readelf.Symbols.Where(s => s.Type == "OBJECT" && sections.Contains(s.Section))];
        foreach ((string, string, ulong, ulong) variable in inspected)
            Assert.Contains(variable, symbols.Select(s => (s.Section, s.Name, s.Value, s.Size)));
        foreach (ReadelfObject.Symbol symbol in symbols.Where(s => s.Binding != "LOCAL"))
            Assert.Contains((symbol.Section, symbol.Name, symbol.Value, symbol.Size), inspected);
        return variables.Length;
    }
}
