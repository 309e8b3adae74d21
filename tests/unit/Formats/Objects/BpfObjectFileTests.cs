using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Tests.Unit.Formats.Objects;

public sealed class BpfObjectFileTests
{
    [Fact]
    public void Maps_have_all_attributes_of_their_definitions()
    {
        BpfObjectFile file = TestObjects.Parse("maps");

        Assert.Equal("Dual MIT/GPL", file.License);
        Assert.Null(file.KernelVersion);
        Assert.Equal(["inner_a", "inner_b", "outer", "tails", "typed_hash", "sized_array", "events", "bloom", "outer_hash"], file.Maps.Select(m => m.Name));
        Assert.All(file.Maps.Select((m, i) => (m, i)), x => Assert.Equal(x.i, x.m.Index));

        BpfMapSpec hash = file.FindMap("typed_hash")!;
        Assert.Equal((1u, 8u, 24u, 1024u, 5u, 0u), (hash.Type, hash.KeySize, hash.ValueSize, hash.MaxEntries, hash.Flags, hash.NumaNode));
        Assert.True(hash.PinByName);
        Assert.Equal("key", file.Btf![hash.KeyTypeId].Name);
        Assert.Equal(("value_t", BtfKind.Typedef), (file.Btf[hash.ValueTypeId].Name, file.Btf[hash.ValueTypeId].Kind));
        Assert.Equal("typed_hash", file.Btf[hash.VariableId].Name);

        BpfMapSpec sized = file.FindMap("sized_array")!;
        Assert.Equal((6u, 4u, 12u, 3u, 0u, 0u, false), (sized.Type, sized.KeySize, sized.ValueSize, sized.MaxEntries, sized.KeyTypeId, sized.ValueTypeId, sized.PinByName));
        Assert.Equal((27u, 0u, 0u, 5000u), (file.FindMap("events")!.Type, file.FindMap("events")!.KeySize, file.FindMap("events")!.ValueSize, file.FindMap("events")!.MaxEntries));
        Assert.Equal((30u, 0u, 4u, 3ul), (file.FindMap("bloom")!.Type, file.FindMap("bloom")!.KeySize, file.FindMap("bloom")!.ValueSize, file.FindMap("bloom")!.MapExtra));
        Assert.Null(file.FindMap("no_such_map"));
    }

    [Fact]
    public void Maps_of_maps_and_program_arrays_have_their_slots()
    {
        BpfObjectFile file = TestObjects.Parse("maps");

        BpfMapSpec outer = file.FindMap("outer")!;
        Assert.Equal((12u, 4u, 4u, 4u), (outer.Type, outer.KeySize, outer.ValueSize, outer.MaxEntries));
        Assert.Equal(("outer.inner", 2u, 4u, 8u, 1u, -1), (outer.InnerMap!.Name, outer.InnerMap.Type, outer.InnerMap.KeySize, outer.InnerMap.ValueSize, outer.InnerMap.MaxEntries, outer.InnerMap.Index));
        Assert.Equal([(0u, "inner_a"), (3u, "inner_b")], outer.InitialSlots.Select(s => (s.Index, s.Map!.Name)));
        Assert.Equal((1u, 8u, 1u, 7u), (file.FindMap("outer_hash")!.InnerMap!.Type, file.FindMap("outer_hash")!.InnerMap!.KeySize, file.FindMap("outer_hash")!.InnerMap!.ValueSize, file.FindMap("outer_hash")!.InnerMap!.MaxEntries));
        Assert.Empty(file.FindMap("outer_hash")!.InitialSlots);

        BpfMapSpec tails = file.FindMap("tails")!;
        Assert.Equal((3u, 4u, 4u, 8u), (tails.Type, tails.KeySize, tails.ValueSize, tails.MaxEntries));
        Assert.Null(tails.InnerMap);
        Assert.Equal([(1u, file.FindProgram("tail_one")), (5u, file.FindProgram("tail_two"))], tails.InitialSlots.Select(s => (s.Index, s.Program)));
    }

