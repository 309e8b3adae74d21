namespace LibbpfSharp.Formats.Instructions;

/// <summary>
/// The parts of an opcode (RFC 9669; uapi/linux/bpf.h and bpf_common.h, where each has the prefix BPF_). An opcode is the
/// sum of its parts: <c>Alu64 | Add | X</c>, <c>Ldx | Mem | DW</c>, <c>Jmp32 | Jeq | K</c>.
/// </summary>
public static class BpfOpcode
{
    /// <summary>Mask of the class.</summary>
    public const byte ClassMask = 0x07;

    /// <summary>Class: loads that are not from memory by register (64-bit immediate, packet).</summary>
    public const byte Ld = 0x00;

    /// <summary>Class: load from memory into a register.</summary>
    public const byte Ldx = 0x01;

    /// <summary>Class: store an immediate.</summary>
    public const byte St = 0x02;

    /// <summary>Class: store a register; atomic operations.</summary>
    public const byte Stx = 0x03;

    /// <summary>Class: 32-bit arithmetic.</summary>
    public const byte Alu = 0x04;

    /// <summary>Class: jumps that compare 64 bits, calls, exit.</summary>
    public const byte Jmp = 0x05;

    /// <summary>Class: jumps that compare 32 bits, long jump.</summary>
    public const byte Jmp32 = 0x06;

    /// <summary>Class: 64-bit arithmetic.</summary>
    public const byte Alu64 = 0x07;

    /// <summary>Mask of the size of a memory access.</summary>
    public const byte SizeMask = 0x18;

    /// <summary>Size: 4 bytes.</summary>
    public const byte W = 0x00;

    /// <summary>Size: 2 bytes.</summary>
    public const byte H = 0x08;

    /// <summary>Size: 1 byte.</summary>
    public const byte B = 0x10;

    /// <summary>Size: 8 bytes.</summary>
    public const byte DW = 0x18;

    /// <summary>Mask of the mode of a memory access.</summary>
    public const byte ModeMask = 0xe0;

    /// <summary>Mode: 64-bit immediate (with <see cref="Ld"/> and <see cref="DW"/>).</summary>
    public const byte Imm = 0x00;

    /// <summary>Mode: packet data at an absolute offset (legacy).</summary>
    public const byte Abs = 0x20;

    /// <summary>Mode: packet data at a register plus an offset (legacy).</summary>
    public const byte Ind = 0x40;

    /// <summary>Mode: memory.</summary>
    public const byte Mem = 0x60;

    /// <summary>Mode: memory, sign-extending (v4).</summary>
    public const byte MemSx = 0x80;

    /// <summary>Mode: atomic operation; <see cref="BpfAtomicOperation"/> is in the immediate.</summary>
    public const byte Atomic = 0xc0;

    /// <summary>Mask of the operation of an arithmetic or jump instruction.</summary>
    public const byte OperationMask = 0xf0;

    /// <summary>Mask of the source of an arithmetic or jump instruction.</summary>
    public const byte SourceMask = 0x08;

    /// <summary>Source: the immediate.</summary>
    public const byte K = 0x00;

    /// <summary>Source: the source register.</summary>
    public const byte X = 0x08;

    /// <summary>Arithmetic: addition.</summary>
    public const byte Add = 0x00;

    /// <summary>Arithmetic: subtraction.</summary>
    public const byte Sub = 0x10;

    /// <summary>Arithmetic: multiplication.</summary>
    public const byte Mul = 0x20;

    /// <summary>Arithmetic: division; signed with offset 1 (v4). By zero gives 0.</summary>
    public const byte Div = 0x30;

    /// <summary>Arithmetic: or.</summary>
    public const byte Or = 0x40;

    /// <summary>Arithmetic: and.</summary>
    public const byte And = 0x50;

    /// <summary>Arithmetic: shift left.</summary>
    public const byte Lsh = 0x60;

    /// <summary>Arithmetic: logical shift right.</summary>
    public const byte Rsh = 0x70;

    /// <summary>Arithmetic: negation.</summary>
    public const byte Neg = 0x80;

    /// <summary>Arithmetic: remainder; signed with offset 1 (v4). By zero leaves the dividend.</summary>
    public const byte Mod = 0x90;

    /// <summary>Arithmetic: exclusive or.</summary>
    public const byte Xor = 0xa0;

    /// <summary>Arithmetic: move; sign-extending with offset 8, 16 or 32 (v4), an address space cast with offset 1.</summary>
    public const byte Mov = 0xb0;

    /// <summary>Arithmetic: shift right that keeps the sign.</summary>
    public const byte Arsh = 0xc0;

    /// <summary>
    /// Arithmetic: byte order. Of class <see cref="Alu"/> with source <see cref="K"/> to little and <see cref="X"/> to big endian;
    /// of class <see cref="Alu64"/> an unconditional swap (v4). The immediate is the width in bits.
    /// </summary>
    public const byte End = 0xd0;

    /// <summary>Jump: always; with class <see cref="Jmp32"/> by the immediate instead of the offset (v4).</summary>
    public const byte Ja = 0x00;

    /// <summary>Jump: if equal.</summary>
    public const byte Jeq = 0x10;

    /// <summary>Jump: if greater, unsigned.</summary>
    public const byte Jgt = 0x20;

    /// <summary>Jump: if greater or equal, unsigned.</summary>
    public const byte Jge = 0x30;

    /// <summary>Jump: if any bit is set in both.</summary>
    public const byte Jset = 0x40;

    /// <summary>Jump: if not equal.</summary>
    public const byte Jne = 0x50;

    /// <summary>Jump: if greater, signed.</summary>
    public const byte Jsgt = 0x60;

    /// <summary>Jump: if greater or equal, signed.</summary>
    public const byte Jsge = 0x70;

    /// <summary>Call; what is called is said by the source register (<see cref="BpfPseudo"/>) and the immediate.</summary>
    public const byte Call = 0x80;

    /// <summary>Return from the function or program.</summary>
    public const byte Exit = 0x90;

    /// <summary>Jump: if less, unsigned.</summary>
    public const byte Jlt = 0xa0;

    /// <summary>Jump: if less or equal, unsigned.</summary>
    public const byte Jle = 0xb0;

    /// <summary>Jump: if less, signed.</summary>
    public const byte Jslt = 0xc0;

    /// <summary>Jump: if less or equal, signed.</summary>
    public const byte Jsle = 0xd0;

    /// <summary>Jump: if the kernel has had enough of this loop (may_goto, Linux 6.9).</summary>
    public const byte Jcond = 0xe0;

    /// <summary>The whole opcode of the first slot of a 64-bit immediate load.</summary>
    public const byte LoadImm64 = Ld | Imm | DW;
}
