using System.Buffers.Binary;
using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Tests.Unit.Formats.Btf;

public sealed class BtfDataTests
{
    [Fact]
    public void Every_kind_reads_back()
    {
        RawBtf raw = new();
        uint n(string s) => raw.Text(s);
        raw.Type(n("int"), 1, 0, false, 4, 0x0100_0020)                       // 1
            .Type(0, 2, 0, false, 1)                                          // 2 int *
            .Type(0, 3, 0, false, 0, 1, 1, 7)                                 // 3 int[7]
            .Type(n("s"), 4, 3, true, 16, n("a"), 1, 5 << 24, n("b"), 1, (3 << 24) | 5, n("p"), 2, 64) // 4
            .Type(n("u"), 5, 1, false, 8, n("x"), 4, 0)                       // 5
            .Type(n("e"), 6, 2, true, 4, n("MINUS"), 0xffff_ffff, n("TWO"), 2) // 6 signed
            .Type(n("f"), 7, 0, true, 0)                                      // 7 fwd union
            .Type(n("t"), 8, 0, false, 9)                                     // 8 typedef
            .Type(0, 9, 0, false, 10)                                         // 9 volatile
            .Type(0, 10, 0, false, 11)                                        // 10 const
            .Type(0, 11, 0, false, 2)                                         // 11 restrict
            .Type(n("fn"), 12, 2, false, 13)                                  // 12 extern
            .Type(0, 13, 2, false, 1, n("arg"), 2, 0, 0)                      // 13 proto(arg, ...)
            .Type(n("var"), 14, 0, false, 3, 1)                               // 14
            .Type(n(".bss"), 15, 1, false, 28, 14, 4, 28)                     // 15
            .Type(n("double"), 16, 0, false, 8)                               // 16
            .Type(n("tag"), 17, 0, false, 4, 1)                               // 17
            .Type(n("user"), 18, 0, false, 4)                                 // 18
            .Type(n("e64"), 19, 2, false, 8, n("BIG"), 0, 0x8000_0000, n("ONE"), 1, 0); // 19 unsigned

        BtfData btf = BtfData.Parse(raw.ToArray());

        Assert.Equal(20u, btf.TypeCount);
        Assert.Equal(BtfKind.Void, btf[0].Kind);
        Assert.Equal(BtfIntEncoding.Signed, btf[1].IntEncoding);
        Assert.Equal(32, btf[1].IntBits);
        Assert.Equal(0, btf[1].IntBitOffset);
        Assert.Equal(1u, btf[2].TypeId);
        Assert.Equal((1u, 1u, 7u), (btf[3].ElementTypeId, btf[3].IndexTypeId, btf[3].ElementCount));
        Assert.Equal("s", btf[4].Name);
        Assert.Equal(["a", "b", "p"], Names(btf[4]));
        Assert.Equal((5u, 3), (btf[4].Members[1].BitOffset, btf[4].Members[1].BitfieldSize));
        Assert.Equal((64u, 0, 2u), (btf[4].Members[2].BitOffset, btf[4].Members[2].BitfieldSize, btf[4].Members[2].TypeId));
        Assert.Equal(4u, btf[5].Members[0].TypeId);
        Assert.True(btf[6].IsSignedEnum);
        Assert.Equal(-1, btf[6].EnumValues[0].Value);
        Assert.Equal("TWO", btf[6].EnumValues[1].Name);
        Assert.True(btf[7].IsForwardUnion);
        Assert.Equal(2u, btf.ResolveTypedefs(8));
        Assert.Equal(8u, btf.StripModifiers(8));
        Assert.Equal(2u, btf.StripModifiers(9));
        Assert.Equal(BtfLinkage.Extern, btf[12].Linkage);
        Assert.Equal("arg", btf[13].Parameters[0].Name);
        Assert.True(btf[13].Parameters[1].IsVariadic);
        Assert.False(btf[13].Parameters[0].IsVariadic);
        Assert.Equal(BtfLinkage.Global, btf[14].Linkage);
        Assert.Equal((14u, 4u, 28u), (btf[15].Variables[0].TypeId, btf[15].Variables[0].Offset, btf[15].Variables[0].Size));
        Assert.Equal(1, btf[17].ComponentIndex);
        Assert.Equal(long.MinValue, btf[19].EnumValues[0].Value);
        Assert.Equal(28u, btf.GetSize(14));
        Assert.Equal(8u, btf.GetSize(8));
        Assert.Equal(16u, btf.GetSize(18));
        Assert.False(btf.TryGetSize(7, out _));
        Assert.False(btf.TryGetSize(13, out _));
        Assert.False(btf.TryGetSize(0, out _));
        Assert.Equal(8, btf.GetAlignment(5));
        Assert.Throws<InvalidOperationException>(() => btf[1].Members);
        Assert.Throws<InvalidOperationException>(() => btf[0].Size);
        Assert.Throws<ArgumentOutOfRangeException>(() => btf[4].Members[3]);
        Assert.True(btf.TryFindByName("e64", BtfKind.Enum64, out uint id) && id == 19);
        Assert.False(btf.TryFindByName("e64", BtfKind.Enum, out _));
    }

