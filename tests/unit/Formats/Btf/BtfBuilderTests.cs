using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Tests.Unit.Formats.Btf;

public sealed class BtfBuilderTests
{
    /// <summary>One of every kind, with values at their limits.</summary>
    internal static BtfBuilder AllKinds()
    {
        BtfBuilder b = new();
        uint i = b.AddInt("int", 4, BtfIntEncoding.Signed);                  // 1
        uint p = b.AddPointer(i);                                            // 2
        b.AddArray(p, i, 3);                                                 // 3
        b.AddStruct("s", 16);                                                // 4
        b.AddMember("plain", p, 0);
        b.AddMember("bits", i, 64, 3);
        b.AddUnion("u", 8);                                                  // 5
        b.AddMember("p", p, 0);
        b.AddEnum("e", 4, signed: true);                                     // 6
        b.AddEnumValue("LOW", -5);
        b.AddForward("later", isUnion: true);                                // 7
        b.AddTypedef("t", 9);                                                // 8
        b.AddVolatile(10);                                                   // 9
        b.AddConst(11);                                                      // 10
        b.AddRestrict(p);                                                    // 11
        b.AddFunction("f", 13, BtfLinkage.Global);                           // 12
        b.AddFunctionPrototype(i);                                           // 13
        b.AddParameter("arg", p);
        b.AddParameter("", 0);
        b.AddVariable("v", i, BtfLinkage.Global);                            // 14
        b.AddDataSection(".data", 4);                                        // 15
        b.AddSectionVariable(14, 0, 4);
        b.AddFloat("double", 8);                                             // 16
        b.AddDeclTag("tag", 4, 1);                                           // 17
        b.AddTypeTag("user", i);                                             // 18
        b.AddEnum("e64", 8);                                                 // 19
        b.AddEnumValue("TOP", long.MinValue);
        return b;
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        BtfData btf = AllKinds().Build();
        Assert.Equal(20u, btf.TypeCount);
        for (uint id = 1; id < 20; id++)
            Assert.Equal((BtfKind)id, btf[id].Kind);
        Assert.True(btf[4].KindFlag);
        Assert.Equal((0u, 0), (btf[4].Members[0].BitOffset, btf[4].Members[0].BitfieldSize));
        Assert.Equal((64u, 3), (btf[4].Members[1].BitOffset, btf[4].Members[1].BitfieldSize));
        Assert.Equal(-5, btf[6].EnumValues[0].Value);
        Assert.Equal(2u, btf.ResolveTypedefs(8));
        Assert.Equal(BtfLinkage.Global, btf[12].Linkage);
        Assert.True(btf[13].Parameters[1].IsVariadic);
        Assert.Equal(4u, btf[15].Size);
        Assert.Equal(1, btf[17].ComponentIndex);
        Assert.Equal(long.MinValue, btf[19].EnumValues[0].Value);
        Assert.Equal("f", btf[12].Name);
        Assert.Equal(btf.RawBytes.ToArray(), BtfBuilder.From(btf).ToArray());
    }

    [Fact]
    public void Strings_are_stored_once()
    {
        BtfBuilder b = new();
        Assert.Equal(b.AddString("once"), b.AddString("once"));
        Assert.Equal(0u, b.AddString(""));
        Assert.Throws<ArgumentException>(() => b.AddString("a\0b"));
        Assert.Equal("\0once\0"u8.ToArray(), b.Build().StringSection.ToArray());
    }

    [Fact]
    public void Split_continues_the_base_and_copies_keep_it()
    {
        BtfData vmlinux = AllKinds().Build();
        BtfBuilder b = new(vmlinux);
        Assert.Equal(20u, b.AddTypedef("mine", 1));
        BtfData split = b.Build();
        Assert.Equal("mine", split[20].Name);
        Assert.Equal("int", split[split.ResolveTypedefs(20)].Name);
        BtfBuilder again = BtfBuilder.From(split);
        again.AddPointer(20);
        Assert.Equal("mine", again.Build()[20].Name);
    }

    [Fact]
    public void Misuse_is_refused()
    {
        BtfBuilder b = new();
        Assert.Throws<InvalidOperationException>(() => b.AddMember("m", 0, 0));
        b.AddStruct("s", 1 << 22);
        b.AddMember("far", 0, 1 << 24);
        Assert.Throws<ArgumentOutOfRangeException>(() => b.AddMember("bits", 0, 0, 1));
        Assert.Throws<InvalidOperationException>(() => b.AddEnumValue("E", 1));
        b.AddStruct("t", 1 << 22);
        b.AddMember("bits", 0, 0, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => b.AddMember("far", 0, 1 << 24));
    }

    [Fact]
    public void Sanitising_for_a_kernel_that_knows_all_changes_nothing()
    {
        BtfData btf = AllKinds().Build();
        Assert.Same(btf, BtfSanitizer.Sanitize(btf, BtfFeatures.All));
        BtfBuilder plain = new();
        plain.AddInt("int", 4);
        BtfData small = plain.Build();
        Assert.Same(small, BtfSanitizer.Sanitize(small, new BtfFeatures { Func = false, DataSec = false, Float = false }));
    }

