using System.Buffers.Binary;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.CoRe;

namespace LibbpfSharp.Tests.Unit.Formats.CoRe;

public sealed class CoreRelocatorTests
{
    private const byte Ldx32 = 0x61;
    private const byte Ldx64 = 0x79;
    private const byte MovImm64 = 0xb7;
    private const byte MovImm32 = 0xb4;
    private const byte AddImm64 = 0x07;
    private const byte Call = 0x85;

    [Fact]
    public void Field_offset_moves_with_the_field()
    {
        Scenario s = new();
        uint root = s.LocalStruct("task", 16, ("pid", s.LocalInt, 0), ("tgid", s.LocalInt, 32));
        s.TargetStruct("task", 64, ("state", s.TargetLong, 0), ("tgid", s.TargetInt, 320), ("pid", s.TargetInt, 96));

        CoreRelocationResult result = s.Apply(root, "0:0", CoreRelocationKind.FieldByteOffset, Insn(Ldx32, 0, 0), out byte[] code);

        Assert.Equal(CoreRelocationStatus.Resolved, result.Status);
        Assert.Equal(Insn(Ldx32, 12, 0), code);
        Assert.Equal("struct task.pid (0:0 @ offset 0)", result.LocalSpec);
        Assert.Equal("struct task.pid (0:2 @ offset 12)", result.TargetSpec);
        Assert.Equal(("struct task", "pid", 0ul, 12ul), (result.TypeName, result.MemberName, result.LocalValue, result.TargetValue));
        s.Apply(root, "0:1", CoreRelocationKind.FieldByteOffset, Insn(AddImm64, 0, 4), out code);
        Assert.Equal(Insn(AddImm64, 0, 40), code);
        s.Apply(root, "0:1", CoreRelocationKind.FieldByteOffset, Wide(4), out code);
        Assert.Equal(Wide(40), code);
        s.Apply(root, "0:1", CoreRelocationKind.FieldByteOffset, Insn(0x62, 4, 77), out code); // *(u32 *)(r0 + 4) = 77
        Assert.Equal(Insn(0x62, 40, 77), code);
    }

    [Fact]
    public void Missing_field_poisons_only_its_instruction_and_says_what_is_missing()
    {
        Scenario s = new();
        uint root = s.LocalStruct("task", 8, ("pid", s.LocalInt, 0), ("gone", s.LocalInt, 32));
        s.TargetStruct("task", 8, ("pid", s.TargetInt, 0));
        byte[] three = [.. Insn(MovImm64, 0, 1), .. Insn(Ldx32, 4, 0), .. Insn(MovImm64, 0, 2)];

        CoreRelocationResult result = s.Apply(root, "0:1", CoreRelocationKind.FieldByteOffset, three, out byte[] code, 1, "prog.bpf.c:17: return t->gone;");

        Assert.Equal(CoreRelocationStatus.Poisoned, result.Status);
        Assert.Equal([.. Insn(MovImm64, 0, 1), .. Insn(Call, 0, 195896080), .. Insn(MovImm64, 0, 2)], code);
        Assert.Contains("struct task has no member 'gone'", result.Problem, StringComparison.Ordinal);
        Assert.Contains("prog.bpf.c:17", result.ToString(), StringComparison.Ordinal);
        s.Apply(root, "0:1", CoreRelocationKind.FieldByteOffset, [.. Wide(4), .. Insn(MovImm64, 0, 2)], out code);
        Assert.Equal([.. Insn(Call, 0, 195896080), .. Insn(Call, 0, 195896080), .. Insn(MovImm64, 0, 2)], code);
    }

