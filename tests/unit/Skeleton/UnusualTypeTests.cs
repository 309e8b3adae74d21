using System.Reflection;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Skeleton.Model;
using LibbpfSharp.Skeleton.Types;
using LibbpfSharp.Tests.Skeleton;

namespace LibbpfSharp.Tests.Unit.Skeleton;

/// <summary>Types that the compiler at hand does not write, made by hand.</summary>
public sealed class UnusualTypeTests
{
    [Fact]
    public void Enumerations_of_64_bits_keep_their_values()
    {
        Assembly assembly = Compile(Members(btf =>
        {
            uint id = btf.AddEnum("big", 8);
            btf.AddEnumValue("BIG_LOW", 1);
            btf.AddEnumValue("BIG_TOP", unchecked((long)0x8000_0000_0000_0001));
            return id;
        }, btf =>
        {
            uint id = btf.AddEnum("minus", 8, signed: true);
            btf.AddEnumValue("MINUS_MANY", long.MinValue);
            btf.AddEnumValue("MINUS_ONE", -1);
            return id;
        }), []);
        Assert.Equal(0x8000_0000_0000_0001, assembly.GetType("Test.Types+Big")!.GetField("Top")!.GetRawConstantValue());
        Assert.Equal(long.MinValue, assembly.GetType("Test.Types+Minus")!.GetField("Many")!.GetRawConstantValue());
    }

    [Fact]
    public void Enumeration_that_is_only_declared_is_a_number()
    {
        Assembly assembly = Compile(Members(btf => btf.AddEnum("only_declared")), []);
        Assert.Equal(typeof(uint), assembly.GetType("Test.Types+Holder")!.GetField("M0")!.FieldType);
    }

    [Fact]
    public void Floating_point_of_2_4_and_8_bytes_is_a_number_and_of_others_bytes()
    {
        TypeSet set = Members(btf => btf.AddFloat("_Float16", 2), btf => btf.AddFloat("float", 4), btf => btf.AddFloat("double", 8), btf => btf.AddFloat("long double", 12), btf => btf.AddFloat("long double", 16));
        Type holder = Compile(set, ["BPF1001", "BPF1001"]).GetType("Test.Types+Holder")!;
        Assert.Equal([typeof(Half), typeof(float), typeof(double)], [Field(holder, 0), Field(holder, 1), Field(holder, 2)]);
        Assert.Equal(("ByteArray12", "ByteArray16"), (Field(holder, 3).Name, Field(holder, 4).Name));
    }

    [Fact]
    public void Integers_of_128_bits_are_numbers_and_of_other_sizes_bytes()
    {
        TypeSet set = Members(btf => btf.AddInt("__int128", 16, BtfIntEncoding.Signed), btf => btf.AddInt("unsigned __int128", 16), btf => btf.AddForward("unknown"));
        Type holder = Compile(set, ["BPF1001"]).GetType("Test.Types+Holder")!;
        Assert.Equal([typeof(Int128), typeof(UInt128)], [Field(holder, 0), Field(holder, 1)]);
        Assert.Null(holder.GetField("M2")); // has no size: nothing is there
    }

    [Fact]
    public void Types_too_large_for_a_value_are_bytes_elsewhere_and_do_not_fail()
    {
        BtfBuilder btf = new();
        uint number = btf.AddInt("unsigned int", 4);
        uint array = btf.AddArray(number, number, 1 << 20);
        uint big = btf.AddStruct("big", 4 << 20);
        btf.AddMember("values", array, 0);
        uint small = btf.AddStruct("small", 8);
        btf.AddMember("a", number, 0);
        btf.AddMember("b", number, 32);
        TypeSetBuilder builder = new(btf.Build(), "Types");
        Assert.Null(builder.Add(big));
        Assert.NotNull(builder.Add(small));
        TypeSet set = builder.Build();
        Assert.Equal(["BPF1002"], set.Diagnostics.Select(d => d.Id));
        Compile(set, ["BPF1002"]);
    }

    [Fact]
    public void Members_outside_of_their_struct_are_left_out_and_a_struct_within_itself_is_malformed()
    {
        BtfBuilder btf = new();
        uint number = btf.AddInt("unsigned int", 4);
        uint odd = btf.AddStruct("odd", 8);
        btf.AddMember("good", number, 0);
        btf.AddMember("beyond", number, 48);
        btf.AddMember("wide_bits", number, 40, 30);
        TypeSetBuilder builder = new(btf.Build(), "Types");
        builder.Add(odd);
        TypeSet set = builder.Build();
        Type type = Compile(set, ["BPF1001", "BPF1001"]).GetType("Test.Types+Odd")!;
        Assert.Equal(typeof(uint), type.GetField("Good")!.FieldType);

        btf = new();
        uint loop = btf.AddStruct("loop", 8);
        btf.AddMember("itself", loop, 0);
        builder = new(btf.Build(), "Types");
        Assert.Contains("contain themselves", Assert.Throws<LibbpfSharp.Formats.BpfObjectFormatException>(() => builder.Add(loop)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_with_anything_in_them_do_not_get_out_of_their_comments()
    {
        BtfBuilder btf = new();
        uint number = btf.AddInt("unsigned int", 4);
        uint odd = btf.AddStruct("a\nb\"c</summary>", 4);
        btf.AddMember("x\r\n;} // \u2028<", number, 0);
        btf.AddDeclTag("tag\nint y; &", odd);
        TypeSetBuilder builder = new(btf.Build(), "Types");
        builder.Add(odd);
        Compile(builder.Build(), []);
    }

    private static TypeSet Members(params Func<BtfBuilder, uint>[] types)
    {
        BtfBuilder btf = new();
        uint[] ids = [.. types.Select(t => t(btf))];
        uint holder = btf.AddStruct("holder", (uint)ids.Length * 16);
        for (int i = 0; i < ids.Length; i++)
            btf.AddMember($"m{i}", ids[i], (uint)i * 128);
        TypeSetBuilder builder = new(btf.Build(), "Types");
        builder.Add(holder);
        return builder.Build();
    }

    private static Type Field(Type holder, int index) => holder.GetField($"M{index}")!.FieldType;

    private static Assembly Compile(TypeSet set, string[] warnings)
    {
        Assert.Equal(warnings, set.Diagnostics.Select(d => d.Id));
        Assembly assembly = GeneratedCode.Compile(GeneratedTypes.File(set, "Test.Types", "public"));
        assembly.GetType("Test.Types+LayoutCheck")!.GetMethod("Run")!.Invoke(null, null);
        return assembly;
    }
}
