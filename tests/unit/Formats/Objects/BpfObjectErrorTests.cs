using System.Buffers.Binary;
using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Tests.Unit.Formats.Objects;

/// <summary>What a malformed or unsupported object is told: the section, the offset, what is wrong and what to do.</summary>
public sealed class BpfObjectErrorTests
{
    [Fact]
    public void File_that_is_no_bpf_object_is_named_as_such()
    {
        Check([], "ELF header", 0, "no ELF file");
        Check([0x7f, (byte)'E', (byte)'L', (byte)'F'], "ELF header", 4, "ends within the header");
        Check(Patch("maps", (4, 1)), "ELF header", 4, "only 64-bit ELF");
        Check(Patch("maps", (5, 2)), "ELF header", 5, "big-endian. Compile it for little-endian BPF: clang --target=bpfel");
        Check(Patch("maps", (18, 62)), "ELF header", 18, "for machine 62, not for BPF (247)");
        Check(Patch("maps", (16, 2)), "ELF header", 16, "a BPF object is relocatable");
    }

    [Fact]
    public void Truncated_file_names_the_table_that_is_missing()
    {
        byte[] file = TestObjects.Read("maps");
        int table = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(40));

        BpfObjectFormatException error = Check(file[..(table + 65)], "ELF header", 60, "the file ends after 1");
        Assert.StartsWith("ELF header, offset 0x3c: ", error.Message, StringComparison.Ordinal);
        Check(file[..table], "ELF header", 40, "the section table is at offset");
    }

    [Fact]
    public void Legacy_maps_are_refused_with_advice() =>
        Check(RenameSection("maps", ".maps", "maps"), "maps", 0, "not taken since libbpf 1.0; define them with __uint and __type");

    [Fact]
    public void Stripped_symbols_are_named() =>
        Check(PatchSection("maps", ".symtab", 4, 1), ".symtab", 0, "no symbol table");

    [Fact]
    public void Missing_btf_is_named() =>
        Check(RenameSection("maps", ".BTF", ".BTX"), ".maps", 0, "maps need BTF, but the file has no .BTF. Compile it with clang -g.");

    [Fact]
    public void Section_outside_the_file_is_named()
    {
        BpfObjectFormatException error = Assert.Throws<BpfObjectFormatException>(() => BpfObjectFile.Parse(PatchSection("maps", ".maps", 24, 0x7fff_ffff)));
        Assert.Equal("ELF section table", error.Section);
        Assert.Contains("at offset 0x7fffffff of a file of", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_attribute_of_a_map_is_named()
    {
        byte[] file = TestObjects.Read("maps");
        int at = file.AsSpan().IndexOf("max_entries"u8);
        file[at] = (byte)'M';
        BpfObjectFormatException error = Assert.Throws<BpfObjectFormatException>(() => BpfObjectFile.Parse(file));
        Assert.Equal(".BTF", error.Section);
        Assert.Contains("map 'inner_a': attribute 'Max_entries' is not known", error.Message, StringComparison.Ordinal);
    }

    private static BpfObjectFormatException Check(byte[] file, string section, long offset, string text)
    {
        BpfObjectFormatException error = Assert.Throws<BpfObjectFormatException>(() => BpfObjectFile.Parse(file));
        Assert.Equal((section, offset), (error.Section, error.Offset));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        return error;
    }

    private static byte[] Patch(string name, (int Offset, byte Value) patch)
    {
        byte[] file = TestObjects.Read(name);
        file[patch.Offset] = patch.Value;
        return file;
    }

    // The names of sections share the string table with symbols, so ".maps" becomes "maps" by pointing one byte further.
    private static byte[] RenameSection(string name, string from, string to)
    {
        byte[] file = TestObjects.Read(name);
        int header = FindSection(file, from);
        if (to.Length < from.Length)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(header), BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(header)) + from.Length - to.Length);
            return file;
        }

        int names = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(NamesHeader(file) + 24));
        System.Text.Encoding.ASCII.GetBytes(to, file.AsSpan(names + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(header))));
        return file;
    }

    private static byte[] PatchSection(string name, string section, int field, uint value)
    {
        byte[] file = TestObjects.Read(name);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(FindSection(file, section) + field), value);
        return file;
    }

    private static int NamesHeader(byte[] file) =>
        (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(40)) + (BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(62)) * 64);

    private static int FindSection(byte[] file, string name)
    {
        int table = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(40));
        int names = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(NamesHeader(file) + 24));
        for (int i = 1; i < BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(60)); i++)
        {
            int header = table + (i * 64);
            ReadOnlySpan<byte> at = file.AsSpan(names + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(header)));
            if (at[..at.IndexOf((byte)0)].SequenceEqual(System.Text.Encoding.ASCII.GetBytes(name)))
                return header;
        }

        throw new ArgumentException($"There is no section {name}.", nameof(name));
    }
}
