namespace LibbpfSharp.Formats.Instructions;

// Arithmetic.
public sealed partial class BpfAssembler
{
    /// <summary>64-bit arithmetic with a register.</summary>
    /// <param name="operation">Operation.</param>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Alu64(BpfAluOperation operation, BpfRegister dst, BpfRegister src) =>
        Put(BpfOpcode.Alu64 | (byte)operation | BpfOpcode.X, dst, src, 0, 0);

    /// <summary>64-bit arithmetic with an immediate, which is sign-extended.</summary>
    /// <param name="operation">Operation.</param>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Alu64(BpfAluOperation operation, BpfRegister dst, int immediate) =>
        Put(BpfOpcode.Alu64 | (byte)operation | BpfOpcode.K, dst, 0, 0, immediate);

    /// <summary>32-bit arithmetic with a register; the upper half of the result is zero.</summary>
    /// <param name="operation">Operation.</param>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Alu32(BpfAluOperation operation, BpfRegister dst, BpfRegister src) =>
        Put(BpfOpcode.Alu | (byte)operation | BpfOpcode.X, dst, src, 0, 0);

    /// <summary>32-bit arithmetic with an immediate; the upper half of the result is zero.</summary>
    /// <param name="operation">Operation.</param>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Alu32(BpfAluOperation operation, BpfRegister dst, int immediate) =>
        Put(BpfOpcode.Alu | (byte)operation | BpfOpcode.K, dst, 0, 0, immediate);

    /// <summary><c>rD += rS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Add(BpfRegister dst, BpfRegister src) => Alu64(BpfAluOperation.Add, dst, src);

    /// <summary><c>rD += imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Add(BpfRegister dst, int immediate) => Alu64(BpfAluOperation.Add, dst, immediate);

    /// <summary><c>wD += wS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Add32(BpfRegister dst, BpfRegister src) => Alu32(BpfAluOperation.Add, dst, src);

    /// <summary><c>wD += imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Add32(BpfRegister dst, int immediate) => Alu32(BpfAluOperation.Add, dst, immediate);

    /// <summary><c>rD -= rS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Sub(BpfRegister dst, BpfRegister src) => Alu64(BpfAluOperation.Sub, dst, src);

    /// <summary><c>rD -= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Sub(BpfRegister dst, int immediate) => Alu64(BpfAluOperation.Sub, dst, immediate);

    /// <summary><c>wD -= wS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Sub32(BpfRegister dst, BpfRegister src) => Alu32(BpfAluOperation.Sub, dst, src);

    /// <summary><c>wD -= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Sub32(BpfRegister dst, int immediate) => Alu32(BpfAluOperation.Sub, dst, immediate);

    /// <summary><c>rD *= rS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Mul(BpfRegister dst, BpfRegister src) => Alu64(BpfAluOperation.Mul, dst, src);

    /// <summary><c>rD *= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Mul(BpfRegister dst, int immediate) => Alu64(BpfAluOperation.Mul, dst, immediate);

    /// <summary><c>wD *= wS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Mul32(BpfRegister dst, BpfRegister src) => Alu32(BpfAluOperation.Mul, dst, src);

    /// <summary><c>wD *= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Mul32(BpfRegister dst, int immediate) => Alu32(BpfAluOperation.Mul, dst, immediate);

    /// <summary><c>rD /= rS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Div(BpfRegister dst, BpfRegister src) => Alu64(BpfAluOperation.Div, dst, src);

    /// <summary><c>rD /= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Div(BpfRegister dst, int immediate) => Alu64(BpfAluOperation.Div, dst, immediate);

    /// <summary><c>wD /= wS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Div32(BpfRegister dst, BpfRegister src) => Alu32(BpfAluOperation.Div, dst, src);

    /// <summary><c>wD /= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Div32(BpfRegister dst, int immediate) => Alu32(BpfAluOperation.Div, dst, immediate);

    /// <summary><c>rD |= rS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Or(BpfRegister dst, BpfRegister src) => Alu64(BpfAluOperation.Or, dst, src);

    /// <summary><c>rD |= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Or(BpfRegister dst, int immediate) => Alu64(BpfAluOperation.Or, dst, immediate);

    /// <summary><c>wD |= wS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Or32(BpfRegister dst, BpfRegister src) => Alu32(BpfAluOperation.Or, dst, src);

    /// <summary><c>wD |= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Or32(BpfRegister dst, int immediate) => Alu32(BpfAluOperation.Or, dst, immediate);

    /// <summary><c>rD &amp;= rS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler And(BpfRegister dst, BpfRegister src) => Alu64(BpfAluOperation.And, dst, src);

    /// <summary><c>rD &amp;= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler And(BpfRegister dst, int immediate) => Alu64(BpfAluOperation.And, dst, immediate);

    /// <summary><c>wD &amp;= wS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler And32(BpfRegister dst, BpfRegister src) => Alu32(BpfAluOperation.And, dst, src);

    /// <summary><c>wD &amp;= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler And32(BpfRegister dst, int immediate) => Alu32(BpfAluOperation.And, dst, immediate);

