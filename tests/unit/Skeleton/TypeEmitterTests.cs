using System.Reflection;
using System.Runtime.InteropServices;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Skeleton.Emit;
using LibbpfSharp.Skeleton.Model;
using LibbpfSharp.Skeleton.Types;
using LibbpfSharp.Tests.Skeleton;

namespace LibbpfSharp.Tests.Unit.Skeleton;

public sealed class TypeEmitterTests
{
    private static readonly Lazy<(TypeSet Set, string Code, Assembly Assembly)> s_types = new(Generate);

    [Fact]
    public void Output_is_the_golden_file() => Golden.Check("Golden/types.g.cs.txt", s_types.Value.Code);

    [Fact]
    public void Warnings_name_what_was_not_possible()
    {
        Assert.Empty(s_types.Value.Set.Diagnostics.Select(d => d.Message));
        TypeSetBuilder builder = new(Btf());
        builder.AddByName("no_such_*");
        Assert.Equal("BPF1003", Assert.Single(builder.Build().Diagnostics).Id);
    }

    [Fact]
    public void Layout_check_passes() => Run("LayoutCheck", "Run");

    [Fact]
    public void Char_arrays_are_text()
    {
        Type text = Type("Text16");
        object value = text.GetMethod("op_Implicit", [typeof(string)])!.Invoke(null, ["bäsh"])!;
        Assert.Equal("bäsh", value.ToString());
        Assert.Equal([(byte)'b', 0xc3, 0xa4, (byte)'s', (byte)'h', .. new byte[11]], Bytes(value));
        Exception e = Assert.Throws<TargetInvocationException>(() => text.GetMethod("op_Implicit", [typeof(string)])!.Invoke(null, ["0123456789abcdef"])).InnerException!;
        Assert.Contains("char[16]", Assert.IsType<ArgumentException>(e).Message, StringComparison.Ordinal);
        Assert.Equal("0123456789abcde", text.GetMethod("op_Implicit", [typeof(string)])!.Invoke(null, ["0123456789abcde"])!.ToString());
    }

    [Fact]
    public void Bitfields_keep_their_neighbours_and_their_sign()
    {
        object bits = Activator.CreateInstance(Type("Bits"))!;
        Set(bits, "A", 5u);
        Set(bits, "B", 0x7fu);
        Set(bits, "Negative", -9);
        Set(bits, "Wide", 0x1f_0000_0001ul);
        Set(bits, "Color", Enum.ToObject(Type("Color"), 4));
        Set(bits, "Yes", true);
        Set(bits, "After", (byte)9);
        Set(bits, "B", 1u);
        Assert.Equal(5u, Get(bits, "A"));
        Assert.Equal(1u, Get(bits, "B"));
        Assert.Equal(-9, Get(bits, "Negative"));
        Assert.Equal(0x1f_0000_0001ul, Get(bits, "Wide"));
        Assert.Equal("Blue", Get(bits, "Color")!.ToString());
        Assert.Equal(true, Get(bits, "Yes"));
        Set(bits, "Yes", false);
        Assert.Equal(false, Get(bits, "Yes"));
        Set(bits, "A", uint.MaxValue); // as in C, the rest is dropped
        Assert.Equal((7u, 1u), (Get(bits, "A"), Get(bits, "B")));
    }

    [Fact]
    public void Equality_and_hash_are_those_of_the_bytes()
    {
        object one = Activator.CreateInstance(Type("Nested"))!;
        object other = Activator.CreateInstance(Type("Nested"))!;
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Set(other, "Kind", 1);
        Assert.NotEqual(one, other);
        Assert.NotEqual(one.GetHashCode(), other.GetHashCode());
        Assert.StartsWith("Nested { Kind = 1, Port = 0", other.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Output_does_not_change_from_run_to_run() => Assert.Equal(s_types.Value.Code, Generate().Code);

    [Theory]
    [InlineData("syscall_count_map", "SyscallCountMap")]
    [InlineData("last_seen", "LastSeen")]
    [InlineData("TASK_RUNNING", "TaskRunning")]
    [InlineData("lastSeen", "LastSeen")]
    [InlineData("__u32", "U32")]
    [InlineData("1st", "_1st")]
    [InlineData(".data.my-var", "DataMyVar")]
    [InlineData("class", "Class")]
    [InlineData("___", "_")]
    [InlineData("X86_64", "X8664")]
    public void Names_are_pascal_case(string c, string expected) => Assert.Equal(expected, LibbpfSharp.Skeleton.Naming.CSharpNames.Pascal(c));

    private static BtfData Btf() => BpfObjectFile.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "objects", "skeleton_types.bpf.o"))).Btf!;

    private static (TypeSet Set, string Code, Assembly Assembly) Generate()
    {
        BtfData btf = Btf();
        TypeSetBuilder builder = new(btf, "Types");
        for (uint id = 1; id < btf.TypeCount; id++)
        {
            if (btf[id].Kind == BtfKind.Var && btf[id].Name is not ("LICENSE" or "values"))
                builder.Add(id);
        }

        foreach (string name in (string[])["point", "kernel_owned", "flexible", "text_tail", "state_t", "empty"])
            builder.AddByName(name);
        TypeSet set = builder.Build();
        string code = GeneratedTypes.File(set, "Test.Types", "public");
        return (set, code, GeneratedCode.Compile(code));
    }

    private static Type Type(string name) => s_types.Value.Assembly.GetType("Test.Types+" + name)!;

    private static void Run(string type, string method) => Type(type).GetMethod(method)!.Invoke(null, null);

    private static object? Get(object value, string member) =>
        (object?)value.GetType().GetField(member)?.GetValue(value) ?? value.GetType().GetProperty(member)!.GetValue(value);

    private static void Set(object value, string member, object to)
    {
        if (value.GetType().GetField(member) is { } field)
            field.SetValue(value, to);
        else
            value.GetType().GetProperty(member)!.SetValue(value, to);
    }

    private static byte[] Bytes(object value)
    {
        byte[] bytes = new byte[(int)value.GetType().GetField("Length")!.GetRawConstantValue()!];
        GCHandle handle = GCHandle.Alloc(value, GCHandleType.Pinned);
        Marshal.Copy(handle.AddrOfPinnedObject(), bytes, 0, bytes.Length);
        handle.Free();
        return bytes;
    }
}