    [Theory]
    [InlineData("pid", CoreRelocationKind.FieldExists, 1, 1)]
    [InlineData("gone", CoreRelocationKind.FieldExists, 1, 0)]
    [InlineData("pid", CoreRelocationKind.FieldByteSize, 4, 8)]
    [InlineData("pid", CoreRelocationKind.FieldSigned, 1, 0)]
    [InlineData("bits", CoreRelocationKind.FieldLeftShift, 57, 53)]
    [InlineData("bits", CoreRelocationKind.FieldRightShift, 61, 60)]
    [InlineData("bits", CoreRelocationKind.FieldByteOffset, 8, 16)]
    [InlineData("bits", CoreRelocationKind.FieldByteSize, 4, 4)]
    public void Questions_about_fields_are_answered(string field, CoreRelocationKind kind, int before, int after)
    {
        Scenario s = new();
        uint root = s.Local.AddStruct("task", 16);
        s.Local.AddMember("pid", s.LocalInt, 0);
        s.Local.AddMember("gone", s.LocalInt, 32);
        s.Local.AddMember("bits", s.LocalInt, 64 + 4, 3);
        s.Target.AddStruct("task", 24);
        s.Target.AddMember("pid", s.TargetLong, 0);
        s.Target.AddMember("bits", s.TargetInt, 128 + 7, 4);
        int index = field switch { "pid" => 0, "gone" => 1, _ => 2 };

        CoreRelocationResult result = s.Apply(root, $"0:{index}", kind, Insn(MovImm64, 0, before), out byte[] code);

        Assert.Equal((CoreRelocationStatus.Resolved, null), (result.Status, result.Problem));
        Assert.Equal(Insn(MovImm64, 0, after), code);
    }

    [Fact]
    public void Bitfield_across_units_takes_a_wider_load()
    {
        Scenario s = new();
        uint root = s.Local.AddStruct("task", 8);
        s.Local.AddMember("bits", s.LocalInt, 0, 5);
        s.Target.AddStruct("task", 8);
        s.Target.AddMember("bits", s.TargetInt, 30, 5);
        s.Apply(root, "0:0", CoreRelocationKind.FieldByteSize, Insn(MovImm64, 0, 4), out byte[] code);
        Assert.Equal(Insn(MovImm64, 0, 8), code);
        CoreRelocationResult result = s.Apply(root, "0:0", CoreRelocationKind.FieldByteOffset, Insn(MovImm64, 0, 0), out code);
        Assert.Equal(Insn(MovImm64, 0, 0), code);
        Assert.Equal("struct task.bits (0:0 @ offset 3.6)", result.TargetSpec);
    }

    [Fact]
    public void Anonymous_members_arrays_and_flexible_arrays_are_followed()
    {
        Scenario s = new();
        uint localArray = s.Local.AddArray(s.LocalInt, s.LocalInt, 4);
        uint localFlexible = s.Local.AddArray(s.LocalInt, s.LocalInt, 0);
        uint localInner = s.LocalStruct("", 16, ("values", localArray, 0));
        uint root = s.LocalStruct("task", 16, ("", localInner, 0), ("tail", localFlexible, 128));
        uint targetArray = s.Target.AddArray(s.TargetInt, s.TargetInt, 3);
        uint targetFlexible = s.Target.AddArray(s.TargetInt, s.TargetInt, 0);
        s.TargetStruct("task", 24, ("first", s.TargetLong, 0), ("values", targetArray, 64), ("tail", targetFlexible, 192));

        CoreRelocationResult result = s.Apply(root, "0:0:0:2", CoreRelocationKind.FieldByteOffset, Insn(Ldx32, 8, 0), out byte[] code);
        Assert.Equal(Insn(Ldx32, 16, 0), code);
        Assert.Equal("struct task.values[2] (0:0:0:2 @ offset 8)", result.LocalSpec);
        Assert.Equal("values[2]", result.MemberName);
        result = s.Apply(root, "0:0:0:3", CoreRelocationKind.FieldByteOffset, Insn(Ldx32, 12, 0), out _);
        Assert.Equal(CoreRelocationStatus.Poisoned, result.Status);
        Assert.Contains("3 elements", result.Problem, StringComparison.Ordinal);
        s.Apply(root, "0:1:100", CoreRelocationKind.FieldByteOffset, Insn(Ldx32, 416, 0), out code);
        Assert.Equal(Insn(Ldx32, 424, 0), code);
        s.Apply(root, "2:0:0:1", CoreRelocationKind.FieldByteOffset, Insn(Ldx32, 36, 0), out code); // p[2].values[1]
        Assert.Equal(Insn(Ldx32, 60, 0), code);
    }