    /// <summary><c>rD &lt;&lt;= rS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Lsh(BpfRegister dst, BpfRegister src) => Alu64(BpfAluOperation.Lsh, dst, src);

    /// <summary><c>rD &lt;&lt;= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Lsh(BpfRegister dst, int immediate) => Alu64(BpfAluOperation.Lsh, dst, immediate);

    /// <summary><c>wD &lt;&lt;= wS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Lsh32(BpfRegister dst, BpfRegister src) => Alu32(BpfAluOperation.Lsh, dst, src);

    /// <summary><c>wD &lt;&lt;= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Lsh32(BpfRegister dst, int immediate) => Alu32(BpfAluOperation.Lsh, dst, immediate);

    /// <summary><c>rD &gt;&gt;= rS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Rsh(BpfRegister dst, BpfRegister src) => Alu64(BpfAluOperation.Rsh, dst, src);

    /// <summary><c>rD &gt;&gt;= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Rsh(BpfRegister dst, int immediate) => Alu64(BpfAluOperation.Rsh, dst, immediate);

    /// <summary><c>wD &gt;&gt;= wS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Rsh32(BpfRegister dst, BpfRegister src) => Alu32(BpfAluOperation.Rsh, dst, src);

    /// <summary><c>wD &gt;&gt;= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Rsh32(BpfRegister dst, int immediate) => Alu32(BpfAluOperation.Rsh, dst, immediate);

    /// <summary><c>rD %= rS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Mod(BpfRegister dst, BpfRegister src) => Alu64(BpfAluOperation.Mod, dst, src);

    /// <summary><c>rD %= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Mod(BpfRegister dst, int immediate) => Alu64(BpfAluOperation.Mod, dst, immediate);

    /// <summary><c>wD %= wS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Mod32(BpfRegister dst, BpfRegister src) => Alu32(BpfAluOperation.Mod, dst, src);

    /// <summary><c>wD %= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Mod32(BpfRegister dst, int immediate) => Alu32(BpfAluOperation.Mod, dst, immediate);

    /// <summary><c>rD ^= rS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Xor(BpfRegister dst, BpfRegister src) => Alu64(BpfAluOperation.Xor, dst, src);

    /// <summary><c>rD ^= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Xor(BpfRegister dst, int immediate) => Alu64(BpfAluOperation.Xor, dst, immediate);

    /// <summary><c>wD ^= wS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Xor32(BpfRegister dst, BpfRegister src) => Alu32(BpfAluOperation.Xor, dst, src);

    /// <summary><c>wD ^= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Xor32(BpfRegister dst, int immediate) => Alu32(BpfAluOperation.Xor, dst, immediate);

    /// <summary><c>rD = rS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Mov(BpfRegister dst, BpfRegister src) => Alu64(BpfAluOperation.Mov, dst, src);

    /// <summary><c>rD = imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Mov(BpfRegister dst, int immediate) => Alu64(BpfAluOperation.Mov, dst, immediate);

    /// <summary><c>wD = wS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Mov32(BpfRegister dst, BpfRegister src) => Alu32(BpfAluOperation.Mov, dst, src);

    /// <summary><c>wD = imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Mov32(BpfRegister dst, int immediate) => Alu32(BpfAluOperation.Mov, dst, immediate);

    /// <summary><c>rD s&gt;&gt;= rS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Arsh(BpfRegister dst, BpfRegister src) => Alu64(BpfAluOperation.Arsh, dst, src);

    /// <summary><c>rD s&gt;&gt;= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Arsh(BpfRegister dst, int immediate) => Alu64(BpfAluOperation.Arsh, dst, immediate);

    /// <summary><c>wD s&gt;&gt;= wS</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Arsh32(BpfRegister dst, BpfRegister src) => Alu32(BpfAluOperation.Arsh, dst, src);

    /// <summary><c>wD s&gt;&gt;= imm</c>.</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Arsh32(BpfRegister dst, int immediate) => Alu32(BpfAluOperation.Arsh, dst, immediate);

    /// <summary><c>rD s/= rS</c> (v4, Linux 6.6).</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler SignedDiv(BpfRegister dst, BpfRegister src) => Put(BpfOpcode.Alu64 | BpfOpcode.Div | BpfOpcode.X, dst, src, 1, 0);

    /// <summary><c>rD s/= imm</c> (v4, Linux 6.6).</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler SignedDiv(BpfRegister dst, int immediate) => Put(BpfOpcode.Alu64 | BpfOpcode.Div | BpfOpcode.K, dst, 0, 1, immediate);

    /// <summary><c>wD s/= wS</c> (v4, Linux 6.6).</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler SignedDiv32(BpfRegister dst, BpfRegister src) => Put(BpfOpcode.Alu | BpfOpcode.Div | BpfOpcode.X, dst, src, 1, 0);

    /// <summary><c>wD s/= imm</c> (v4, Linux 6.6).</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler SignedDiv32(BpfRegister dst, int immediate) => Put(BpfOpcode.Alu | BpfOpcode.Div | BpfOpcode.K, dst, 0, 1, immediate);

