using System.Globalization;
using System.Text;
using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Tests.Integration.Formats;

/// <summary>Reads the running kernel's BTF, which holds every difficulty that C has.</summary>
public sealed class VmlinuxBtfTests
{
    private const string Path = "/sys/kernel/btf/vmlinux";

    [Fact]
    public void Header_compiles_to_the_same_layout()
    {
        BtfData btf = Vmlinux();
        RequireKernel.Check(ExternalTool.Exists("clang") ? null : "clang is not on the PATH (apt-get install clang)");
        string folder = Directory.CreateTempSubdirectory("libbpfsharp-").FullName;
        try
        {
            using (StreamWriter header = new(System.IO.Path.Combine(folder, "vmlinux.h")))
                BtfCDumper.WriteHeader(btf, header);
            int checks = WriteChecks(btf, System.IO.Path.Combine(folder, "checks.c"));
            Assert.True(checks > 20_000, $"only {checks} checks");
            ExternalTool.Succeed("clang", "-target", "bpf", "-O2", "-g", "-Wall", "-Werror", "-ferror-limit=5", "-c", System.IO.Path.Combine(folder, "checks.c"), "-o", System.IO.Path.Combine(folder, "checks.o"));
            TestContext.Current.SendDiagnosticMessage($"vmlinux.h: {checks} sizes and offsets are those of BTF");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Every_type_can_be_read()
    {
        BtfData btf = Vmlinux();
        long entries = 0;
        for (uint id = 1; id < btf.TypeCount; id++)
        {
            BtfType type = btf[id];
            _ = type.Name;
            _ = btf.TryGetSize(id, out _);
            entries += type.Kind switch
            {
                BtfKind.Struct or BtfKind.Union => Count(type.Members),
                BtfKind.Enum or BtfKind.Enum64 => Count(type.EnumValues),
                BtfKind.FuncProto => Count(type.Parameters),
                BtfKind.DataSec => Count(type.Variables),
                _ => 0,
            };
        }

        Assert.True(entries > 100_000, $"only {entries} entries");
        Assert.True(btf.TryFindByName("do_exit", BtfKind.Func, out uint id2));
        Assert.Equal(BtfKind.FuncProto, btf[btf[id2].TypeId].Kind);
        Assert.Equal(btf.RawBytes.ToArray(), BtfBuilder.From(btf).ToArray());

        static int Count<T>(BtfList<T> list)
            where T : struct, IBtfEntry<T>
        {
            int count = 0;
            foreach (T entry in list)
                count++;
            return count;
        }
    }

    private static BtfData Vmlinux()
    {
        RequireKernel.Check(File.Exists(Path) ? null : $"{Path} does not exist");
        return BtfData.Parse(File.ReadAllBytes(Path));
    }

    /// <summary>A static assertion for each size and offset of the types whose name is unique.</summary>
    private static int WriteChecks(BtfData btf, string path)
    {
        Dictionary<string, List<uint>> tags = [];
        for (uint id = 1; id < btf.TypeCount; id++)
        {
            BtfType type = btf[id];
            if (type.NameOffset == 0 || !(type.IsComposite || type.IsAnyEnum))
                continue;
            if (!tags.TryGetValue(type.Name, out List<uint>? ids))
                tags.Add(type.Name, ids = []);
            ids.Add(id);
        }

        int checks = 0;
        StringBuilder text = new("#include \"vmlinux.h\"\n");
        foreach ((string name, List<uint> ids) in tags)
        {
            BtfType type = btf[ids[0]];
            if (ids.Count > 1 || name.StartsWith("__va_list", StringComparison.Ordinal) || (type.IsAnyEnum && type.VariableLength == 0))
                continue;
            string tag = $"{(type.IsAnyEnum ? "enum" : type.Kind == BtfKind.Union ? "union" : "struct")} {name}";
            text.Append(CultureInfo.InvariantCulture, $"_Static_assert(sizeof({tag}) == {type.Size}, \"{tag}\");\n");
            checks++;
            if (type.IsAnyEnum)
                continue;
            foreach (BtfMember member in type.Members)
            {
                if (member.NameOffset == 0 || member.BitfieldSize != 0)
                    continue;
                text.Append(CultureInfo.InvariantCulture, $"_Static_assert(__builtin_offsetof({tag}, {member.Name}) == {member.BitOffset / 8}, \"{tag}.{member.Name}\");\n");
                checks++;
            }
        }

        File.WriteAllText(path, text.ToString());
        return checks;
    }
}
