using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Skeleton.Model;
using LibbpfSharp.Skeleton.Naming;
using LibbpfSharp.Skeleton.Types;

namespace LibbpfSharp.Skeleton;

/// <summary>From an object file to the model of its skeleton.</summary>
internal static class SkeletonParser
{
    private static readonly string[] s_members =
        ["Maps", "Programs", "Links", "Object", "ObjectBytes", "Open", "OpenAndLoad", "Attach", "Detach", "Dispose", "Equals", "GetHashCode", "GetType", "ToString", "ReferenceEquals", "MemberwiseClone", "Finalize", "Load"];

    private static readonly string[] s_types = ["MapGroup", "ProgramGroup", "LinkGroup", "OpenMapGroup", "OpenProgramGroup"];

    public static SkeletonModel Parse(BpfObjectFile file, SkeletonOptions options)
    {
        string className = options.ClassName ?? CSharpNames.Pascal(options.ObjectName);
        if (s_members.Contains(className) || s_types.Contains(className))
            className += "Object"; // a class cannot have a member of its own name
        NameScope sectionNames = new([className, .. s_members, .. s_types]);
        BpfMapSpec[] sections = [.. file.Maps.Where(m => m.IsInternal && IsShown(m) && file.Variables.Any(v => v.Map == m && !v.IsStatic))];
        Dictionary<BpfMapSpec, string> names = sections.ToDictionary(m => m, m => sectionNames.Take(CSharpNames.Pascal(m.SectionName)));
        TypeSetBuilder? types = file.Btf is null
            ? null
            : new(file.Btf, [className, className + "Open", .. s_members, .. s_types, .. names.Values, .. names.Values.Select(n => n + "Section"), .. names.Values.Select(n => "Open" + n + "Section")]);
        NameScope mapNames = new("Object", "Equals", "GetHashCode", "GetType", "ToString", "ReferenceEquals", "MemberwiseClone", "Finalize", "MapGroup", "OpenMapGroup");
        NameScope programNames = new("Object", "Equals", "GetHashCode", "GetType", "ToString", "ReferenceEquals", "MemberwiseClone", "Finalize", "ProgramGroup", "OpenProgramGroup", "LinkGroup");
        MapModel[] maps = [.. file.Maps.Where(m => !m.IsInternal).Select(m => Map(m, types, mapNames))];
        ProgramModel[] programs = [.. file.Programs.Select(p => new ProgramModel(programNames.Take(CSharpNames.Pascal(p.Name)), p.Name, Kind(p), p.SectionName))];
        SectionModel[] models = [.. sections.Select(m => Section(m, names[m], file, types))];
        foreach (string pattern in options.ExtraTypes)
            types?.AddByName(pattern);
        return new(options.Namespace, className, options.ObjectName, options.IsPublic, maps, programs, models, types?.Build() ?? new([], new Dictionary<uint, string>(), []));
    }

    private static bool IsShown(BpfMapSpec map) =>
        map.SectionName is ".kconfig" || map.SectionName.Split('.') is ["", "data" or "bss" or "rodata", ..];

    private static MapModel Map(BpfMapSpec map, TypeSetBuilder? types, NameScope names)
    {
        string name = names.Take(CSharpNames.Pascal(map.Name));
        TypeRef? key = map.KeyTypeId == 0 ? null : Stored(types?.Add(map.KeyTypeId, name + "Key"), map.KeySize);
        TypeRef? value = map.ValueTypeId == 0 ? null : Stored(types?.Add(map.ValueTypeId, name + "Value"), map.ValueSize);
        string description = $"{map.Type switch { 1 => "hash", 2 => "array", 3 => "program array", 5 => "per-CPU hash", 6 => "per-CPU array", 9 => "LRU hash", 10 => "LRU per-CPU hash", 11 => "LPM trie", 22 => "queue", 23 => "stack", 27 => "ring buffer", 30 => "bloom filter", var t => $"type {t}" }}, "
            + $"keys of {map.KeySize} and values of {map.ValueSize} bytes, {map.MaxEntries} entries";
        (string? kind, TypeRef?[] arguments) = map.Type switch
        {
            1 => ("BpfHashMap", [key, value]),
            2 => ("BpfArray", [value]),
            3 => ("BpfProgramArray", Array.Empty<TypeRef?>()),
            5 => ("BpfPerCpuHashMap", [key, value]),
            6 => ("BpfPerCpuArray", [value]),
            9 => ("BpfLruHashMap", [key, value]),
            10 => ("BpfLruPerCpuHashMap", [key, value]),
            11 => ("BpfLpmTrie", [key, value]),
            22 => ("BpfQueue", [value]),
            23 => ("BpfStack", [value]),
            30 => ("BpfBloomFilter", [value]),
            _ => ((string?)null, Array.Empty<TypeRef?>()),
        };
        return arguments.Contains(null)
            ? new(name, map.Name, null, [], description)
            : new(name, map.Name, kind, [.. arguments.Select(a => a!)], description);
    }

