using System.Runtime.InteropServices;

namespace LibbpfSharp.Formats.BtfExt;

/// <summary>Which source line an instruction comes from: struct bpf_line_info, 16 bytes, laid out as the kernel takes it.</summary>
/// <param name="InstructionOffset">In .BTF.ext the offset in bytes from the start of the section; in a linked program the index of the slot.</param>
/// <param name="FileNameOffset">Offset of the file's name in the BTF strings.</param>
/// <param name="LineOffset">Offset of the line's text in the BTF strings; 0 if there is none.</param>
/// <param name="LineColumn">Line number times 1024 plus column.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = 16)]
public readonly record struct BtfLineInfo(uint InstructionOffset, uint FileNameOffset, uint LineOffset, uint LineColumn)
{
    /// <summary>Line number, from 1.</summary>
    public int Line => (int)(LineColumn >> 10);

    /// <summary>Column, from 1; 0 if unknown.</summary>
    public int Column => (int)(LineColumn & 0x3ff);

    // Of lines in the order of their code.
    internal static BtfLineInfo? LastUpTo(IReadOnlyList<BtfLineInfo> lines, int index)
    {
        BtfLineInfo? found = null;
        foreach (BtfLineInfo line in lines)
        {
            if (line.InstructionOffset <= index)
                found = line;
        }

        return found;
    }
}