    [Fact]
    public void Programs_refer_to_maps()
    {
        BpfObjectFile file = TestObjects.Parse("maps");

        Assert.Equal(["tail_one", "tail_two", "entry"], file.Programs.Select(p => p.Name));
        BpfProgramSpec entry = file.FindProgram("entry")!;
        Assert.Equal((6u, (uint?)37), (entry.ProgramType, entry.ExpectedAttachType));
        BpfLinkedProgram linked = BpfProgramLinker.Link(entry);
        Assert.Equal(
            [(BpfRelocationKind.Map, "typed_hash"), (BpfRelocationKind.Map, "sized_array"), (BpfRelocationKind.Map, "outer"), (BpfRelocationKind.Map, "tails")],
            linked.Relocations.Select(r => (r.Kind, r.TargetName)));
        Assert.All(linked.Relocations, r => Assert.True(linked.Instructions[r.InstructionIndex].IsLoadImm64));
        Assert.True(linked.Instructions[^1].IsExit);
        Assert.Equal("entry", file.Btf![linked.FuncInfo.Single().TypeId].Name);
        Assert.Equal(0u, linked.LineInfo[0].InstructionOffset);
        Assert.Contains("struct key key", file.Btf.GetString(linked.LineInfo.First(l => l.Line != linked.LineInfo[0].Line).LineOffset), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_sections_are_maps_with_libbpfs_names()
    {
        BpfObjectFile file = BpfObjectFile.Parse(TestObjects.Read("globals"), "my_object_name");

        Assert.Equal("my_object_name", file.Name);
        Assert.Equal(
            [".data:my_objec.data", ".rodata:my_objec.rodata", ".bss:my_objec.bss", ".data.custom:.data.custom", ".rodata.label:.rodata.label", ".kconfig:my_obje.kconfig"],
            file.Maps.Select(m => $"{m.SectionName}:{m.Name}").OrderBy(x => Array.IndexOf([".data", ".rodata", ".bss", ".data.custom", ".rodata.label", ".kconfig"], x.Split(':')[0])));
        Assert.All(file.Maps, m => Assert.Equal((2u, 4u, 1u), (m.Type, m.KeySize, m.MaxEntries)));
        const uint mmapable = 1 << 10;
        const uint readOnly = 1 << 7;
        Assert.Equal(mmapable, file.FindMap(".data")!.Flags);
        Assert.Equal(mmapable | readOnly, file.FindMap(".rodata")!.Flags);
        Assert.Equal(mmapable, file.FindMap(".bss")!.Flags);
        Assert.Equal(mmapable | readOnly, file.FindMap(".kconfig")!.Flags);
        Assert.Equal("label\0\0\0"u8.ToArray(), file.FindMap(".rodata.label")!.InitialData.ToArray());
        Assert.True(file.FindMap(".bss")!.InitialData.IsEmpty);
        Assert.Equal("x.bss", BpfObjectFile.Parse(TestObjects.Read("globals"), "x").FindMap(".bss")!.Name);
        Assert.Equal("a_b_c.data", BpfObjectFile.Parse(TestObjects.Read("globals"), "a-b+c").FindMap(".data")!.Name);
        Assert.Equal("a_very_long_obj", BpfObjectFile.Parse(TestObjects.Read("globals"), "a_very_long_object").Name);
        Assert.Equal(".bss.custom", TestObjects.Parse("custombss").FindMap(".bss.custom")!.Name);
    }

    [Fact]
    public void Name_from_path_is_libbpfs()
    {
        Assert.Equal("log_syscalls", BpfObjectFile.GetNameFromPath("/some/where/log_syscalls.bpf.o"));
        Assert.Equal("averyveryverylo", BpfObjectFile.GetNameFromPath("averyveryverylongname.o"));
        Assert.Equal("x", BpfObjectFile.GetNameFromPath("x"));
    }

    [Fact]
    public void Variables_have_section_offset_size_and_type()
    {
        BpfObjectFile file = TestObjects.Parse("globals");
        BpfVariableSpec variable(string name) => Assert.Single(file.Variables, v => v.Name == name);

        Assert.Equal(4u, variable("limit").Size);
        Assert.Equal(10, BitConverter.ToInt32(file.FindMap(".rodata")!.InitialData.Span[(int)variable("limit").Offset..]));
        Assert.Equal(5ul, BitConverter.ToUInt64(file.FindMap(".data")!.InitialData.Span[(int)variable("counter").Offset..]));
        Assert.Equal(7, BitConverter.ToInt32(file.FindMap(".data")!.InitialData.Span[(int)variable("mode").Offset..]));
        Assert.Equal(3, BitConverter.ToInt32(file.FindMap(".data")!.InitialData.Span[(int)variable("hidden_count").Offset..]));
        Assert.Equal(1, BitConverter.ToInt32(file.FindMap(".data")!.InitialData.Span[(int)variable("read_all.calls").Offset..]));
        Assert.Equal(42, BitConverter.ToInt32(file.FindMap(".data.custom")!.InitialData.Span[(int)variable("custom").Offset..]));
        Assert.Equal((".bss", 32u, false), (variable("pairs").SectionName, variable("pairs").Size, variable("pairs").IsStatic));
        Assert.Equal((true, false), (variable("hidden_count").IsStatic, variable("hidden_count").IsWeak));
        Assert.Equal((false, true), (variable("shared").IsStatic, variable("shared").IsWeak));
        Assert.True(variable("internal").IsHidden);
        Assert.Equal(BtfKind.Enum, file.Btf![variable("mode").TypeId].Kind);
        Assert.Equal("pair", file.Btf[file.Btf.ResolveTypedefs(variable("pair").TypeId)].Name);
        foreach (IGrouping<BpfMapSpec, BpfVariableSpec> map in file.Variables.GroupBy(v => v.Map))
        {
            uint end = 0;
            foreach (BpfVariableSpec v in map)
            {
                Assert.True(v.Offset >= end, $"{v} overlaps the variable before it");
                end = v.Offset + v.Size;
            }

            Assert.True(end <= map.Key.ValueSize);
        }
    }

    [Fact]
    public void Externs_are_classified()
    {
        BpfObjectFile file = TestObjects.Parse("globals");
        BpfExternSpec spec(string name) => Assert.Single(file.Externs, e => e.Name == name);

        // As libbpf lays .kconfig out: by alignment down, then size up, then name.
        Assert.Equal(
            [("CONFIG_HZ", 0u, 8u), ("CONFIG_NOT_THERE", 8u, 4u), ("LINUX_KERNEL_VERSION", 12u, 4u), ("CONFIG_BPF_SYSCALL", 16u, 1u), ("CONFIG_CC_VERSION_TEXT", 17u, 64u)],
            file.Externs.Where(e => e.Kind == BpfExternKind.Kconfig).Select(e => (e.Name, e.Offset, e.Size)));
        Assert.Equal(81u, file.FindMap(".kconfig")!.ValueSize);
        Assert.Equal((BpfKconfigType.Integer, true, false), (spec("LINUX_KERNEL_VERSION").KconfigType, spec("LINUX_KERNEL_VERSION").IsSigned, spec("LINUX_KERNEL_VERSION").IsWeak));
        Assert.Equal((BpfKconfigType.Bool, true), (spec("CONFIG_BPF_SYSCALL").KconfigType, spec("CONFIG_BPF_SYSCALL").IsWeak));
        Assert.Equal(BpfKconfigType.CharArray, spec("CONFIG_CC_VERSION_TEXT").KconfigType);
        Assert.Equal(BpfKconfigType.Tristate, spec("CONFIG_NOT_THERE").KconfigType);
        Assert.Equal(5, file.Variables.Count(v => v.SectionName == ".kconfig"));

        Assert.Equal((BpfExternKind.Kfunc, "not_there_kfunc", true), (spec("not_there_kfunc___v2").Kind, spec("not_there_kfunc___v2").EssentialName, spec("not_there_kfunc___v2").IsWeak));
        Assert.Equal((BpfExternKind.KernelSymbol, 0u), (spec("bpf_prog_put").Kind, spec("bpf_prog_put").TypeId));
        Assert.Equal(BpfExternKind.TypedKernelVariable, spec("not_there_variable").Kind);
        Assert.Equal(BtfKind.Int, file.Btf![spec("not_there_variable").TypeId].Kind);
        Assert.DoesNotContain(file.Externs, e => e.Name == "bpf_map_sum_elem_count"); // declared, not used
    }

    [Fact]
    public void Relocations_of_data_and_externs_say_where()
    {
        BpfObjectFile file = TestObjects.Parse("globals");
        BpfLinkedProgram linked = BpfProgramLinker.Link(file.FindProgram("read_all")!);

        foreach (BpfRelocation relocation in linked.Relocations)
        {
            BpfInstruction instruction = linked.Instructions[relocation.InstructionIndex];
            Assert.Equal(relocation.Kind == BpfRelocationKind.Kfunc, instruction.IsCall);
        }

        BpfVariableSpec second = file.Variables.Single(v => v.Name == "pairs");
        Assert.Contains(linked.Relocations, r => r.Kind == BpfRelocationKind.MapValue && r.Map == second.Map && r.Offset >= second.Offset && r.Offset < second.Offset + second.Size);
        Assert.Contains(linked.Relocations, r => r.Kind == BpfRelocationKind.MapValue && r.Map!.SectionName == ".data" && r.Offset == file.Variables.Single(v => v.Name == "hidden_count").Offset);
        Assert.Contains(linked.Relocations, r => r.Kind == BpfRelocationKind.Kconfig && r.TargetName == "CONFIG_HZ" && r.Offset == 0 && r.Map!.SectionName == ".kconfig");
        Assert.Contains(linked.Relocations, r => r.Kind == BpfRelocationKind.KernelSymbol && r.TargetName == "bpf_prog_put");
        Assert.Contains(linked.Relocations, r => r.Kind == BpfRelocationKind.KernelSymbol && r.TargetName == "not_there_kfunc___v2");
        Assert.Contains(linked.Relocations, r => r.Kind == BpfRelocationKind.Kfunc && r.TargetName == "not_there_kfunc___v2");
    }

    [Fact]
    public void Linking_appends_each_reached_subprogram_once()
    {
        BpfObjectFile file = TestObjects.Parse("calls");

        Assert.Equal(["first", "second", "third"], file.Programs.Select(p => p.Name));
        Assert.False(file.FindProgram("third")!.AutoLoad);
        Assert.True(file.FindProgram("second")!.AutoLoad);
        Assert.Equal("socket", file.FindProgram("third")!.Section.Name);
        Assert.Equal("?socket", file.FindProgram("third")!.SectionName);

        BpfLinkedProgram first = BpfProgramLinker.Link(file.FindProgram("first")!);
        Assert.Equal(["first", "shared_global", "branch", "leaf"], first.Functions.Select(f => f.Function.Name));
        BpfLinkedProgram second = BpfProgramLinker.Link(file.FindProgram("second")!);
        Assert.Equal(["second", "add", "step", "leaf", "hidden_global", "shared_global", "branch"], second.Functions.Select(f => f.Function.Name));
        Assert.Equal(["third"], BpfProgramLinker.Link(file.FindProgram("third")!).Functions.Select(f => f.Function.Name));
        Assert.True(file.Functions.Single(f => f.Name == "hidden_global").IsHidden);

        foreach (BpfLinkedProgram program in new[] { first, second })
        {
            Assert.Equal(program.Functions.Select(f => (uint)f.Start), program.FuncInfo.Select(f => f.InstructionOffset));
            Assert.Equal(program.Functions.Select(f => f.Function.Name), program.FuncInfo.Select(f => file.Btf![f.TypeId].Name));
            Assert.True(program.LineInfo.Select(l => l.InstructionOffset).SequenceEqual(program.LineInfo.Select(l => l.InstructionOffset).Distinct().Order()), "line records ascend");
            HashSet<int> starts = [.. program.Functions.Select(f => f.Start)];
            for (int i = 0; i < program.Instructions.Length; i++)
            {
                BpfInstruction instruction = program.Instructions[i];
                if (instruction.IsPseudoCall || instruction.IsPseudoFunc)
                    Assert.Contains(i + 1 + instruction.Immediate, starts);
                if (instruction.IsLoadImm64)
                    i++;
            }

            Assert.DoesNotContain(program.Relocations, r => r.Kind is BpfRelocationKind.Call or BpfRelocationKind.FunctionAddress);
        }

        Assert.Equal(2, second.Instructions.Count(i => i.IsPseudoFunc));
        Assert.Equal("sums", second.Relocations.First(r => r.Kind == BpfRelocationKind.Map).TargetName);
        BpfRelocation last = second.Relocations[^1];
        Assert.Equal("total", file.Variables.Single(v => v.Map == last.Map && v.Offset == last.Offset).Name);
        Assert.Equal("leaf", second.GetFunctionAt(second.Functions[3].Start + 1).Function.Name);
    }

    [Fact]
    public void Core_relocations_follow_their_functions()
    {
        BpfObjectFile file = TestObjects.Parse("core");
        BpfLinkedProgram linked = BpfProgramLinker.Link(file.FindProgram("on_enter")!);

        Assert.Equal(["on_enter", "leader_pid"], linked.Functions.Select(f => f.Function.Name));
        Assert.Contains(linked.CoreRelocations, r => r.Kind == CoreRelocationKind.FieldExists && file.Btf![r.TypeId].Name == "task_struct___old");
        CoreRelocation[] inCallee = [.. linked.CoreRelocations.Where(r => r.InstructionOffset >= linked.Functions[1].Start * 8)];
        Assert.Equal(["0:3", "0:0"], inCallee.Select(r => file.Btf!.GetString(r.AccessStringOffset)));
        Assert.All(linked.CoreRelocations, r => Assert.Equal(BpfOpcode.Alu64 | BpfOpcode.Mov, linked.Instructions[r.InstructionOffset / 8].Opcode & ~BpfOpcode.SourceMask));
    }

    [Fact]
    public void Struct_ops_name_their_programs()
    {
        BpfObjectFile file = TestObjects.Parse("core");
        BpfMapSpec tiny = file.FindMap("tiny")!;

        Assert.Equal((26u, BpfMapSpecKind.StructOps, 4u, 48u, 1u, 0u), (tiny.Type, tiny.Kind, tiny.KeySize, tiny.ValueSize, tiny.MaxEntries, tiny.Flags));
        Assert.Equal("tcp_congestion_ops", file.Btf![tiny.ValueTypeId].Name);
        Assert.Equal(
            [("init", 0, 0, "tiny_init"), ("ssthresh", 1, 8, "tiny_ssthresh"), ("cong_avoid", 2, 16, "tiny_cong_avoid"), ("undo_cwnd", 3, 24, "tiny_undo_cwnd")],
            tiny.StructOpsPrograms.Select(p => (p.Member, p.MemberIndex, p.Offset, p.Program.Name)));
        Assert.Equal("lbs_tiny"u8.ToArray(), tiny.InitialData.Slice(32, 8).ToArray());
        Assert.Equal(1u << 13, file.FindMap("tiny_link")!.Flags);
        Assert.Equal(3, file.FindMap("tiny_link")!.StructOpsPrograms.Count);
        Assert.True(tiny.AutoCreate);
    }

    [Fact]
    public void Loadable_btf_has_sizes_offsets_and_no_externs()
    {
        foreach (string name in TestObjects.Names)
        {
            BpfObjectFile file = TestObjects.Parse(name);
            BtfData btf = file.GetLoadableBtf()!;
            for (uint id = 1; id < btf.TypeCount; id++)
            {
                BtfType type = btf[id];
                if (type.Kind is BtfKind.Var or BtfKind.Func)
                    Assert.NotEqual(BtfLinkage.Extern, type.Linkage);
                if (type.Kind != BtfKind.DataSec)
                    continue;
                Assert.NotEqual(0u, type.Size);
                uint end = 0;
                foreach (BtfSectionVariable variable in type.Variables)
                {
                    Assert.True(variable.Offset >= end, $"{name}: {type} is not in order");
                    end = variable.Offset + variable.Size;
                }

                Assert.True(end <= type.Size);
            }

            foreach (BpfVariableSpec variable in file.Variables)
                Assert.Contains(Enumerable.ToArray(Variables(btf, variable.SectionName)), v => v.TypeId == variable.VariableId && v.Offset == variable.Offset);
        }

        BtfData calls = TestObjects.Parse("calls").GetLoadableBtf()!;
        Assert.True(calls.TryFindByName("hidden_global", BtfKind.Func, out uint hidden));
        Assert.True(calls.TryFindByName("shared_global", BtfKind.Func, out uint shared));
        Assert.Equal((BtfLinkage.Static, BtfLinkage.Global), (calls[hidden].Linkage, calls[shared].Linkage));

        static IEnumerable<BtfSectionVariable> Variables(BtfData btf, string section)
        {
            Assert.True(btf.TryFindByName(section, BtfKind.DataSec, out uint id));
            for (int i = 0; i < btf[id].VariableLength; i++)
                yield return btf[id].Variables[i];
        }
    }

    [Fact]
    public void Objects_are_equal_by_content()
    {
        BpfObjectFile one = TestObjects.Parse("calls");
        BpfObjectFile same = BpfObjectFile.Parse(TestObjects.Read("calls"), "other_name");

        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, TestObjects.Parse("maps"));
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(TestObjects.Read("calls")), one.ContentHash.ToArray());
    }

    [Fact]
    public void Kernel_version_and_license_are_read()
    {
        BpfObjectFile file = TestObjects.Parse("sections");

        Assert.Equal(0x060102u, file.KernelVersion);
        Assert.Equal("GPL", file.License);
        Assert.Equal(28, file.Programs.Count);
        Assert.False(file.FindProgram("p_old_style")!.Section.IsKnown);
        Assert.Contains("SEC(\"xdp\")", file.FindProgram("p_old_style")!.Section.Advice, StringComparison.Ordinal);
        Assert.False(file.FindProgram("p_unknown")!.AutoLoad);
        Assert.Equal("syscalls/sys_enter_openat", file.FindProgram("p_tp")!.Section.Target);
        Assert.Equal("/usr/bin/bash:readline", file.FindProgram("p_uprobe")!.Section.Target);
    }
}