    [Fact]
    public void Loads_change_size_for_unsigned_and_pointers_only()
    {
        Scenario s = new();
        uint root = s.LocalStruct("task", 24, ("u", s.LocalUnsigned, 0), ("i", s.LocalInt, 32), ("long_pointer", s.Local.AddPointer(0), 64));
        s.TargetStruct("task", 24, ("u", s.TargetUnsignedLong, 64), ("i", s.TargetLong, 0), ("long_pointer", s.Target.AddPointer(s.TargetInt), 128));

        s.Apply(root, "0:0", CoreRelocationKind.FieldByteOffset, Insn(Ldx32, 0, 0), out byte[] code);
        Assert.Equal(Insn(Ldx64, 8, 0), code);
        CoreRelocationResult result = s.Apply(root, "0:1", CoreRelocationKind.FieldByteOffset, Insn(Ldx32, 4, 0), out code);
        Assert.Equal(CoreRelocationStatus.Poisoned, result.Status);
        Assert.Equal(Insn(Call, 0, 195896080), code);
        Assert.Contains("8 bytes in the target and 4 in the object", result.Problem, StringComparison.Ordinal);
        result = s.Apply(root, "0:1", CoreRelocationKind.FieldByteOffset, Insn(MovImm64, 0, 4), out code); // an offset alone is fine
        Assert.Equal(Insn(MovImm64, 0, 0), code);
        result = s.Apply(root, "0:0", CoreRelocationKind.FieldByteOffset, Insn(Ldx64, 0, 0), out code);
        Assert.Equal(CoreRelocationStatus.Failed, result.Status);
        s.Apply(root, "0:2", CoreRelocationKind.FieldByteOffset, Insn(Ldx64, 8, 0), out code);
        Assert.Equal(Insn(Ldx64, 16, 0), code);
    }

    [Fact]
    public void Flavours_on_either_side_do_not_count()
    {
        Scenario s = new();
        uint root = s.LocalStruct("task___old", 4, ("pid", s.LocalInt, 0));
        s.TargetStruct("task___x86", 16, ("pid", s.TargetInt, 64));
        s.TargetStruct("task____no_flavour", 16, ("pid", s.TargetInt, 96));
        s.TargetStruct("taskother", 16, ("pid", s.TargetInt, 32));
        CoreRelocationResult result = s.Apply(root, "0:0", CoreRelocationKind.FieldByteOffset, Insn(Ldx32, 0, 0), out _);
        Assert.Equal(8ul, result.TargetValue);
    }

    [Fact]
    public void Two_candidates_must_agree()
    {
        Scenario s = new();
        uint root = s.LocalStruct("task", 4, ("pid", s.LocalInt, 0));
        s.TargetStruct("task", 16, ("pid", s.TargetInt, 64));
        s.TargetStruct("task", 16, ("pid", s.TargetInt, 64), ("more", s.TargetInt, 96));
        Assert.Equal(8ul, s.Apply(root, "0:0", CoreRelocationKind.FieldByteOffset, Insn(Ldx32, 0, 0), out _).TargetValue);

        s.TargetStruct("task", 32, ("pid", s.TargetInt, 128));
        CoreRelocationResult result = s.Apply(root, "0:0", CoreRelocationKind.FieldByteOffset, Insn(Ldx32, 0, 0), out byte[] code);
        Assert.Equal(CoreRelocationStatus.Failed, result.Status);
        Assert.Contains("8 and 16", result.Problem, StringComparison.Ordinal);
        Assert.Equal(Insn(Ldx32, 0, 0), code);
        Assert.Equal(1ul, s.Apply(root, "0:0", CoreRelocationKind.TypeExists, Insn(MovImm64, 0, 1), out _, access: "0").TargetValue);
        Assert.Equal(CoreRelocationStatus.Failed, s.Apply(root, "0", CoreRelocationKind.TypeSize, Insn(MovImm64, 0, 4), out _).Status);
    }

