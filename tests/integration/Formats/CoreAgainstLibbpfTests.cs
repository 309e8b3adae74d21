using System.Buffers.Binary;
using System.Text.RegularExpressions;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.BtfExt;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Tests.Integration.Formats;

/// <summary>What libbpf does with each CO-RE relocation of an object on this kernel (it tells in its log), we do too.</summary>
public sealed partial class CoreAgainstLibbpfTests
{
    private const string Vmlinux = "/sys/kernel/btf/vmlinux";

    [Theory]
    [InlineData("core_kinds")]
    [InlineData("core")]
    public void Every_relocation_is_resolved_as_libbpf_does(string name)
    {
        RequireKernel.Linux();
        RequireKernel.Check(File.Exists(Vmlinux) ? null : $"{Vmlinux} does not exist");
        RequireKernel.Check(ExternalTool.Exists("bpftool") ? null : "bpftool is not on the PATH (apt-get install bpftool)");
        string path = Path.Combine(AppContext.BaseDirectory, "objects", name + ".bpf.o");
        Dictionary<string, List<string>> expected = Libbpf(path);
        BpfObjectFile file = BpfObjectFile.Parse(File.ReadAllBytes(path));
        CoreRelocator relocator = new(file.Btf!, new CoreTarget(BtfData.Parse(File.ReadAllBytes(Vmlinux))));
        int compared = 0;
        foreach (BtfExtSection<CoreRelocation> section in file.BtfExt!.CoreRelocations)
        {
            byte[] code = file.Elf.FindSection(section.SectionName)!.Data.ToArray();
            foreach (CoreRelocation relocation in section.Records)
            {
                int index = (int)relocation.InstructionOffset / 8;
                BpfFunctionSpec function = file.Functions.First(f => f.SectionName == section.SectionName && index >= f.Start && index < f.Start + f.Length);
                byte[] before = code[(index * 8)..((index * 8) + 8)];
                CoreRelocationResult result = relocator.Apply(relocation, code, index);
                Assert.NotEqual(CoreRelocationStatus.Failed, result.Status);
                string actual = result.Status == CoreRelocationStatus.Poisoned
                    ? $"{result.LocalSpec}: poisoned"
                    : $"{result.LocalSpec} => {result.TargetSpec ?? "none"}: {Value(before, code.AsSpan(index * 8))}";
                Assert.True(expected.TryGetValue(function.Name, out List<string>? lines) && lines.Count > 0, $"libbpf says nothing of {function.Name}: {actual}");
                Assert.Equal(lines[0], actual);
                lines.RemoveAt(0);
                compared++;
            }
        }

        Assert.All(expected, e => Assert.Empty(e.Value));
        Assert.True(compared >= 3, $"only {compared} relocations compared");
        TestContext.Current.SendDiagnosticMessage($"CO-RE, {name}: {compared} relocations resolved as libbpf does");
    }

    /// <summary>The value that an instruction holds where the relocation put it, in the words of libbpf's log.</summary>
    private static string Value(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) => (after[0] & 7) switch
    {
        4 or 7 => $"imm {BinaryPrimitives.ReadInt32LittleEndian(before[4..])} -> {BinaryPrimitives.ReadInt32LittleEndian(after[4..])}",
        1 or 2 or 3 => $"off {BinaryPrimitives.ReadInt16LittleEndian(before[2..])} -> {BinaryPrimitives.ReadInt16LittleEndian(after[2..])}",
        _ => $"imm64 {BinaryPrimitives.ReadUInt32LittleEndian(before[4..])} -> {BinaryPrimitives.ReadUInt32LittleEndian(after[4..])}",
    };

    /// <summary>Loads with libbpf and reads its log. Whether the kernel then takes the programs does not matter.</summary>
    private static Dictionary<string, List<string>> Libbpf(string path)
    {
        string pins = $"/sys/fs/bpf/libbpfsharp-core-{Environment.ProcessId}-{Guid.NewGuid():N}";
        string log;
        try
        {
            (_, string output, string error) = ExternalTool.Run("bpftool", "-d", "prog", "loadall", path, pins);
            log = output + error;
        }
        finally
        {
            if (Directory.Exists(pins))
            {
                foreach (string pin in Directory.EnumerateFiles(pins))
                    File.Delete(pin);
                Directory.Delete(pins);
            }
        }

        Dictionary<string, List<string>> found = [];
        (string Program, string Number) current = ("", "");
        string local = "";
        string target = "none";
        bool done = false;
        foreach (string line in log.Split('\n'))
        {
            Match m = Line().Match(line);
            if (!m.Success)
                continue;
            string rest = m.Groups["rest"].Value;
            if (current != (m.Groups["prog"].Value, m.Groups["number"].Value))
                (current, local, target, done) = ((m.Groups["prog"].Value, m.Groups["number"].Value), "", "none", false);
            if (Matching().Match(rest) is { Success: true } matching)
                target = target == "none" ? Plain(matching) : target;
            else if (Spec().Match(rest) is { Success: true } spec)
                local = Plain(spec);
            else if (Patched().Match(rest) is { Success: true } patched)
                Add($"{local} => {target}: {patched.Groups["what"].Value} {patched.Groups["values"].Value}");
            else if (rest.StartsWith("substituting", StringComparison.Ordinal) && !done)
                Add($"{local}: poisoned"); // of a wide load both halves, which are two lines
        }

        return found;

        void Add(string what)
        {
            done = true;
            if (!found.TryGetValue(current.Program, out List<string>? list))
                found.Add(current.Program, list = []);
            list.Add(what);
        }

        static string Plain(Match match) => match.Groups["spec"].Value.Replace("typedef ", "", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"prog '(?<prog>[^']*)': relo #(?<number>\d+): (?<rest>.*)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^matching candidate #\d+ <\w+> \[\d+\] (?<spec>.*)$")]
    private static partial Regex Matching();

    [GeneratedRegex(@"^<\w+> \[\d+\] (?<spec>.*)$")]
    private static partial Regex Spec();

    [GeneratedRegex(@"^patched insn #\d+ \([^)]*\) (?<what>imm64|imm|off) (?<values>\d+ -> \d+)$")]
    private static partial Regex Patched();
}
