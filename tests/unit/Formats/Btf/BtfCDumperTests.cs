using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Tests.Unit.Formats.Btf;

public sealed class BtfCDumperTests
{
    [Fact]
    public void Whole_btf_is_written_as_the_golden_file()
    {
        StringWriter text = new();
        BtfCDumper.WriteHeader(Difficult().Build(), text);
        Golden.Check("Golden/difficult.h", text.ToString());
    }

    [Fact]
    public void One_type_brings_what_it_needs_and_is_written_once()
    {
        BtfBuilder b = new();
        uint i = b.AddInt("int", 4, BtfIntEncoding.Signed);
        b.AddStruct("unrelated", 0);
        uint inner = b.AddStruct("inner", 4);
        b.AddMember("x", i, 0);
        uint outer = b.AddStruct("outer", 16);
        b.AddMember("i", inner, 0);
        b.AddMember("next", b.TypeCount, 64);
        b.AddPointer(outer);
        BtfData btf = b.Build();
        StringWriter text = new();
        BtfCDumper dumper = new(btf, text);
        dumper.DumpType(outer);
        dumper.DumpType(outer);
        dumper.DumpType(inner);
        Assert.Equal(
            "struct inner {\n\tint x;\n};\n\nstruct outer {\n\tstruct inner i;\n\tstruct outer *next;\n};\n\n",
            text.ToString());
    }

    [Fact]
    public void Declarations_are_those_of_c()
    {
        BtfBuilder b = new();
        uint i = b.AddInt("int", 4, BtfIntEncoding.Signed);
        uint constInt = b.AddConst(i);
        uint pointer = b.AddPointer(constInt);
        uint constPointer = b.AddConst(pointer);
        uint array = b.AddArray(constPointer, i, 3);
        uint pointerToArray = b.AddPointer(array);
        uint proto = b.AddFunctionPrototype(pointerToArray);
        b.AddParameter("a", i);
        b.AddParameter("", 0);
        uint function = b.AddPointer(proto);
        uint matrix = b.AddArray(b.TypeCount + 1, i, 2);
        b.AddArray(i, i, 5);
        uint nothing = b.AddFunctionPrototype(0);
        BtfData btf = b.Build();
        Assert.Equal("const int *p", BtfCDumper.Declaration(btf, pointer, "p"));
        Assert.Equal("const int * const p", BtfCDumper.Declaration(btf, constPointer, "p"));
        Assert.Equal("const int * const (*p)[3]", BtfCDumper.Declaration(btf, pointerToArray, "p"));
        Assert.Equal("const int * const (*(*f)(int, ...))[3]", BtfCDumper.Declaration(btf, function, "f"));
        Assert.Equal("int m[2][5]", BtfCDumper.Declaration(btf, matrix, "m"));
        Assert.Equal("void f(void)", BtfCDumper.Declaration(btf, nothing, "f"));
        Assert.Equal("const int *", BtfCDumper.Declaration(btf, pointer, ""));
    }

    [Fact]
    public void Malformed_types_are_refused()
    {
        static void Refused(Action<BtfBuilder> make)
        {
            BtfBuilder b = new();
            b.AddInt("int", 4);
            make(b);
            Assert.Throws<BpfObjectFormatException>(() => new BtfCDumper(b.Build(), TextWriter.Null).DumpAll());
        }

        Refused(b => b.AddTypedef("t", 2));
        Refused(b => { b.AddStruct("s", 4); b.AddMember("m", 2, 0); });
        Refused(b => { b.AddStruct("s", 4); b.AddMember("m", 99, 0); });
        Refused(b => { b.AddTypedef("t", 3); b.AddPointer(3); });
        Refused(b => { b.AddTypedef("t", 3); b.AddArray(3, 1, 1); });

        // 2^40 lines, were it written out.
        Refused(b =>
        {
            for (uint i = 0; i < 40; i++)
            {
                b.AddStruct(i == 39 ? "s" : "", 4);
                b.AddMember(i == 0 ? "a" : "", i + 1, 0);
                b.AddMember(i == 0 ? "b" : "", i + 1, 0);
            }
        });
    }