    [Fact]
    public void Types_are_asked_about()
    {
        Scenario s = new();
        uint root = s.LocalStruct("task", 4, ("pid", s.LocalInt, 0));
        uint absent = s.LocalStruct("absent", 4, ("pid", s.LocalInt, 0));
        uint number = s.Local.AddTypedef("pid_t", s.LocalInt);
        uint target = s.TargetStruct("task", 16, ("pid", s.TargetLong, 64));
        s.Target.AddTypedef("pid_t", s.TargetLong);

        CoreRelocationResult Ask(uint id, CoreRelocationKind kind, int expected) => s.Apply(id, "0", kind, Insn(MovImm64, 0, expected), out _);
        Assert.Equal(1ul, Ask(root, CoreRelocationKind.TypeExists, 1).TargetValue);
        Assert.Equal(0ul, Ask(absent, CoreRelocationKind.TypeExists, 1).TargetValue);
        Assert.Equal(16ul, Ask(root, CoreRelocationKind.TypeSize, 4).TargetValue);
        Assert.Equal(0ul, Ask(absent, CoreRelocationKind.TypeSize, 4).TargetValue);
        Assert.Equal((ulong)target, Ask(root, CoreRelocationKind.TypeIdTarget, 999).TargetValue);
        Assert.Equal(0ul, Ask(absent, CoreRelocationKind.TypeIdTarget, 999).TargetValue);
        Assert.Equal((ulong)root, Ask(root, CoreRelocationKind.TypeIdLocal, 999).TargetValue);
        Assert.Equal(8ul, Ask(number, CoreRelocationKind.TypeSize, 4).TargetValue);
        Assert.Equal(0ul, Ask(root, CoreRelocationKind.TypeMatches, 1).TargetValue);  // long is not int
        Assert.Equal(0ul, Ask(number, CoreRelocationKind.TypeMatches, 1).TargetValue);
        Assert.Equal(CoreRelocationStatus.Failed, Ask(root, CoreRelocationKind.TypeExists, 7).Status); // the instruction is not as compiled
        Assert.Equal("struct task", Ask(root, CoreRelocationKind.TypeExists, 1).LocalSpec);
    }