    /// <summary><c>rD s%= rS</c> (v4, Linux 6.6).</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler SignedMod(BpfRegister dst, BpfRegister src) => Put(BpfOpcode.Alu64 | BpfOpcode.Mod | BpfOpcode.X, dst, src, 1, 0);

    /// <summary><c>rD s%= imm</c> (v4, Linux 6.6).</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler SignedMod(BpfRegister dst, int immediate) => Put(BpfOpcode.Alu64 | BpfOpcode.Mod | BpfOpcode.K, dst, 0, 1, immediate);

    /// <summary><c>wD s%= wS</c> (v4, Linux 6.6).</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="src">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler SignedMod32(BpfRegister dst, BpfRegister src) => Put(BpfOpcode.Alu | BpfOpcode.Mod | BpfOpcode.X, dst, src, 1, 0);

    /// <summary><c>wD s%= imm</c> (v4, Linux 6.6).</summary>
    /// <param name="dst">First operand and result.</param>
    /// <param name="immediate">Second operand.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler SignedMod32(BpfRegister dst, int immediate) => Put(BpfOpcode.Alu | BpfOpcode.Mod | BpfOpcode.K, dst, 0, 1, immediate);

    /// <summary><c>rD = -rD</c>.</summary>
    /// <param name="dst">Operand and result.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Neg(BpfRegister dst) => Put(BpfOpcode.Alu64 | BpfOpcode.Neg, dst, 0, 0, 0);

    /// <summary><c>wD = -wD</c>.</summary>
    /// <param name="dst">Operand and result.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Neg32(BpfRegister dst) => Put(BpfOpcode.Alu | BpfOpcode.Neg, dst, 0, 0, 0);

    /// <summary><c>rD = (sN)rS</c>: the low bits, sign-extended to 64 (v4, Linux 6.6).</summary>
    /// <param name="dst">Result.</param>
    /// <param name="src">Source.</param>
    /// <param name="bits">8, 16 or 32.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such width.</exception>
    public BpfAssembler MovSigned(BpfRegister dst, BpfRegister src, int bits) => bits is 8 or 16 or 32
        ? Put(BpfOpcode.Alu64 | BpfOpcode.Mov | BpfOpcode.X, dst, src, bits, 0)
        : throw new ArgumentOutOfRangeException(nameof(bits), bits, "A sign-extending 64-bit move takes 8, 16 or 32 bits.");

    /// <summary><c>wD = (sN)wS</c>: the low bits, sign-extended to 32 (v4, Linux 6.6).</summary>
    /// <param name="dst">Result.</param>
    /// <param name="src">Source.</param>
    /// <param name="bits">8 or 16.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such width.</exception>
    public BpfAssembler MovSigned32(BpfRegister dst, BpfRegister src, int bits) => bits is 8 or 16
        ? Put(BpfOpcode.Alu | BpfOpcode.Mov | BpfOpcode.X, dst, src, bits, 0)
        : throw new ArgumentOutOfRangeException(nameof(bits), bits, "A sign-extending 32-bit move takes 8 or 16 bits.");

    /// <summary><c>rD = leN rD</c>: truncates to the width, in little-endian order.</summary>
    /// <param name="dst">Operand and result.</param>
    /// <param name="bits">16, 32 or 64.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such width.</exception>
    public BpfAssembler ToLittleEndian(BpfRegister dst, int bits) => Endian(BpfOpcode.Alu | BpfOpcode.End | BpfOpcode.K, dst, bits);

    /// <summary><c>rD = beN rD</c>: truncates to the width, in big-endian order.</summary>
    /// <param name="dst">Operand and result.</param>
    /// <param name="bits">16, 32 or 64.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such width.</exception>
    public BpfAssembler ToBigEndian(BpfRegister dst, int bits) => Endian(BpfOpcode.Alu | BpfOpcode.End | BpfOpcode.X, dst, bits);

    /// <summary><c>rD = bswapN rD</c>: truncates to the width and swaps the bytes (v4, Linux 6.6).</summary>
    /// <param name="dst">Operand and result.</param>
    /// <param name="bits">16, 32 or 64.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such width.</exception>
    public BpfAssembler ByteSwap(BpfRegister dst, int bits) => Endian(BpfOpcode.Alu64 | BpfOpcode.End | BpfOpcode.K, dst, bits);

    /// <summary><c>rD = addr_space_cast(rS, to, from)</c>: converts an arena pointer (Linux 6.9).</summary>
    /// <param name="dst">Result.</param>
    /// <param name="src">Source.</param>
    /// <param name="to">Address space of the result: 0 is the program's own, 1 the arena's.</param>
    /// <param name="from">Address space of the source.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler AddressSpaceCast(BpfRegister dst, BpfRegister src, ushort to, ushort from) =>
        Put(BpfOpcode.Alu64 | BpfOpcode.Mov | BpfOpcode.X, dst, src, 1, (to << 16) | from);

    private BpfAssembler Endian(int opcode, BpfRegister dst, int bits) => bits is 16 or 32 or 64
        ? Put(opcode, dst, 0, 0, bits)
        : throw new ArgumentOutOfRangeException(nameof(bits), bits, "A change of byte order takes 16, 32 or 64 bits.");
}