    /// <summary>What is hard to write as C, in one BTF.</summary>
    private static BtfBuilder Difficult()
    {
        BtfBuilder b = new();
        uint i = b.AddInt("int", 4, BtfIntEncoding.Signed);
        uint c = b.AddInt("char", 1, BtfIntEncoding.Signed);
        uint l = b.AddInt("long unsigned int", 8);
        uint poly = b.AddInt("__Poly8_t", 1);

        // A list node, its typedef, and a function that takes the typedef.
        uint node = b.TypeCount;
        b.AddStruct("node", 24);
        b.AddMember("next", node + 1, 0);
        b.AddMember("visit", node + 3, 64);
        b.AddMember("poly", poly, 128);
        b.AddPointer(node);
        uint alias = b.AddTypedef("node_t", node);
        b.AddPointer(node + 4);
        b.AddFunctionPrototype(0);
        b.AddParameter("n", node + 5);
        b.AddPointer(alias);

        // Padding, packing, bitfields.
        b.AddStruct("holes", 64);
        b.AddMember("a", c, 0);
        b.AddMember("b", i, 64);
        b.AddMember("c", l, 256);
        b.AddStruct("packed", 13);
        b.AddMember("a", c, 0);
        b.AddMember("b", l, 8);
        b.AddMember("c", i, 72);
        b.AddStruct("bits", 16);
        b.AddMember("a", i, 0, 3);
        b.AddMember("b", i, 5, 7);
        b.AddMember("c", i, 32, 31);
        b.AddMember("d", c, 72, 2);
        b.AddStruct("crossing", 8);
        b.AddMember("a", i, 0, 20);
        b.AddMember("b", i, 20, 20);
        b.AddStruct("wide_hole", 1032);
        b.AddMember("a", l, 0);
        b.AddMember("b", l, 1024 * 8);
        b.AddUnion("big_union", 16);
        b.AddMember("a", i, 0);

        // Anonymous members, flexible arrays.
        uint inner = b.AddUnion("", 8);
        b.AddMember("x", l, 0);
        b.AddMember("y", c, 0);
        uint flexible = b.AddArray(c, i, 0);
        b.AddStruct("with_anonymous", 16);
        b.AddMember("", inner, 0);
        b.AddMember("count", i, 64);
        b.AddMember("tail", flexible, 96);

        // Names that occur twice: a tag, an enumerator, a typedef.
        b.AddStruct("twice", 4);
        b.AddMember("m", i, 0);
        b.AddStruct("twice", 8);
        b.AddMember("m", l, 0);
        b.AddEnum("one", 4);
        b.AddEnumValue("SAME", 1);
        b.AddEnum("two", 1, signed: true);
        b.AddEnumValue("SAME", -1);
        b.AddTypedef("word", i);
        b.AddTypedef("word", l);

        // Forward declarations: of something defined, and of something not.
        uint forward = b.AddForward("node");
        b.AddTypedef("handle", b.TypeCount + 1);
        b.AddPointer(forward);
        b.AddForward("opaque", isUnion: true);

        // Enumerations: 64 bits, constants without a name, one without a name that a typedef has.
        b.AddEnum("wide", 8);
        b.AddEnumValue("TOP", long.MinValue);
        b.AddEnum("wide_but_small", 8);
        b.AddEnumValue("SMALL", 1);
        b.AddEnum("lowest", 8, signed: true);
        b.AddEnumValue("LOWEST", long.MinValue);
        b.AddEnum("");
        b.AddEnumValue("CONSTANT", 77);
        uint anonymous = b.AddEnum("");
        b.AddEnumValue("INLINE", 5);
        b.AddTypedef("mode_t", anonymous);
        b.AddTypedef("mode2_t", anonymous);
        b.AddEnum("never_defined");

        // The compiler's own.
        uint tag = b.AddStruct("__va_list_tag", 8);
        b.AddMember("gp_offset", i, 0);
        b.AddMember("fp_offset", i, 32);
        b.AddTypedef("__builtin_va_list", b.TypeCount + 1);
        b.AddArray(tag, i, 1);

        // Left out.
        b.AddVariable("v", i, BtfLinkage.Global);
        b.AddDataSection(".data", 4);
        return b;
    }
}
