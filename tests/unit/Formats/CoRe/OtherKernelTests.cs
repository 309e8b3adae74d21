using System.Buffers.Binary;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.BtfExt;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Tests.Unit.Formats.CoRe;

/// <summary>
/// An object relocated against the BTF of another kernel. core.linux-6.1.btf is what "bpftool gen min_core_btf" keeps of
/// the BTF of Debian's 6.1.0-56-amd64 for core.bpf.o: task_struct.pid at byte 2416, group_leader at byte 2480.
/// </summary>
public sealed class OtherKernelTests
{
    private static BtfData Linux61 => BtfData.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "objects", "core.linux-6.1.btf")));

    [Fact]
    public void Offsets_are_those_of_the_file()
    {
        BpfObjectFile file = TestObjects.Parse("core");
        var relocator = new CoreRelocator(file.Btf!, new CoreTarget(Linux61));
        var values = new Dictionary<string, int>();
        foreach (BtfExtSection<CoreRelocation> section in file.BtfExt!.CoreRelocations)
        {
            byte[] code = file.Elf.FindSection(section.SectionName)!.Data.ToArray();
            foreach (CoreRelocation relocation in section.Records)
            {
                int index = (int)relocation.InstructionOffset / 8;
                CoreRelocationResult result = relocator.Apply(relocation, code, index);
                Assert.NotEqual(CoreRelocationStatus.Failed, result.Status);
                values[result.LocalSpec] = BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(index * 8 + 4));
            }
        }

        Assert.Equal(2416, values.Single(v => v.Key.Contains("task_struct.pid", StringComparison.Ordinal)).Value);
        Assert.Equal(2480, values.Single(v => v.Key.Contains("group_leader", StringComparison.Ordinal)).Value);
        Assert.Equal(0, values.Single(v => v.Key.Contains("not_there", StringComparison.Ordinal)).Value);
    }
}