    // A bool is a byte in memory. A type that is not as large as the map says is of no use.
    private static TypeRef? Stored(TypeRef? type, uint size) => type switch
    {
        null => null,
        { Kind: TypeRefKind.Boolean } => new(TypeRefKind.Integer, "byte", 1, 1),
        _ => type.Size == size ? type : null,
    };

    private static SectionModel Section(BpfMapSpec map, string name, BpfObjectFile file, TypeSetBuilder? types)
    {
        NameScope names = new("Object", "Equals", "GetHashCode", "GetType", "ToString", "ReferenceEquals", "MemberwiseClone", "Finalize", name + "Section", "Open" + name + "Section");
        BtfCDumper? c = file.Btf is null ? null : new(file.Btf, TextWriter.Null);
        List<VariableModel> variables = [];
        foreach (BpfVariableSpec variable in file.Variables.Where(v => v.Map == map && !v.IsStatic))
        {
            string cs = names.Take(CSharpNames.Pascal(variable.Name));
            TypeRef? type = variable.TypeId == 0 ? null : types?.Add(variable.TypeId, cs + "Type");
            string declaration = variable.TypeId == 0 ? variable.Name
                : string.Join(' ', c!.Declare(variable.TypeId, variable.Name).Split(['\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));
            variables.Add(new(cs, variable.Name, declaration, type?.Size == variable.Size ? type : null, variable.Offset, variable.Size));
        }

        return new(name, map.SectionName, map.SectionName.StartsWith(".rodata", StringComparison.Ordinal) || map.SectionName == ".kconfig", variables);
    }

    private static string? Kind(BpfProgramSpec program)
    {
        string section = program.SectionName.Split('/')[0];
        bool multi = section.Contains(".multi", StringComparison.Ordinal) || section.Contains(".session", StringComparison.Ordinal);
        return program.ProgramType switch
        {
            1 => "BpfSocketFilterProgram",
            2 when section.StartsWith('k') => multi ? "BpfKprobeMultiProgram" : "BpfKprobeProgram",
            2 when section.StartsWith("usdt", StringComparison.Ordinal) => "BpfUsdtProgram",
            2 when section.StartsWith('u') => multi ? "BpfUprobeMultiProgram" : "BpfUprobeProgram",
            3 or 4 => "BpfTcProgram",
            5 => "BpfTracepointProgram",
            6 => "BpfXdpProgram",
            7 => "BpfPerfEventProgram",
            8 or 9 or 13 or 15 or 18 or 23 or 25 => "BpfCgroupProgram",
            14 or 16 => "BpfSocketMapProgram",
            17 or 24 => "BpfRawTracepointProgram",
            21 => "BpfSkReusePortProgram",
            22 => "BpfFlowDissectorProgram",
            26 => section.StartsWith("iter", StringComparison.Ordinal) ? "BpfIteratorProgram" : "BpfTracingProgram",
            28 => "BpfExtensionProgram",
            29 => section.StartsWith("lsm_cgroup", StringComparison.Ordinal) ? "BpfLsmCgroupProgram" : "BpfLsmProgram",
            30 => "BpfSkLookupProgram",
            31 => "BpfSyscallProgram",
            32 => "BpfNetfilterProgram",
            _ => null,
        };
    }
}
