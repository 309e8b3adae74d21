using System.Runtime.InteropServices;

namespace LibbpfSharp.Formats.BtfExt;

/// <summary>Which function starts at an instruction: struct bpf_func_info, 8 bytes, laid out as the kernel takes it.</summary>
/// <param name="InstructionOffset">In .BTF.ext the offset in bytes from the start of the section; in a linked program the index of the slot.</param>
/// <param name="TypeId">BTF id of the function.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = 8)]
public readonly record struct BtfFuncInfo(uint InstructionOffset, uint TypeId);