    [Fact]
    public void Type_matching_looks_at_members_enums_pointers_and_prototypes()
    {
        Scenario s = new();
        uint Local(Func<BtfBuilder, uint, uint> member) => s.LocalStruct("t", 8, ("m", member(s.Local, s.LocalInt), 0));
        void Target(Func<BtfBuilder, uint, uint> member) => s.TargetStruct("t", 16, ("m", member(s.Target, s.TargetInt), 64), ("n", s.TargetInt, 0));
        ulong Matches(uint id) => s.Apply(id, "0", CoreRelocationKind.TypeMatches, Insn(MovImm64, 0, 1), out _).TargetValue;
        static uint Enum(BtfBuilder b, params string[] names)
        {
            uint id = b.AddEnum("e");
            foreach (string name in names)
                b.AddEnumValue(name, 1);
            return id;
        }

        static uint Function(BtfBuilder b, uint type, int count)
        {
            uint id = b.AddFunctionPrototype(type);
            for (int i = 0; i < count; i++)
                b.AddParameter("", type);
            return b.AddPointer(id);
        }

        Assert.Equal(0ul, Matches(Local((_, i) => i)));
        Target((_, i) => i);
        Assert.Equal(1ul, Matches(Local((b, i) => b.AddTypedef("x", b.AddConst(i)))));
        Target((b, i) => b.AddPointer(b.AddForward("other")));
        Assert.Equal(1ul, Matches(Local((b, i) => b.AddPointer(b.AddStruct("other", 4)))));
        Assert.Equal(0ul, Matches(Local((b, i) => b.AddPointer(b.AddUnion("other", 4)))));
        Assert.Equal(0ul, Matches(Local((b, i) => b.AddPointer(b.AddStruct("another", 4)))));
        Target((b, i) => Enum(b, "A", "B"));
        Assert.Equal(1ul, Matches(Local((b, i) => Enum(b, "B"))));
        Assert.Equal(0ul, Matches(Local((b, i) => Enum(b, "C"))));
        Target((b, i) => Function(b, i, 2));
        Assert.Equal(1ul, Matches(Local((b, i) => Function(b, i, 2))));
        Assert.Equal(0ul, Matches(Local((b, i) => Function(b, i, 1))));
        Target((b, i) => b.AddArray(i, i, 5));
        Assert.Equal(1ul, Matches(Local((b, i) => b.AddArray(i, i, 5))));
        Assert.Equal(0ul, Matches(Local((b, i) => b.AddArray(i, i, 6))));
    }

    [Fact]
    public void Enumerators_are_found_by_name()
    {
        Scenario s = new();
        uint local = s.Local.AddEnum("state___v2", 4, signed: true);
        s.Local.AddEnumValue("RUN", 1);
        s.Local.AddEnumValue("GONE", 2);
        s.Local.AddEnumValue("NEGATIVE", -3);
        s.Local.AddEnumValue("BIG", 4);
        s.Target.AddEnum("state", 8);
        s.Target.AddEnumValue("NEGATIVE", -7);
        s.Target.AddEnumValue("RUN___renamed", 17);
        s.Target.AddEnumValue("BIG", 0x1234_5678_9abc);

        CoreRelocationResult result = s.Apply(local, "0", CoreRelocationKind.EnumValue, Insn(MovImm32, 0, 1), out byte[] code);
        Assert.Equal(Insn(MovImm32, 0, 17), code);
        Assert.Equal(("enum state___v2::RUN = 1", "enum state::RUN___renamed = 17"), (result.LocalSpec, result.TargetSpec));
        Assert.Equal("RUN", result.MemberName);
        s.Apply(local, "2", CoreRelocationKind.EnumValue, Wide(-3), out code);
        Assert.Equal(Wide(-7), code);
        s.Apply(local, "3", CoreRelocationKind.EnumValue, Wide(4), out code);
        Assert.Equal(Wide(0x1234_5678_9abc), code);
        Assert.Equal(1ul, s.Apply(local, "0", CoreRelocationKind.EnumValueExists, Insn(MovImm64, 0, 1), out _).TargetValue);
        Assert.Equal(0ul, s.Apply(local, "1", CoreRelocationKind.EnumValueExists, Insn(MovImm64, 0, 1), out _).TargetValue);
        result = s.Apply(local, "1", CoreRelocationKind.EnumValue, Insn(MovImm64, 0, 2), out code);
        Assert.Equal((CoreRelocationStatus.Poisoned, Call), (result.Status, code[0]));
        Assert.Contains("no enumerator 'GONE'", result.Problem, StringComparison.Ordinal);
        Assert.Equal(CoreRelocationStatus.Failed, s.Apply(local, "9", CoreRelocationKind.EnumValue, Insn(MovImm64, 0, 2), out _).Status);
    }

