using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <content>BPF_PROG_LOAD.</content>
internal sealed unsafe partial class ProgramCommands
{
    private const uint MaximumInstructions = 1_000_000;

    private static readonly string[] s_gplCompatible =
        ["GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"];

    private int Load(ref bpf_attr_prog_load attr)
    {
        if ((attr.prog_flags & ~ProgramFlags.All) != 0)
            return -Errno.EINVAL;
        if (!UserMemory.IsValid(attr.license))
            return -Errno.EFAULT;
        if (attr.insn_cnt is 0 or > MaximumInstructions)
            return -Errno.E2BIG;
        int error = ReadLicense(attr.license, out string license);
        if (error != 0)
            return error;
        if (!UserMemory.IsValid(attr.insns))
            return -Errno.EFAULT;
        if (ProgramKinds.Find((BpfProgramType)attr.prog_type) is not { } kind)
            return -Errno.EINVAL;
        if ((error = ObjectName.Read(in attr.prog_name, out string name)) != 0)
            return error;
        attr.expected_attach_type = (uint)AttachChecks.Normalise((BpfProgramType)attr.prog_type, (BpfAttachType)attr.expected_attach_type);
        var log = new LoadLog(attr.log_level, attr.log_buf, attr.log_size);
        if ((error = log.Check()) != 0)
            return error;

        EmulatedBtf? btf = null;
        EmulatedProgram? attachProgram = null;
        try
        {
            if (attr.prog_btf_fd != 0 && (error = FindBtf(attr.prog_btf_fd, out btf)) != 0)
                return error;
            error = FindAttachTarget(ref attr, out attachProgram);
            if (error != 0)
                return error;
            error = AttachChecks.Check((BpfProgramType)attr.prog_type, (BpfAttachType)attr.expected_attach_type, attr.attach_btf_id, attachProgram is not null);
            if (error != 0)
                return error;
            int result = Decide(ref attr, kind, name, license, btf, attachProgram, log);
            int logError = log.Finish(out attr.log_true_size);
            if (logError != 0)
            {
                if (result >= 0)
                    kernel.Close(result);
                return logError;
            }

            return result;
        }
        finally
        {
            btf?.Release();
            attachProgram?.Release();
        }
    }

    private int Decide(
        ref bpf_attr_prog_load attr, ProgramKind kind, string name, string license, EmulatedBtf? btf, EmulatedProgram? attachProgram, LoadLog log)
    {
        BpfInstruction[] instructions = new ReadOnlySpan<BpfInstruction>((void*)attr.insns, (int)attr.insn_cnt).ToArray();
        ProgramCode? code = null;
        try
        {
            (byte[] functionBytes, ProgramLoad.FunctionInfo[] functionInfos) = ReadFunctionInfo(ref attr, btf, log);
            (byte[] lineBytes, SourceLines lines) = ReadLineInfo(ref attr, btf, log);
            var load = new ProgramLoad
            {
                Kernel = kernel,
                Type = (BpfProgramType)attr.prog_type,
                Kind = kind,
                ExpectedAttachType = (BpfAttachType)attr.expected_attach_type,
                Name = name,
                Flags = attr.prog_flags,
                IsGplCompatible = Array.IndexOf(s_gplCompatible, license) >= 0,
                Instructions = instructions,
                Btf = btf?.Data,
                FunctionInfos = functionInfos,
                ExceptionCallback = FindExceptionCallback(btf, functionInfos, log),
                Lines = lines,
                AttachBtfId = attr.attach_btf_id,
                AttachProgram = attachProgram,
                FdArray = attr.fd_array,
                FdArrayCount = attr.fd_array_cnt,
                Log = log,
            };
            int error = kind.CheckLoad(load);
            if (error != 0)
                throw new LoadRefusedException(-error, "");
            if (attr.fd_array_cnt > 0 && !UserMemory.IsValid(attr.fd_array))
                return -Errno.EFAULT;

            AttachChecks.CheckTarget(load, isInModule: attr.attach_prog_fd != 0 && attachProgram is null);
            var checker = new InstructionChecker(load);
            ProgramFunction[] functions = checker.Check();
            NameFunctions(load, functions);
            code = ProgramDecoder.Decode(load, functions);
            ResultChecker.Check(load, code);
            MapUseChecker.Check(load, code);
            checker.CheckCallDepth(functions);
            if (log.IsVerbose)
                WriteListing(load, log);
            log.WriteLine($"processed {instructions.Length} insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0");

            btf?.Acquire();
            attachProgram?.Acquire();
            var program = new EmulatedProgram(load, code)
            {
                MaximumContextOffset = ContextUse.Measure(load, functions[0]),
                Tag = ComputeTag(instructions),
                LoadTime = kernel.Clock.Now,
                Btf = btf,
                FunctionInfoBytes = functionBytes,
                LineInfoBytes = lineBytes,
                AttachTarget = attr.attach_btf_id != 0 && attachProgram is null ? kernel.KernelTypes.NameOfType(attr.attach_btf_id) ?? "" : "",
            };
            kernel.Diagnosis?.Coverage?.CountersOf(code); // lines of programs that never run are lines that did not run
            program.Id = Loaded.Add(program);
            return kernel.OpenDescriptor(program);
        }
        catch (LoadRefusedException refused)
        {
            if (log.Text.Length > 0)
                log.WriteLine($"processed {instructions.Length} insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0");
            if (code is not null)
            {
                foreach (EmulatedMap map in code.Maps)
                    map.Release();
                code.Dispose();
            }

            return -refused.Errno;
        }
    }