    [Fact]
    public void Sanitising_for_the_oldest_kernel_keeps_ids_and_sizes()
    {
        BtfBuilder b = AllKinds();
        b.AddDataSection("?.struct_ops", 0);
        BtfData btf = b.Build();
        BtfData old = BtfSanitizer.Sanitize(btf, new BtfFeatures
        {
            Func = false, FuncGlobal = false, DataSec = false, Float = false, DeclTag = false, TypeTag = false, Enum64 = false, QuestionMarkDataSec = false,
        });

        Assert.Equal(btf.TypeCount + 1, old.TypeCount); // and the place holder of enum64
        Assert.Equal((BtfKind.Typedef, 13u), (old[12].Kind, old[12].TypeId));
        Assert.Equal(BtfKind.Enum, old[13].Kind);
        Assert.Equal(4u, old[13].Size);
        Assert.Equal("arg", old[13].EnumValues[0].Name);
        Assert.Equal((BtfKind.Int, 1u, 8), (old[14].Kind, old[14].Size, old[14].IntBits));
        Assert.Equal((BtfKind.Struct, "_data"), (old[15].Kind, old[15].Name));
        Assert.Equal(("v", 14u, 0u), (old[15].Members[0].Name, old[15].Members[0].TypeId, old[15].Members[0].BitOffset));
        Assert.Equal((BtfKind.Struct, 8u, 0), (old[16].Kind, old[16].Size, old[16].VariableLength));
        Assert.Equal((BtfKind.Int, 1u), (old[17].Kind, old[17].Size));
        Assert.Equal((BtfKind.Const, ""), (old[18].Kind, old[18].Name));
        Assert.Equal((BtfKind.Union, 8u), (old[19].Kind, old[19].Size));
        Assert.Equal(("TOP", "enum64_placeholder"), (old[19].Members[0].Name, old[old[19].Members[0].TypeId].Name));
        Assert.False(old[6].KindFlag);
        Assert.Equal("__struct_ops", old[20].Name);

        Assert.Equal(BtfLinkage.Static, BtfSanitizer.Sanitize(btf, new BtfFeatures { FuncGlobal = false })[12].Linkage);
        Assert.Equal("_.struct_ops", BtfSanitizer.Sanitize(btf, new BtfFeatures { QuestionMarkDataSec = false })[20].Name);
    }

    [Fact]
    public void Sections_are_completed_from_symbols()
    {
        BtfBuilder b = new();
        uint i = b.AddInt("int", 4, BtfIntEncoding.Signed);
        uint first = b.AddVariable("second_in_file", i, BtfLinkage.Global);
        uint second = b.AddVariable("first_in_file", i, BtfLinkage.Global);
        uint fixedOne = b.AddVariable("local", i, BtfLinkage.Static);
        uint data = b.AddDataSection(".data", 0);
        b.AddSectionVariable(first, 0, 4);
        b.AddSectionVariable(second, 0, 4);
        b.AddSectionVariable(fixedOne, 4, 4);
        uint ptr = b.AddPointer(0);
        uint proto = b.AddFunctionPrototype(i);
        b.AddParameter("", ptr);
        uint kfunc = b.AddFunction("bpf_kfunc", proto, BtfLinkage.Extern);
        uint symbol = b.AddVariable("runqueues", ptr, BtfLinkage.Extern);
        uint ksyms = b.AddDataSection(".ksyms", 0);
        b.AddSectionVariable(kfunc, 0, 0);
        b.AddSectionVariable(symbol, 0, 0);
        uint hz = b.AddVariable("CONFIG_HZ", i, BtfLinkage.Extern);
        uint kconfig = b.AddDataSection(".kconfig", 0);
        b.AddSectionVariable(hz, 0, 4);

        BtfData btf = BtfObjectFixup.Fix(b.Build(), new Symbols(), new Dictionary<string, uint> { ["CONFIG_HZ"] = 8 }, 16);

        Assert.Equal(12u, btf[data].Size);
        Assert.Equal((second, 0u, 4u), Entry(btf[data], 0));
        Assert.Equal((fixedOne, 4u, 4u), Entry(btf[data], 1));
        Assert.Equal((first, 8u, 4u), Entry(btf[data], 2));
        Assert.Equal(BtfLinkage.Static, btf[second].Linkage); // its symbol is hidden
        Assert.Equal(8u, btf[ksyms].Size);
        Assert.Equal("dummy_ksym", btf[btf[ksyms].Variables[0].TypeId].Name);
        Assert.Equal((symbol, 4u, 4u), Entry(btf[ksyms], 1));
        Assert.Equal((i, BtfLinkage.Global), (btf[symbol].TypeId, btf[symbol].Linkage));
        Assert.Equal(BtfLinkage.Global, btf[kfunc].Linkage);
        Assert.Equal("dummy_ksym", btf[proto].Parameters[0].Name);
        Assert.Equal(16u, btf[kconfig].Size);
        Assert.Equal((hz, 8u, 4u), Entry(btf[kconfig], 0));
        Assert.Equal(BtfLinkage.Global, btf[hz].Linkage);
    }

    private static (uint Type, uint Offset, uint Size) Entry(BtfType section, int index) =>
        (section.Variables[index].TypeId, section.Variables[index].Offset, section.Variables[index].Size);

    private sealed class Symbols : BtfObjectFixup.IObjectSymbols
    {
        public bool TryGetSectionSize(string section, out uint size)
        {
            size = 12;
            return section == ".data";
        }

        public bool TryGetSymbol(string section, string variable, out BtfObjectFixup.Symbol symbol)
        {
            symbol = variable == "first_in_file" ? new(0, true) : new(8, false);
            return true;
        }
    }
}