    [Fact]
    public void Modules_are_asked_only_for_what_the_kernel_lacks()
    {
        Scenario s = new();
        uint both = s.LocalStruct("both", 4, ("m", s.LocalInt, 0));
        uint only = s.LocalStruct("only", 4, ("m", s.LocalInt, 0));
        s.TargetStruct("both", 8, ("m", s.TargetInt, 32));
        BtfData kernel = s.Target.Build();
        BtfBuilder builder = new(kernel);
        builder.AddStruct("both", 8);
        builder.AddMember("m", s.TargetInt, 64);
        builder.AddStruct("only", 12);
        builder.AddMember("m", s.TargetInt, 64);
        int asked = 0;
        CoreTarget target = new(kernel, () =>
        {
            asked++;
            return [new CoreModule("veth", builder.Build())];
        });

        uint offset = s.Local.AddString("0:0");
        CoreRelocator relocator = new(s.Local.Build(), target);
        Assert.Equal(4ul, relocator.Resolve(new(0, both, offset, CoreRelocationKind.FieldByteOffset)).TargetValue);
        Assert.Equal(0, asked);
        CoreRelocationResult result = relocator.Resolve(new(0, only, offset, CoreRelocationKind.FieldByteOffset));
        Assert.Equal((8ul, "veth", 1), (result.TargetValue, result.TargetModule, asked));
        uint nowhere = s.LocalStruct("nowhere", 4, ("m", s.LocalInt, 0));
        result = new CoreRelocator(s.Local.Build(), target).Resolve(new(0, nowhere, offset, CoreRelocationKind.FieldByteOffset));
        Assert.Equal("the target has no struct nowhere.", result.Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":0")]
    [InlineData("0:")]
    [InlineData("0:x")]
    [InlineData("0:-1")]
    [InlineData("0:7")]
    [InlineData("0:0:0")]
    [InlineData("99999999999")]
    [InlineData("2000000000:0")]
    [InlineData("0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0")]
    public void Wild_access_strings_fail_and_leave_the_code(string access)
    {
        Scenario s = new();
        uint root = s.LocalStruct("task", 4, ("pid", s.LocalInt, 0));
        s.TargetStruct("task", 4, ("pid", s.TargetInt, 0));
        CoreRelocationResult result = s.Apply(root, access, CoreRelocationKind.FieldByteOffset, Insn(Ldx32, 0, 0), out byte[] code);
        Assert.Equal(CoreRelocationStatus.Failed, result.Status);
        Assert.Equal(Insn(Ldx32, 0, 0), code);
    }

    [Fact]
    public void Wild_instructions_and_kinds_fail()
    {
        Scenario s = new();
        uint root = s.LocalStruct("task", 4, ("pid", s.LocalInt, 0));
        s.TargetStruct("task", 1 << 20, ("pid", s.TargetInt, 1 << 19));
        CoreRelocationStatus Status(CoreRelocationKind kind, byte[] code, int index = 0) => s.Apply(root, "0:0", kind, code, out _, index).Status;
        Assert.Equal(CoreRelocationStatus.Failed, Status(CoreRelocationKind.FieldByteOffset, Insn(Ldx32, 0, 0)));     // beyond 32767
        Assert.Equal(CoreRelocationStatus.Resolved, Status(CoreRelocationKind.FieldByteOffset, Insn(MovImm64, 0, 0)));
        Assert.Equal(CoreRelocationStatus.Failed, Status(CoreRelocationKind.FieldByteOffset, Insn(0xbf, 0, 0)));      // mov of a register
        Assert.Equal(CoreRelocationStatus.Failed, Status(CoreRelocationKind.FieldByteOffset, Insn(0x95, 0, 0)));      // exit
        Assert.Equal(CoreRelocationStatus.Failed, Status(CoreRelocationKind.FieldByteOffset, Insn(0x18, 0, 0)));      // half a wide load
        Assert.Equal(CoreRelocationStatus.Failed, Status(CoreRelocationKind.FieldByteOffset, Insn(MovImm64, 0, 0), 1));
        Assert.Equal(CoreRelocationStatus.Failed, Status(CoreRelocationKind.FieldByteOffset, Insn(MovImm64, 0, 0), -1));
        Assert.Equal(CoreRelocationStatus.Failed, Status((CoreRelocationKind)13, Insn(MovImm64, 0, 0)));
        Assert.Equal(CoreRelocationStatus.Failed, Status((CoreRelocationKind)(-1), Insn(MovImm64, 0, 0)));
    }

