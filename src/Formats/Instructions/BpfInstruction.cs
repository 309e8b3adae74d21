using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Formats.Instructions;

/// <summary>
/// One slot of a program: 8 bytes, laid out as struct bpf_insn on a little-endian machine, so that an array of them can be
/// handed to the kernel. A 64-bit immediate load takes two slots.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = SizeInBytes)]
public readonly struct BpfInstruction : IEquatable<BpfInstruction>
{
    /// <summary>Size of a slot in bytes.</summary>
    public const int SizeInBytes = 8;

    private readonly byte _opcode;
    private readonly byte _registers;
    private readonly short _offset;
    private readonly int _immediate;

    /// <summary>Makes an instruction from its fields.</summary>
    /// <param name="opcode">Opcode, the sum of parts from <see cref="BpfOpcode"/>.</param>
    /// <param name="dst">Destination register, 0 to 15.</param>
    /// <param name="src">Source register or <see cref="BpfPseudo"/>, 0 to 15.</param>
    /// <param name="offset">Offset.</param>
    /// <param name="immediate">Immediate.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BpfInstruction(byte opcode, byte dst, byte src, short offset, int immediate)
    {
        _opcode = opcode;
        _registers = (byte)((dst & 0xf) | (src << 4));
        _offset = offset;
        _immediate = immediate;
    }

    /// <summary>Makes an instruction from its fields.</summary>
    /// <param name="opcode">Opcode, the sum of parts from <see cref="BpfOpcode"/>.</param>
    /// <param name="dst">Destination register.</param>
    /// <param name="src">Source register.</param>
    /// <param name="offset">Offset.</param>
    /// <param name="immediate">Immediate.</param>
    public BpfInstruction(byte opcode, BpfRegister dst, BpfRegister src, short offset, int immediate)
        : this(opcode, (byte)dst, (byte)src, offset, immediate)
    {
    }

    /// <summary>Opcode.</summary>
    public byte Opcode => _opcode;

    /// <summary>Both registers as stored: destination in the low half, source in the high half.</summary>
    public byte Registers => _registers;

    /// <summary>Destination register number, 0 to 15 (a valid program has at most 10).</summary>
    public byte Dst => (byte)(_registers & 0xf);

    /// <summary>Source register number, or <see cref="BpfPseudo"/> for loads of 64-bit immediates and calls.</summary>
    public byte Src => (byte)(_registers >> 4);

    /// <summary>Offset: bytes for memory, slots for jumps.</summary>
    public short Offset => _offset;

    /// <summary>Immediate.</summary>
    public int Immediate => _immediate;

    /// <summary>Class (<see cref="BpfOpcode.ClassMask"/>).</summary>
    public byte Class => (byte)(_opcode & BpfOpcode.ClassMask);

    /// <summary>Operation of an arithmetic or jump instruction (<see cref="BpfOpcode.OperationMask"/>).</summary>
    public byte Operation => (byte)(_opcode & BpfOpcode.OperationMask);

    /// <summary>Mode of a memory access (<see cref="BpfOpcode.ModeMask"/>).</summary>
    public byte Mode => (byte)(_opcode & BpfOpcode.ModeMask);

    /// <summary>Size of a memory access (<see cref="BpfOpcode.SizeMask"/>).</summary>
    public BpfSize Size => (BpfSize)(_opcode & BpfOpcode.SizeMask);

    /// <summary>Size of a memory access in bytes: 1, 2, 4 or 8.</summary>
    public int AccessSize => Size switch { BpfSize.Byte => 1, BpfSize.Half => 2, BpfSize.Word => 4, _ => 8 };

    /// <summary>True if the second operand of an arithmetic or jump instruction is the source register.</summary>
    public bool IsSourceRegister => (_opcode & BpfOpcode.SourceMask) == BpfOpcode.X;

    /// <summary>True for the first slot of a 64-bit immediate load: the next slot has the upper half.</summary>
    public bool IsLoadImm64 => _opcode == BpfOpcode.LoadImm64;

    /// <summary>True for a jump, conditional or not; not for calls and exit.</summary>
    public bool IsJump => Class is BpfOpcode.Jmp or BpfOpcode.Jmp32 && Operation is not (BpfOpcode.Call or BpfOpcode.Exit);

    /// <summary>True for a call of any sort.</summary>
    public bool IsCall => (_opcode & ~BpfOpcode.SourceMask) == (BpfOpcode.Jmp | BpfOpcode.Call);

    /// <summary>True for a call of a helper.</summary>
    public bool IsHelperCall => _opcode == (BpfOpcode.Jmp | BpfOpcode.Call) && Src == BpfPseudo.HelperCall;

    /// <summary>True for a call of a subprogram.</summary>
    public bool IsPseudoCall => _opcode == (BpfOpcode.Jmp | BpfOpcode.Call) && Src == BpfPseudo.Call;

    /// <summary>True for a call of a kernel function by BTF id.</summary>
    public bool IsKfuncCall => _opcode == (BpfOpcode.Jmp | BpfOpcode.Call) && Src == BpfPseudo.KfuncCall;

    /// <summary>True for the first slot of a load of a subprogram's address.</summary>
    public bool IsPseudoFunc => IsLoadImm64 && Src == BpfPseudo.Func;

    /// <summary>True for exit.</summary>
    public bool IsExit => _opcode == (BpfOpcode.Jmp | BpfOpcode.Exit);

    /// <summary>Compares all fields.</summary>
    /// <param name="left">One instruction.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if they are the same 8 bytes.</returns>
    public static bool operator ==(BpfInstruction left, BpfInstruction right) => left.Equals(right);

    /// <summary>Compares all fields.</summary>
    /// <param name="left">One instruction.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if they are not the same 8 bytes.</returns>
    public static bool operator !=(BpfInstruction left, BpfInstruction right) => !left.Equals(right);

    /// <summary>Reads the bytes of a program, which are little-endian.</summary>
    /// <param name="bytes">The bytes, a multiple of 8.</param>
    /// <returns>The instructions.</returns>
    /// <exception cref="ArgumentException">The length is no multiple of 8.</exception>
    public static BpfInstruction[] FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % SizeInBytes != 0)
            throw new ArgumentException($"{bytes.Length} bytes are no program: an instruction has {SizeInBytes}.", nameof(bytes));

        return BitConverter.IsLittleEndian
            ? MemoryMarshal.Cast<byte, BpfInstruction>(bytes).ToArray()
            : throw new PlatformNotSupportedException("Big-endian machines are not supported.");
    }

    /// <summary>The bytes of a program.</summary>
    /// <param name="instructions">The instructions.</param>
    /// <returns>A view of the same memory, 8 bytes per instruction.</returns>
    public static ReadOnlySpan<byte> AsBytes(ReadOnlySpan<BpfInstruction> instructions) => MemoryMarshal.AsBytes(instructions);

    /// <summary>A copy with other registers.</summary>
    /// <param name="dst">Destination.</param>
    /// <param name="src">Source.</param>
    /// <returns>The copy.</returns>
    public BpfInstruction WithRegisters(byte dst, byte src) => new(_opcode, dst, src, _offset, _immediate);

    /// <summary>A copy with another offset.</summary>
    /// <param name="offset">The offset.</param>
    /// <returns>The copy.</returns>
    public BpfInstruction WithOffset(short offset) => new(_opcode, Dst, Src, offset, _immediate);

    /// <summary>A copy with another immediate.</summary>
    /// <param name="immediate">The immediate.</param>
    /// <returns>The copy.</returns>
    public BpfInstruction WithImmediate(int immediate) => new(_opcode, Dst, Src, _offset, immediate);

    /// <inheritdoc/>
    public bool Equals(BpfInstruction other) =>
        _opcode == other._opcode && _registers == other._registers && _offset == other._offset && _immediate == other._immediate;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BpfInstruction other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_opcode, _registers, _offset, _immediate);

    /// <summary>The instruction as the kernel's verifier prints it.</summary>
    /// <returns>For example <c>r1 = *(u32 *)(r10 -4)</c>.</returns>
    public override string ToString() => BpfDisassembler.Format(this, default);
}