    private static int ReadLicense(ulong address, out string license)
    {
        // strncpy_from_user: the first 127 bytes.
        license = "";
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < 127; i++)
        {
            byte b = ((byte*)address)[i];
            if (b == 0)
                break;
            text.Append((char)b);
        }

        license = text.ToString();
        return 0;
    }

    private int FindBtf(uint fd, out EmulatedBtf? btf)
    {
        int error = kernel.Find(fd, out btf);
        if (error != 0)
            return error;
        if (btf!.IsKernel)
            return -Errno.EACCES;
        btf.Acquire();
        return 0;
    }

    private int FindAttachTarget(ref bpf_attr_prog_load attr, out EmulatedProgram? program)
    {
        program = null;
        if (attr.attach_prog_fd == 0)
            return 0;
        if (kernel.Find(attr.attach_prog_fd, out EmulatedObject? found) != 0)
            return -Errno.EINVAL;
        if (found is EmulatedBtf module)
            return module.IsKernel ? 0 : -Errno.EOPNOTSUPP;
        if (found is not EmulatedProgram target || attr.attach_btf_id == 0)
            return -Errno.EINVAL;
        target.Acquire();
        program = target;
        return 0;
    }

    private static (byte[] Bytes, ProgramLoad.FunctionInfo[] Infos) ReadFunctionInfo(ref bpf_attr_prog_load attr, EmulatedBtf? btf, LoadLog log)
    {
        byte[] bytes = ReadRecords(attr.func_info, attr.func_info_cnt, attr.func_info_rec_size, 8, btf, "func_info", log);
        var infos = new ProgramLoad.FunctionInfo[attr.func_info_cnt];
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(bytes);
        for (int i = 0; i < infos.Length; i++)
        {
            infos[i] = new ProgramLoad.FunctionInfo((int)words[i * 2], words[(i * 2) + 1]);
            if (i == 0 ? infos[i].Slot != 0 : infos[i].Slot <= infos[i - 1].Slot)
            {
                log.WriteLine(i == 0 ? $"nonzero insn_off {infos[i].Slot} for the first func info record" : $"same or smaller insn offset ({infos[i].Slot}) than previous func info record ({infos[i - 1].Slot})");
                throw new LoadRefusedException(Errno.EINVAL, "func_info");
            }

            if (!btf!.Data.IsValidId(infos[i].TypeId) || btf.Data[infos[i].TypeId].Kind != BtfKind.Func)
            {
                log.WriteLine($"invalid type id {infos[i].TypeId} in func info");
                throw new LoadRefusedException(Errno.EINVAL, "func_info");
            }
        }

        return (bytes, infos);
    }

    // The declaration tag "exception_callback:NAME" on the main function.
    private static int? FindExceptionCallback(EmulatedBtf? btf, ProgramLoad.FunctionInfo[] infos, LoadLog log)
    {
        const string Prefix = "exception_callback:";
        if (btf is null || infos.Length == 0)
            return null;
        for (uint id = 1; id < btf.Data.TypeCount; id++)
        {
            BtfType tag = btf.Data[id];
            if (tag.Kind != BtfKind.DeclTag || tag.TypeId != infos[0].TypeId || tag.ComponentIndex != -1 || !tag.Name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            foreach (ProgramLoad.FunctionInfo info in infos)
            {
                if (btf.Data[info.TypeId].Name == tag.Name[Prefix.Length..] && info.Slot > 0)
                    return info.Slot;
            }

            log.WriteLine($"exception callback '{tag.Name[Prefix.Length..]}' could not be found in BTF");
            throw new LoadRefusedException(Errno.EINVAL, "exception callback");
        }

        return null;
    }

    private static (byte[] Bytes, SourceLines Lines) ReadLineInfo(ref bpf_attr_prog_load attr, EmulatedBtf? btf, LoadLog log)
    {
        if (attr.line_info_cnt == 0)
            return ([], SourceLines.None);
        byte[] bytes = ReadRecords(attr.line_info, attr.line_info_cnt, attr.line_info_rec_size, 16, btf, "line_info", log);
        var records = new SourceLines.Record[attr.line_info_cnt];
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(bytes);
        for (int i = 0; i < records.Length; i++)
        {
            ReadOnlySpan<uint> record = words.Slice(i * 4, 4);
            bool bad = record[0] >= attr.insn_cnt || (i > 0 && record[0] <= (uint)records[i - 1].Slot);
            if (bad || !IsString(btf!.Data, record[1]) || !IsString(btf.Data, record[2]))
            {
                log.WriteLine(bad ? $"Invalid line_info[{i}].insn_off:{record[0]} (prev_offset:{(i > 0 ? records[i - 1].Slot : 0)} prog->len:{attr.insn_cnt})" : $"Invalid line_info[{i}].line_off or .file_name_off");
                throw new LoadRefusedException(Errno.EINVAL, "line_info");
            }

            records[i] = new SourceLines.Record((int)record[0], record[1], record[2], record[3]);
        }

        return (bytes, new SourceLines(btf!.Data, records));
    }

    private static bool IsString(BtfData btf, uint offset) => offset < btf.FirstStringOffset + (uint)btf.StringSection.Length;

    // Records of a size that the caller gives: longer than known means zeros behind, as newer headers have more.
    private static byte[] ReadRecords(ulong address, uint count, uint size, uint known, EmulatedBtf? btf, string what, LoadLog log)
    {
        if (count == 0)
            return [];
        if (size < known || size > 252 || size % 4 != 0 || btf is null || count > MaximumInstructions)
        {
            log.WriteLine(btf is null ? $"{what} without prog_btf_fd" : $"invalid {what} rec size {size}");
            throw new LoadRefusedException(Errno.EINVAL, what);
        }

        if (!UserMemory.IsValid(address))
            throw new LoadRefusedException(Errno.EFAULT, what);
        byte[] bytes = new byte[count * known];
        for (uint i = 0; i < count; i++)
        {
            var record = new ReadOnlySpan<byte>((byte*)address + ((ulong)i * size), (int)size);
            if (record[(int)known..].ContainsAnyExcept((byte)0))
            {
                log.WriteLine($"nonzero tailing record in {what}");
                throw new LoadRefusedException(Errno.E2BIG, what);
            }

            record[..(int)known].CopyTo(bytes.AsSpan((int)(i * known)));
        }

        return bytes;
    }

    private static void NameFunctions(ProgramLoad load, ProgramFunction[] functions)
    {
        if (load.FunctionInfos.Length == 0)
            return;
        if (load.FunctionInfos.Length != functions.Length)
            throw load.Refuse(Errno.EINVAL, -1, $"number of funcs in func_info doesn't match number of subprogs");
        for (int i = 0; i < functions.Length; i++)
        {
            if (load.FunctionInfos[i].Slot != functions[i].FirstSlot)
                throw load.Refuse(Errno.EINVAL, -1, "func_info BTF section doesn't match subprog layout in BPF program");
            string name = load.Btf![load.FunctionInfos[i].TypeId].Name;
            if (name.Length > 0)
                functions[i].Name = name;
        }
    }

    private static void WriteListing(ProgramLoad load, LoadLog log)
    {
        SourceLine last = default;
        for (int slot = 0; slot < load.Instructions.Length; slot++)
        {
            SourceLine line = load.Lines.Find(slot);
            if (line.Line > 0 && line != last)
                log.WriteLine($"; {line.Text?.Trim()} @ {Path.GetFileName(line.File)}:{line.Line}");
            last = line;
            BpfInstruction i = load.Instructions[slot];
            BpfInstruction next = slot + 1 < load.Instructions.Length ? load.Instructions[slot + 1] : default;
            log.WriteLine($"{slot}: ({i.Opcode:x2}) {BpfDisassembler.Format(i, next)}");
            if (i.IsLoadImm64)
                slot++;
        }
    }

    // Like bpf_prog_calc_tag: the descriptors of maps do not count.
    private ulong ComputeTag(BpfInstruction[] instructions)
    {
        var copy = (BpfInstruction[])instructions.Clone();
        for (int i = 0; i + 1 < copy.Length; i++)
        {
            if (!copy[i].IsLoadImm64)
                continue;
            if (copy[i].Src is BpfPseudo.MapFd or BpfPseudo.MapValue)
            {
                copy[i] = copy[i].WithImmediate(0);
                copy[i + 1] = copy[i + 1].WithImmediate(0);
            }

            i++;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (kernel.IsAtLeast(6, 18))
            SHA256.HashData(BpfInstruction.AsBytes(copy), hash);
        else
            HashOld(BpfInstruction.AsBytes(copy), hash);
        return MemoryMarshal.Read<ulong>(hash);
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "What Linux before 6.18 has; a name, not a protection.")]
    private static void HashOld(ReadOnlySpan<byte> bytes, Span<byte> hash) => SHA1.HashData(bytes, hash);
}