    [Fact]
    public void Structs_nested_in_themselves_end_in_a_failure()
    {
        Scenario s = new();
        uint root = s.LocalStruct("loop", 4, ("pid", s.LocalInt, 0));
        uint id = s.Target.TypeCount;
        s.TargetStruct("loop", 8, ("", id, 0), ("", id, 0));
        Assert.Equal(CoreRelocationStatus.Failed, s.Apply(root, "0:0", CoreRelocationKind.FieldByteOffset, Insn(Ldx32, 0, 0), out _).Status);

        // Not a cycle, but 2^40 paths.
        s = new();
        root = s.LocalStruct("wide", 4, ("pid", s.LocalInt, 0));
        uint inner = s.TargetInt;
        for (int i = 0; i < 40; i++)
            inner = s.TargetStruct(i == 39 ? "wide" : "", 4, i == 0 ? ("x", inner, 0u) : ("", inner, 0u), i == 0 ? ("y", inner, 0u) : ("", inner, 0u));
        CoreRelocationResult result = s.Apply(root, "0:0", CoreRelocationKind.FieldByteOffset, Insn(Ldx32, 0, 0), out _);
        Assert.Equal(CoreRelocationStatus.Failed, result.Status);
        Assert.Contains("too many steps", result.Problem, StringComparison.Ordinal);
    }

    private static byte[] Insn(byte code, short offset, int immediate)
    {
        byte[] bytes = new byte[8];
        bytes[0] = code;
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2), offset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), immediate);
        return bytes;
    }

    private static byte[] Wide(long value) => [.. Insn(0x18, 0, (int)value), .. Insn(0, 0, (int)(value >> 32))];

    /// <summary>A local and a target BTF in the making, each with its integers.</summary>
    private sealed class Scenario
    {
        public Scenario()
        {
            LocalInt = Local.AddInt("int", 4, BtfIntEncoding.Signed);
            LocalUnsigned = Local.AddInt("unsigned int", 4);
            Target.AddInt("char", 1); // so that ids differ
            TargetInt = Target.AddInt("int", 4, BtfIntEncoding.Signed);
            TargetLong = Target.AddInt("long", 8);
            TargetUnsignedLong = Target.AddInt("unsigned long", 8);
        }

        public BtfBuilder Local { get; } = new();

        public BtfBuilder Target { get; } = new();

        public uint LocalInt { get; }

        public uint LocalUnsigned { get; }

        public uint TargetInt { get; }

        public uint TargetLong { get; }

        public uint TargetUnsignedLong { get; }

        public uint LocalStruct(string name, uint size, params (string Name, uint Type, uint Bits)[] members) => Struct(Local, name, size, members);

        public uint TargetStruct(string name, uint size, params (string Name, uint Type, uint Bits)[] members) => Struct(Target, name, size, members);

        public CoreRelocationResult Apply(
            uint root, string spec, CoreRelocationKind kind, byte[] code, out byte[] patched, int index = 0, string? line = null, string? access = null)
        {
            uint offset = Local.AddString(access ?? spec);
            patched = [.. code];
            return new CoreRelocator(Local.Build(), new CoreTarget(Target.Build()))
                .Apply(new(0, root, offset, kind), patched, index, line);
        }

        private static uint Struct(BtfBuilder builder, string name, uint size, (string Name, uint Type, uint Bits)[] members)
        {
            uint id = builder.AddStruct(name, size);
            foreach ((string member, uint type, uint bits) in members)
                builder.AddMember(member, type, bits);
            return id;
        }
    }
}