    [Fact]
    public void Split_btf_continues_ids_and_strings_of_its_base()
    {
        RawBtf first = new();
        uint name = first.Text("int");
        first.Type(name, 1, 0, false, 4, 32);
        BtfData vmlinux = BtfData.Parse(first.ToArray());

        RawBtf second = new(split: true, stringBase: (uint)vmlinux.StringSection.Length);
        uint own = second.Text("mine");
        second.Type(own, 8, 0, false, 1).Type(name, 8, 0, false, 2);
        BtfData module = BtfData.Parse(second.ToArray(), vmlinux);

        Assert.Equal(2u, module.FirstId);
        Assert.Equal(4u, module.TypeCount);
        Assert.Equal("int", module[1].Name);
        Assert.Same(vmlinux, module[1].Btf);
        Assert.Equal("mine", module[2].Name);
        Assert.Equal("int", module[3].Name);
        Assert.Equal(1u, module.ResolveTypedefs(3));
        Assert.Equal([1u, 3u], module.FindAllByName("int"));
        Assert.True(module.TryFindOwnByName("int"u8, BtfKind.Void, out uint id) && id == 3);
        Assert.True(module.TryFindByName("int", BtfKind.Void, out id) && id == 1);
        Assert.False(vmlinux.TryFindByName("mine", BtfKind.Typedef, out _));
    }

    [Fact]
    public void Name_hash_and_scan_agree()
    {
        RawBtf raw = new();
        uint[] names = [.. Enumerable.Range(0, 100).Select(i => raw.Text($"name{i % 70}"))];
        foreach (uint name in names)
            raw.Type(name, name % 2 == 0 ? 8 : 1, 0, false, 0, name % 2 == 0 ? [] : [32u]);
        BtfData scanning = BtfData.Parse(raw.ToArray());
        BtfData hashing = BtfData.Parse(raw.ToArray());
        for (int i = 0; i < 20; i++)
            Assert.False(hashing.TryFindByName("absent", BtfKind.Void, out _));
        for (int i = 0; i < 70; i++)
        {
            IReadOnlyList<uint> hashed = hashing.FindAllByName($"name{i}");
            Assert.Equal(i < 30 ? [(uint)i + 1, (uint)i + 71] : [(uint)i + 1], hashed);
            scanning = BtfData.Parse(raw.ToArray());
            Assert.Equal(scanning.FindAllByName($"name{i}"), hashed);
            Assert.Equal(scanning.FindAllByName($"name{i}", BtfKind.Int), hashing.FindAllByName($"name{i}", BtfKind.Int));
        }
    }

    [Theory]
    [InlineData(0, 0x9feb, "big-endian")]
    [InlineData(0, 0x1234, "magic")]
    [InlineData(2, 2, "version")]
    [InlineData(4, 0x8000, "header")]
    [InlineData(12, 0x8000, "type section")]
    [InlineData(20, 0x8000, "string section")]
    public void Damaged_header_is_named(int offset, int value, string expected)
    {
        RawBtf raw = new();
        byte[] bytes = raw.Type(raw.Text("int"), 1, 0, false, 4, 32).ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(offset), (ushort)value);
        BpfObjectFormatException e = Assert.Throws<BpfObjectFormatException>(() => BtfData.Parse(bytes));
        Assert.Equal((".BTF", (long)offset), (e.Section, e.Offset));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        RawBtf raw = new();
        byte[] bytes = raw.Type(raw.Text("int"), 1, 0, false, 4, 32).Type(0, 4, 1, false, 4, 0, 1, 0).ToArray();
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<BpfObjectFormatException>(() => BtfData.Parse(bytes.AsMemory(0, length)));
    }

    [Fact]
    public void Wild_contents_are_refused_with_their_place()
    {
        Assert.Equal(24, Refused(new RawBtf().Type(0, 4, 0xffff, false, 4)).Offset);                 // vlen
        Assert.Equal(36, Refused(new RawBtf().Type(0, 2, 0, false, 0).Type(0, 20, 0, false, 0)).Offset); // kind
        Assert.Equal(36, Refused(new RawBtf().Type(0, 2, 0, false, 0).Word(7)).Offset);              // end within a record

        BtfData btf = BtfData.Parse(new RawBtf().Type(99, 2, 0, false, 77).ToArray());
        Assert.Contains("99", Assert.Throws<BpfObjectFormatException>(() => btf[1].Name).Message, StringComparison.Ordinal);
        Assert.Contains("77", Assert.Throws<BpfObjectFormatException>(() => btf[btf[1].TypeId]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cycles_end()
    {
        RawBtf raw = new();
        raw.Type(raw.Text("a"), 8, 0, false, 2).Type(0, 10, 0, false, 1)    // typedef const a
            .Type(0, 3, 0, false, 0, 3, 0, 2)                                // array of itself
            .Type(raw.Text("s"), 4, 2, false, 8, 0, 4, 0, 0, 4, 0);          // struct of two of itself
        BtfData btf = BtfData.Parse(raw.ToArray());
        Assert.Throws<BpfObjectFormatException>(() => btf.ResolveTypedefs(1));
        Assert.False(btf.TryGetSize(1, out _));
        Assert.False(btf.TryGetSize(3, out _));
        Assert.Throws<BpfObjectFormatException>(() => btf.GetAlignment(1));
        Assert.Throws<BpfObjectFormatException>(() => btf.GetAlignment(3));
        Assert.Throws<BpfObjectFormatException>(() => btf.GetAlignment(4));
    }

    [Fact]
    public void Alignment_of_a_chain_of_doubling_structs_takes_linear_time()
    {
        RawBtf raw = new();
        raw.Type(0, 1, 0, false, 4, 32);
        for (uint i = 1; i <= 30; i++)
            raw.Type(0, 4, 2, false, 4u << (int)Math.Min(i, 20), 0, i, 0, 0, i, 64);
        Assert.Equal(4, BtfData.Parse(raw.ToArray()).GetAlignment(31));
    }

    private static BpfObjectFormatException Refused(RawBtf raw) => Assert.Throws<BpfObjectFormatException>(() => BtfData.Parse(raw.ToArray()));

    private static List<string> Names(BtfType type)
    {
        List<string> names = [];
        foreach (BtfMember member in type.Members)
            names.Add(member.Name);
        return names;
    }
}
