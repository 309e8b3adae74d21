using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Binaries;
using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Tests.Unit.Formats.Binaries;

public sealed class UsdtArgumentTests
{
    private const int X64 = 62;
    private const int Arm64 = 183;
    private const int RiscV = 243;

    public static TheoryData<int, string, UsdtArgument> Places => new()
    {
        { X64, "-4@$5", new(UsdtArgumentKind.Constant, 4, true, 5) },
        { X64, "8@$-12", new(UsdtArgumentKind.Constant, 8, false, -12) },
        { X64, "8@%rdi", new(UsdtArgumentKind.Register, 8, false, 0, 112) },
        { X64, "-2@%ax", new(UsdtArgumentKind.Register, 2, true, 0, 80) },
        { X64, "1@%r15b", new(UsdtArgumentKind.Register, 1, false, 0, 0) },
        { X64, "8@%rsp", new(UsdtArgumentKind.Register, 8, false, 0, 152) },
        { X64, "-4@-20(%rbp)", new(UsdtArgumentKind.Memory, 4, true, -20, 32) },
        { X64, "8@(%rax)", new(UsdtArgumentKind.Memory, 8, false, 0, 80) },
        { X64, "8@24(%rax,%rbx,8)", new(UsdtArgumentKind.IndexedMemory, 8, false, 24, 80, 40, 3) },
        { X64, "8@(%rax,%rbx)", new(UsdtArgumentKind.IndexedMemory, 8, false, 0, 80, 40, 0) },
        { Arm64, "-4@[sp, 12]", new(UsdtArgumentKind.Memory, 4, true, 12, 248) },
        { Arm64, "8@[x0]", new(UsdtArgumentKind.Memory, 8, false, 0, 0) },
        { Arm64, "8@x19", new(UsdtArgumentKind.Register, 8, false, 0, 152) },
        { Arm64, "-4@5", new(UsdtArgumentKind.Constant, 4, true, 5) },
        { RiscV, "-8@-88(s0)", new(UsdtArgumentKind.Memory, 8, true, -88, 64) },
        { RiscV, "-4@a1", new(UsdtArgumentKind.Register, 4, true, 0, 88) },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void Parses_a_place(int machine, string text, UsdtArgument expected) => Assert.Equal([expected], UsdtArgumentParser.Parse(text, machine));

    [Fact]
    public void Parses_a_list() =>
        Assert.Equal([(8, 112), (4, 104), (4, 96)], UsdtArgumentParser.Parse("8@%rdi -4@%esi -4@%edx", X64).Select(a => (a.Size, a.RegisterOffset)));

    [Fact]
    public void No_arguments_are_no_error() => Assert.Empty(UsdtArgumentParser.Parse("", X64));

    [Theory]
    [InlineData(X64, "8@%xmm0", "xmm0")]
    [InlineData(X64, "16@%rdi", "its size")]
    [InlineData(X64, "8@sym(%rip)", "neither a constant")]
    [InlineData(X64, "8@(%rax,%rbx,3)", "scale")]
    [InlineData(X64, "rubbish", "SIZE@PLACE")]
    [InlineData(Arm64, "8@[x99]", "x99")]
    [InlineData(Arm64, "8@d0", "d0")]
    [InlineData(RiscV, "8@f1", "f1")]
    [InlineData(3, "4@%eax", "machine 3")]
    public void Says_why_a_place_cannot_be_read(int machine, string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<NotSupportedException>(() => UsdtArgumentParser.Parse(text, machine)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("f", true)]
    [InlineData("f@V2", true)]
    [InlineData("f@@V2", false)]
    [InlineData("f@V1", false)]
    [InlineData("g", false)]
    public void Matches_names_with_versions(string name, bool expected) =>
        Assert.Equal(expected, new ElfBinarySymbol("f", "V2", false, true, 0, 0, 0).Matches(name));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Encodes_by_the_object_s_own_layout(int layout)
    {
        BtfData btf = layout == 0 ? OldHeader() : NewHeader();
        UsdtSpecLayout spec = UsdtSpecLayout.Find(btf);
        Assert.Equal(12, spec.MaxArguments);
        byte[] bytes = spec.Encode([new(UsdtArgumentKind.Constant, 4, true, -7), new(UsdtArgumentKind.Memory, 8, false, 24, 152)], 0x1122334455667788);
        Assert.Equal(spec.Size, bytes.Length);
        Assert.Equal(-7, BitConverter.ToInt64(bytes, 0));
        Assert.Equal(0, bytes[8]);
        Assert.Equal(24, BitConverter.ToInt64(bytes, 16));
        Assert.Equal(2, bytes[24]);
        Assert.Equal(152, BitConverter.ToInt16(bytes, 28));
        Assert.Equal((1, 32), (bytes[14], bytes[15]));
        Assert.Equal((0, 0), (bytes[30], bytes[31]));
        Assert.Equal(0x1122334455667788UL, BitConverter.ToUInt64(bytes, 12 * 16));
        Assert.Equal(2, BitConverter.ToInt16(bytes, 12 * 16 + 8));
    }

    [Fact]
    public void An_indexed_argument_needs_the_newer_header()
    {
        UsdtArgument indexed = new(UsdtArgumentKind.IndexedMemory, 8, false, 24, 80, 40, 3);
        var e = Assert.Throws<NotSupportedException>(() => UsdtSpecLayout.Find(OldHeader()).Encode([indexed], 0));
        Assert.Contains("libbpf 1.7", e.Message, StringComparison.Ordinal);
        byte[] bytes = UsdtSpecLayout.Find(NewHeader()).Encode([indexed], 0);
        Assert.Equal(3, bytes[8]);
        Assert.Equal(40 | 3 << 12, BitConverter.ToUInt16(bytes, 9));
    }

    [Fact]
    public void An_object_without_the_header_is_told_so()
    {
        var e = Assert.Throws<BpfObjectFormatException>(() => UsdtSpecLayout.Find(new BtfBuilder().Build()));
        Assert.Contains("usdt.bpf.h", e.Message, StringComparison.Ordinal);
    }

    private static BtfData OldHeader() => Header(bitfields: false);

    private static BtfData NewHeader() => Header(bitfields: true);

    private static BtfData Header(bool bitfields)
    {
        var btf = new BtfBuilder();
        uint u64 = btf.AddInt("unsigned long long", 8), i16 = btf.AddInt("short", 2, BtfIntEncoding.Signed), i32 = btf.AddInt("int", 4, BtfIntEncoding.Signed);
        uint u16 = btf.AddInt("unsigned short", 2), u8 = btf.AddInt("unsigned char", 1), boolean = btf.AddInt("_Bool", 1, BtfIntEncoding.Bool);
        uint kind = btf.AddEnum("__bpf_usdt_arg_type");
        btf.AddEnumValue("BPF_USDT_ARG_CONST", 0);
        uint argument = btf.AddStruct("__bpf_usdt_arg_spec", 16);
        btf.AddMember("val_off", u64, 0);
        if (bitfields)
        {
            btf.AddMember("arg_type", kind, 64, 8);
            btf.AddMember("idx_reg_off", u16, 72, 12);
            btf.AddMember("scale_bitshift", u16, 84, 4);
            btf.AddMember("__reserved", u8, 88, 8);
        }
        else
        {
            btf.AddMember("arg_type", kind, 64);
        }

        btf.AddMember("reg_off", i16, 96);
        btf.AddMember("arg_signed", boolean, 112);
        btf.AddMember("arg_bitshift", u8, 120);
        uint arguments = btf.AddArray(argument, i32, 12);
        btf.AddStruct("__bpf_usdt_spec", 208);
        btf.AddMember("args", arguments, 0);
        btf.AddMember("usdt_cookie", u64, 12 * 16 * 8);
        btf.AddMember("arg_cnt", i16, 12 * 16 * 8 + 64);
        return btf.Build();
    }
}
