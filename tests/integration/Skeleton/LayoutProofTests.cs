using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Skeleton.Types;
using LibbpfSharp.Tests.Skeleton;

namespace LibbpfSharp.Tests.Integration.Skeleton;

/// <summary>
/// Random C types: what a C program has in memory after writing a member, and reads from given memory, the generated C# has
/// and reads too. Bit for bit, for every member.
/// </summary>
public sealed class LayoutProofTests
{
    private const ulong Pattern = 0x9e37_79b9_7f4a_7c15;

    // As fill() in the C program; a type has at most 1 MiB.
    private static readonly byte[] s_filled = [.. Enumerable.Range(0, 1 << 20).Select(i => (byte)((i * 37) + 11 + (i >> 3)))];

    [Fact]
    public void Members_are_where_clang_has_them()
    {
        RequireKernel.Check(ExternalTool.Exists("clang") ? null : "clang is not on the PATH (apt-get install clang)");
        int count = TestSettings.Count("LIBBPFSHARP_LAYOUT_TYPES", quick: 60, ci: 2000);
        int seed = TestSettings.Count("LIBBPFSHARP_LAYOUT_SEED", quick: 1, ci: 1);
        RandomCTypes types = new(seed, count);
        string folder = Directory.CreateTempSubdirectory("libbpfsharp-").FullName;
        try
        {
            Dictionary<string, string> expected = RunC(types, folder);
            (Assembly assembly, IReadOnlyDictionary<string, string> names) = Generate(types, folder);
            assembly.GetType("Random.Types+LayoutCheck")!.GetMethod("Run")!.Invoke(null, null);
            int members = 0;
            int bitfields = 0;
            foreach ((string tag, List<(string Name, bool Bitfield, bool Bool)> list) in types.Types)
            {
                Type type = assembly.GetType("Random.Types+" + names[tag])!;
                Assert.Equal(expected[$"{tag} size"], Call<string>(nameof(SizeOf), type));
                foreach ((string name, bool bitfield, bool isBool) in list)
                {
                    string member = char.ToUpperInvariant(name[0]) + name[1..];
                    string actual = Call<string>(nameof(Probe), type, member, bitfield, isBool);
                    if (actual != expected[$"{tag} {name}"])
                        Assert.Fail($"seed {seed}, {tag}.{name}:\nclang: {expected[$"{tag} {name}"]}\nC#:    {actual}\n{types.Text[types.Text.IndexOf(tag + " {", StringComparison.Ordinal)..][..600]}");
                    members++;
                    bitfields += bitfield ? 1 : 0;
                }
            }

            Assert.True(members > count, $"only {members} members");
            TestContext.Current.SendDiagnosticMessage($"layout proof: {count} types, {members} members, {bitfields} of them bitfields, seed {seed}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The C side: per member the memory after writing it to zeros, and what it reads from a pattern.</summary>
    private static Dictionary<string, string> RunC(RandomCTypes types, string folder)
    {
        StringBuilder c = new("#include <stdio.h>\n#include <string.h>\n");
        c.Append(types.Text);
        c.Append("""
            static unsigned char pattern(unsigned i) { return (unsigned char)(i * 37 + 11 + (i >> 3)); }
            static void hex(const void *p, unsigned n) { for (unsigned i = 0; i < n; i++) printf("%02x", ((const unsigned char *)p)[i]); }
            static void fill(void *p, unsigned n) { for (unsigned i = 0; i < n; i++) ((unsigned char *)p)[i] = pattern(i); }

            """);
        StringBuilder main = new("int main(void)\n{\n");
        foreach ((string tag, List<(string Name, bool Bitfield, bool Bool)> members) in types.Types)
        {
            string function = tag.Replace(' ', '_');
            c.Append(CultureInfo.InvariantCulture, $"static void {function}(void)\n{{\n\tstatic {tag} s;\n\tprintf(\"{tag} size=%d\\n\", (int)sizeof(s));\n");
            foreach ((string name, bool bitfield, bool isBool) in members)
            {
                c.Append("\tmemset(&s, 0, sizeof(s));\n");
                if (bitfield || isBool)
                    c.Append(CultureInfo.InvariantCulture, $"\ts.{name} = {(isBool ? "1" : $"0x{Pattern:x}ULL")};\n");
                else
                    c.Append(CultureInfo.InvariantCulture, $"\tfill(&s.{name}, sizeof(s.{name}));\n");
                c.Append(CultureInfo.InvariantCulture, $"\tprintf(\"{tag} {name}=\"); hex(&s, sizeof(s)); printf(\" \");\n");
                if (bitfield)
                    c.Append(CultureInfo.InvariantCulture, $"\tfill(&s, sizeof(s)); {{ unsigned long long v = s.{name}; hex(&v, 8); }}\n");
                else if (!isBool)
                    c.Append(CultureInfo.InvariantCulture, $"\tfill(&s, sizeof(s)); hex(&s.{name}, sizeof(s.{name}));\n");
                c.Append("\tprintf(\"\\n\");\n");
            }

            c.Append("}\n");
            main.Append(CultureInfo.InvariantCulture, $"\t{function}();\n");
        }

        string source = Path.Combine(folder, "dump.c");
        File.WriteAllText(source, c.ToString() + main + "\treturn 0;\n}\n");
        string program = Path.Combine(folder, "dump");
        ExternalTool.Succeed("clang", "-O0", "-w", source, "-o", program);
        return ExternalTool.Succeed(program).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split('=', 2)).ToDictionary(p => p[0], p => p[1].Trim());
    }

    /// <summary>The C# side: the same types through BTF and the generator.</summary>
    private static (Assembly Assembly, IReadOnlyDictionary<string, string> Names) Generate(RandomCTypes types, string folder)
    {
        StringBuilder c = new(types.Text);
        for (int i = 0; i < types.Types.Count; i++)
            c.Append(CultureInfo.InvariantCulture, $"{types.Types[i].Tag} v{i};\n");
        string source = Path.Combine(folder, "types.c");
        File.WriteAllText(source, c.ToString());
        string file = Path.Combine(folder, "types.o");
        ExternalTool.Succeed("clang", "-target", "bpf", "-g", "-O2", "-w", "-c", source, "-o", file);
        BpfObjectFile parsed = BpfObjectFile.Parse(File.ReadAllBytes(file), "types");
        TypeSetBuilder builder = new(parsed.Btf!, "Types");
        for (int i = 0; i < types.Types.Count; i++)
            builder.AddByName($"t{i}");
        LibbpfSharp.Skeleton.Model.TypeSet set = builder.Build();
        Assert.Empty(set.Diagnostics.Select(d => d.Message));
        return (GeneratedCode.Compile(GeneratedTypes.File(set, "Random.Types", "public")), set.Types.Where(t => t.CName.Contains(" t", StringComparison.Ordinal)).GroupBy(t => t.CName).ToDictionary(g => g.Key, g => g.First().Name));
    }

    private static T Call<T>(string method, Type type, params object[] arguments) =>
        (T)typeof(LayoutProofTests).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, arguments)!;

    private static string SizeOf<T>() => Unsafe.SizeOf<T>().ToString(CultureInfo.InvariantCulture);

    private static string Probe<T>(string member, bool bitfield, bool isBool)
        where T : unmanaged
    {
        FieldInfo? field = typeof(T).GetField(member);
        PropertyInfo? property = typeof(T).GetProperty(member);
        Type type = field?.FieldType ?? property!.PropertyType;
        object value = isBool ? true : Call<object>(nameof(FromBytes), type, bitfield ? BitConverter.GetBytes(Pattern) : s_filled);
        object target = default(T);
        if (field is not null)
            field.SetValue(target, value);
        else
            property!.SetValue(target, value);
        string memory = Hex((T)target);
        object patterned = MemoryMarshal.Read<T>(s_filled);
        if (isBool && !bitfield)
            return memory;
        object read = field is not null ? field.GetValue(patterned)! : property!.GetValue(patterned)!;
        string text = bitfield ? Hex(Widen(read)) : Call<string>(nameof(HexOf), type, read);
        return $"{memory} {text}";
    }

    private static ulong Widen(object value) => value switch
    {
        bool b => b ? 1u : 0,
        Enum e => Convert.ToUInt64(e, CultureInfo.InvariantCulture),
        sbyte or short or int or long => (ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture),
        _ => Convert.ToUInt64(value, CultureInfo.InvariantCulture),
    };

    private static object FromBytes<T>(byte[] bytes)
        where T : unmanaged => MemoryMarshal.Read<T>(bytes);

    private static string HexOf<T>(T value)
        where T : unmanaged => Hex(value);

    private static string Hex<T>(T value)
        where T : unmanaged => Convert.ToHexStringLower(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

}
