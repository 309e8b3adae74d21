using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>BPF_OBJ_GET_INFO_BY_FD of a program: lengths always, contents where the caller gave room.</summary>
internal static unsafe class ProgramInfo
{
    private const uint Known = 232;

    public static int Write(EmulatedProgram program, ref bpf_attr_info attr)
    {
        int error = InfoBuffer.Read(attr.info, attr.info_len, Known, out bpf_prog_info asked, keepsUnknown: true);
        if (error != 0)
            return error;
        bpf_prog_info info = asked;
        info.type = (uint)program.Type;
        info.id = program.Id;
        info.tag = program.Tag;
        info.load_time = program.LoadTime;
        info.created_by_uid = 0;
        info.name = ObjectName.ToField(program.Name);
        info.gpl_compatible = program.IsGplCompatible ? 1u : 0;
        info.btf_id = program.Btf?.Id ?? 0;
        info.attach_btf_obj_id = program.AttachBtfId != 0 ? program.AttachProgram?.Btf?.Id ?? 1 : 0;
        info.attach_btf_id = program.AttachBtfId;
        info.verified_insns = (uint)program.Code.Instructions.Length;
        info.run_cnt = (ulong)program.RunCount;
        info.run_time_ns = (ulong)program.RunTime;
        info.recursion_misses = 0;

        uint[] maps = [.. program.Code.Maps.Select(m => m.Id)];
        info.nr_map_ids = (uint)maps.Length;
        if ((error = Copy<uint>(asked.map_ids, asked.nr_map_ids, maps)) != 0)
            return error;

        ReadOnlySpan<byte> instructions = BpfInstruction.AsBytes(program.Code.Shown);
        info.xlated_prog_len = (uint)instructions.Length;
        if (asked.xlated_prog_len != 0 && (error = Copy(asked.xlated_prog_insns, asked.xlated_prog_len, instructions)) != 0)
            return error;

        // Nothing is compiled to machine code that could be shown.
        info.jited_prog_len = 0;
        info.nr_jited_ksyms = 0;
        info.nr_jited_func_lens = 0;
        info.nr_jited_line_info = 0;
        info.jited_line_info_rec_size = 8;

        info.func_info_rec_size = 8;
        info.nr_func_info = (uint)program.FunctionInfoBytes.Length / 8;
        if (asked.nr_func_info != 0 && (error = Copy<byte>(asked.func_info, asked.nr_func_info * 8, program.FunctionInfoBytes)) != 0)
            return error;
        info.line_info_rec_size = 16;
        info.nr_line_info = (uint)program.LineInfoBytes.Length / 16;
        if (asked.nr_line_info != 0 && (error = Copy<byte>(asked.line_info, asked.nr_line_info * 16, program.LineInfoBytes)) != 0)
            return error;
        ulong[] tags = [program.Tag];
        info.nr_prog_tags = 1;
        if (asked.nr_prog_tags != 0 && (error = Copy<ulong>(asked.prog_tags, asked.nr_prog_tags, tags)) != 0)
            return error;
        return InfoBuffer.Write(ref attr, Known, ref info);
    }

    private static int Copy<T>(ulong user, uint room, ReadOnlySpan<T> items)
        where T : unmanaged
    {
        int count = (int)Math.Min(room, (uint)items.Length);
        if (count == 0)
            return 0;
        if (!UserMemory.IsValid(user))
            return -Errno.EFAULT;
        items[..count].CopyTo(new Span<T>((void*)user, count));
        return 0;
    }
}
