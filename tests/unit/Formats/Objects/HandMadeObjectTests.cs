using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Formats.Objects;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.Tests.Unit.Formats.Objects;

/// <summary>Objects that the compiler at hand does not write: arenas, jump tables, deep calls, wrong symbols.</summary>
public sealed class HandMadeObjectTests
{
    private const ulong Code = 6; // SHF_ALLOC | SHF_EXECINSTR
    private const ulong Data = 3; // SHF_ALLOC | SHF_WRITE
    private const int Function = 2;
    private const int Variable = 1;
    private const int Local = 0;

    [Fact]
    public void Arena_has_its_variables_and_programs_refer_to_them()
    {
        BpfObjectFile file = BpfObjectFile.Parse(MakeArena(withMap: true), "arena_test");

        BpfMapSpec arena = Assert.Single(file.Maps);
        Assert.Equal(("arena", 33u, 0u, 0u, 100u, 1u << 10, 0x1000_0000_0000ul), (arena.Name, arena.Type, arena.KeySize, arena.ValueSize, arena.MaxEntries, arena.Flags, arena.MapExtra));
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0], arena.InitialData.ToArray());
        BpfVariableSpec shared = Assert.Single(file.Variables);
        Assert.Equal(("shared", ".addr_space.1", 8u, 8u, arena), (shared.Name, shared.SectionName, shared.Offset, shared.Size, shared.Map));
        BpfRelocation relocation = Assert.Single(BpfProgramLinker.Link(file.Programs[0]).Relocations);
        Assert.Equal((BpfRelocationKind.MapValue, 0, arena, 8), (relocation.Kind, relocation.InstructionIndex, relocation.Map, relocation.Offset));
        Assert.Equal(new Version(6, 9), BpfKernelRequirement.Of(file)[0].Version);
        Assert.Equal(16u, Section(file.GetLoadableBtf()!, ".addr_space.1").Size);
    }

    [Fact]
    public void Arena_variables_without_an_arena_are_refused() =>
        Check(MakeArena(withMap: false), ".addr_space.1", "need a map of type BPF_MAP_TYPE_ARENA");

    [Fact]
    public void Jump_table_is_refused_with_advice()
    {
        ElfObjectBuilder elf = new();
        int program = elf.Section("syscall", Bytes(new BpfAssembler().LoadImm64(R1, 0).Exit()), Code);
        int table = elf.Section(".jumptables", new byte[16]);
        elf.Symbol("p", program, 0, 24, Function);
        elf.Relocations(program, (0, 1, elf.Symbol("t", table, 0, 16, Variable)));
        Check(elf.ToArray(), ".relsyscall", "is against a table of jumps, which is not supported. Compile with -fno-jump-tables.");
    }

    [Fact]
    public void Deep_chain_of_calls_is_linked_without_recursion()
    {
        const int Depth = 50_000;
        BpfAssembler text = new();
        ElfObjectBuilder elf = new();
        for (int i = 0; i < Depth; i++)
        {
            text.Label($"f{i}");
            if (i + 1 < Depth)
                text.CallLocal($"f{i + 1}");
            text.Exit();
        }

        int textSection = elf.Section(".text", Bytes(text), Code);
        int program = elf.Section("xdp", Bytes(new BpfAssembler().Emit(new BpfInstruction(BpfOpcode.Jmp | BpfOpcode.Call, 0, BpfPseudo.Call, 0, -1)).Exit()), Code);
        for (int i = 0; i < Depth; i++)
            elf.Symbol($"f{i}", textSection, (ulong)i * 16, i + 1 < Depth ? 16u : 8u, Function, Local);
        int first = elf.Symbol("f0", textSection, 0, 0, 0);
        elf.Symbol("p", program, 0, 16, Function);
        elf.Relocations(program, (0, 10, first));

        BpfLinkedProgram linked = BpfProgramLinker.Link(BpfObjectFile.Parse(elf.ToArray()).Programs.Single());
        Assert.Equal(Depth + 1, linked.Functions.Count);
        Assert.Equal(2 + (2 * Depth) - 1, linked.Instructions.Length);
        for (int i = 0; i < linked.Functions.Count - 1; i++)
            Assert.Equal(linked.Functions[i + 1].Start, linked.Functions[i].Start + 1 + linked.Instructions[linked.Functions[i].Start].Immediate);
    }

    [Fact]
    public void Recursion_links_each_function_once()
    {
        ElfObjectBuilder elf = new();
        int text = elf.Section(".text", Bytes(new BpfAssembler().Label("f").CallLocal("f").Exit()), Code);
        int program = elf.Section("xdp", Bytes(new BpfAssembler().Emit(new BpfInstruction(BpfOpcode.Jmp | BpfOpcode.Call, 0, BpfPseudo.Call, 0, -1)).Exit()), Code);
        int f = elf.Symbol("f", text, 0, 16, Function);
        elf.Symbol("p", program, 0, 16, Function);
        elf.Relocations(program, (0, 10, f));

        BpfLinkedProgram linked = BpfProgramLinker.Link(BpfObjectFile.Parse(elf.ToArray()).Programs.Single());
        Assert.Equal(["p", "f"], linked.Functions.Select(x => x.Function.Name));
        Assert.Equal(-1, linked.Instructions[2].Immediate);
    }

    [Fact]
    public void Program_beyond_the_kernels_limit_is_refused()
    {
        ElfObjectBuilder elf = new();
        byte[] code = new byte[(BpfProgramLinker.MaxInstructions + 1) * 8];
        for (int i = 0; i < code.Length; i += 8)
            code[i] = 0x95;
        elf.Symbol("p", elf.Section("xdp", code, Code), 0, (ulong)code.Length, Function);
        BpfObjectFile file = BpfObjectFile.Parse(elf.ToArray());
        BpfObjectFormatException error = Assert.Throws<BpfObjectFormatException>(() => BpfProgramLinker.Link(file.Programs[0]));
        Assert.Contains("program 'p' has more than 1000000 instructions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_symbols_of_functions_are_named()
    {
        byte[] code = Bytes(new BpfAssembler().Mov(R0, 0).Exit());
        Check(One(0, 16, Local), ".symtab", "a program must not be static");
        Check(One(8, 16), ".symtab", "the function has 0x10 bytes at offset 0x8 of section [1] xdp, which has 0x10");
        Check(One(0, 12), ".symtab", "instructions have 8");
        Check(One(ulong.MaxValue - 7, 16), ".symtab", "at offset 0xfffffffffffffff8");

        ElfObjectBuilder overlapping = new();
        int section = overlapping.Section("xdp", code, Code);
        for (int i = 0; i < 9; i++)
            overlapping.Symbol($"p{i}", section, 0, 16, Function);
        Check(overlapping.ToArray(), ".symtab", "overlap");

        byte[] One(ulong value, ulong size, int binding = 1)
        {
            ElfObjectBuilder elf = new();
            elf.Symbol("p", elf.Section("xdp", code, Code), value, size, Function, binding);
            return elf.ToArray();
        }
    }

    [Fact]
    public void Wrong_references_are_named_with_their_remedy()
    {
        byte[] call = Bytes(new BpfAssembler().Emit(new BpfInstruction(BpfOpcode.Jmp | BpfOpcode.Call, 0, BpfPseudo.Call, 0, -1)).Exit());
        Check(Object(call, e => e.Symbol("other", 1, 0, 16, Function)), ".relxdp", "calls 'other', which is not in .text: a function that is called must have no SEC");
        Check(Object(call, e => e.Symbol("helper", 0, 0, 0, 0)), ".symtab", "externs ('helper') need BTF");
        byte[] load = Bytes(new BpfAssembler().LoadImm64(R1, 0).Exit());
        Check(Object(load, e => e.Symbol("common", 0xfff2, 0, 4, Variable)), ".relxdp", "Was a global variable not initialized");
        Check(Object(load, e => e.Symbol("x", e.Section("custom", new byte[8], Data), 0, 8, Variable)), ".relxdp", "which holds neither maps nor data");
        Check(Object(Bytes(new BpfAssembler().Mov(R0, 0).Exit()), e => e.Symbol("x", e.Section(".data", new byte[8], Data), 0, 8, Variable)), ".relxdp", "which is neither a call nor a 64-bit immediate load");

        static byte[] Object(byte[] code, Func<ElfObjectBuilder, int> target)
        {
            ElfObjectBuilder elf = new();
            int section = elf.Section("xdp", code, Code);
            elf.Symbol("p", section, 0, (ulong)code.Length, Function);
            elf.Relocations(section, (0, 10, target(elf)));
            return elf.ToArray();
        }
    }

    private static byte[] MakeArena(bool withMap)
    {
        BtfBuilder btf = new();
        uint number = btf.AddInt("int", 4, BtfIntEncoding.Signed);
        uint wide = btf.AddInt("long", 8, BtfIntEncoding.Signed);
        uint extra = btf.AddEnum("", 8);
        btf.AddEnumValue("__unique", 0x1000_0000_0000);
        uint constant(uint value) => btf.AddPointer(btf.AddArray(number, number, value));
        uint type = constant(33);
        uint flags = constant(1 << 10);
        uint entries = constant(100);
        uint definition = btf.AddStruct("", 32);
        btf.AddMember("type", type, 0);
        btf.AddMember("map_flags", flags, 64);
        btf.AddMember("max_entries", entries, 128);
        btf.AddMember("map_extra", extra, 192);
        uint map = btf.AddVariable("arena", definition, BtfLinkage.Global);
        uint shared = btf.AddVariable("shared", wide, BtfLinkage.Global);
        if (withMap)
        {
            btf.AddDataSection(".maps", 0);
            btf.AddSectionVariable(map, 0, 32);
        }

        btf.AddDataSection(".addr_space.1", 0);
        btf.AddSectionVariable(shared, 0, 8);

        ElfObjectBuilder elf = new();
        int program = elf.Section("syscall", Bytes(new BpfAssembler().LoadImm64(R1, 8).Mov(R0, 0).Exit()), Code);
        int arena = elf.Section(".addr_space.1", [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0], Data);
        if (withMap)
            elf.Symbol("arena", elf.Section(".maps", new byte[32], Data), 0, 32, Variable);
        elf.Section(".BTF", btf.ToArray());
        elf.Symbol("p", program, 0, 32, Function);
        elf.Symbol("shared", arena, 8, 8, Variable);
        return elf.Relocations(program, (0, 1, elf.Symbol(string.Empty, arena, 0, 0, 3, Local))).ToArray();
    }

    private static byte[] Bytes(BpfAssembler assembler) => BpfInstruction.AsBytes(assembler.Build()).ToArray();

    private static BtfType Section(BtfData btf, string name) => btf.TryFindByName(name, BtfKind.DataSec, out uint id) ? btf[id] : throw new KeyNotFoundException(name);

    private static void Check(byte[] file, string section, string text)
    {
        BpfObjectFormatException error = Assert.Throws<BpfObjectFormatException>(() => BpfObjectFile.Parse(file));
        Assert.Equal(section, error.Section);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }
}
