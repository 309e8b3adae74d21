namespace LibbpfSharp.Formats.Instructions;

// Jumps.
public sealed partial class BpfAssembler
{
    /// <summary>Jumps if 64-bit registers compare so.</summary>
    /// <param name="condition">Condition.</param>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jump(BpfJumpCondition condition, BpfRegister dst, BpfRegister src, string label) =>
        Refer(label, FixupKind.Offset).Put(BpfOpcode.Jmp | (byte)condition | BpfOpcode.X, dst, src, 0, 0);

    /// <summary>Jumps if a 64-bit register and an immediate, which is sign-extended, compare so.</summary>
    /// <param name="condition">Condition.</param>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jump(BpfJumpCondition condition, BpfRegister dst, int immediate, string label) =>
        Refer(label, FixupKind.Offset).Put(BpfOpcode.Jmp | (byte)condition | BpfOpcode.K, dst, 0, 0, immediate);

    /// <summary>Jumps if the lower halves of registers compare so (v3).</summary>
    /// <param name="condition">Condition.</param>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jump32(BpfJumpCondition condition, BpfRegister dst, BpfRegister src, string label) =>
        Refer(label, FixupKind.Offset).Put(BpfOpcode.Jmp32 | (byte)condition | BpfOpcode.X, dst, src, 0, 0);

    /// <summary>Jumps if the lower half of a register and an immediate compare so (v3).</summary>
    /// <param name="condition">Condition.</param>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jump32(BpfJumpCondition condition, BpfRegister dst, int immediate, string label) =>
        Refer(label, FixupKind.Offset).Put(BpfOpcode.Jmp32 | (byte)condition | BpfOpcode.K, dst, 0, 0, immediate);

    /// <summary><c>goto label</c>.</summary>
    /// <param name="label">Target, at most 32,768 slots away.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Ja(string label) => Refer(label, FixupKind.Offset).Put(BpfOpcode.Jmp | BpfOpcode.Ja, 0, 0, 0, 0);

    /// <summary><c>gotol label</c>: a jump of any distance (v4, Linux 6.6).</summary>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler JaLong(string label) => Refer(label, FixupKind.Immediate).Put(BpfOpcode.Jmp32 | BpfOpcode.Ja, 0, 0, 0, 0);

    /// <summary><c>may_goto label</c>: jumps when the kernel's limit for the loop is reached, else falls through (Linux 6.9).</summary>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler MayGoto(string label) => Refer(label, FixupKind.Offset).Put(BpfOpcode.Jmp | BpfOpcode.Jcond, 0, 0, 0, 0);

    /// <summary><c>if rD == rS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jeq(BpfRegister dst, BpfRegister src, string label) => Jump(BpfJumpCondition.Equal, dst, src, label);

    /// <summary><c>if rD == imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jeq(BpfRegister dst, int immediate, string label) => Jump(BpfJumpCondition.Equal, dst, immediate, label);

    /// <summary><c>if wD == wS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jeq32(BpfRegister dst, BpfRegister src, string label) => Jump32(BpfJumpCondition.Equal, dst, src, label);

    /// <summary><c>if wD == imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jeq32(BpfRegister dst, int immediate, string label) => Jump32(BpfJumpCondition.Equal, dst, immediate, label);

    /// <summary><c>if rD != rS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jne(BpfRegister dst, BpfRegister src, string label) => Jump(BpfJumpCondition.NotEqual, dst, src, label);

    /// <summary><c>if rD != imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jne(BpfRegister dst, int immediate, string label) => Jump(BpfJumpCondition.NotEqual, dst, immediate, label);

    /// <summary><c>if wD != wS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jne32(BpfRegister dst, BpfRegister src, string label) => Jump32(BpfJumpCondition.NotEqual, dst, src, label);

    /// <summary><c>if wD != imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jne32(BpfRegister dst, int immediate, string label) => Jump32(BpfJumpCondition.NotEqual, dst, immediate, label);

    /// <summary><c>if rD &gt; rS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jgt(BpfRegister dst, BpfRegister src, string label) => Jump(BpfJumpCondition.Greater, dst, src, label);

    /// <summary><c>if rD &gt; imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jgt(BpfRegister dst, int immediate, string label) => Jump(BpfJumpCondition.Greater, dst, immediate, label);

    /// <summary><c>if wD &gt; wS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jgt32(BpfRegister dst, BpfRegister src, string label) => Jump32(BpfJumpCondition.Greater, dst, src, label);

    /// <summary><c>if wD &gt; imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jgt32(BpfRegister dst, int immediate, string label) => Jump32(BpfJumpCondition.Greater, dst, immediate, label);

    /// <summary><c>if rD &gt;= rS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jge(BpfRegister dst, BpfRegister src, string label) => Jump(BpfJumpCondition.GreaterOrEqual, dst, src, label);

    /// <summary><c>if rD &gt;= imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jge(BpfRegister dst, int immediate, string label) => Jump(BpfJumpCondition.GreaterOrEqual, dst, immediate, label);

    /// <summary><c>if wD &gt;= wS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jge32(BpfRegister dst, BpfRegister src, string label) => Jump32(BpfJumpCondition.GreaterOrEqual, dst, src, label);

    /// <summary><c>if wD &gt;= imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jge32(BpfRegister dst, int immediate, string label) => Jump32(BpfJumpCondition.GreaterOrEqual, dst, immediate, label);

    /// <summary><c>if rD &lt; rS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jlt(BpfRegister dst, BpfRegister src, string label) => Jump(BpfJumpCondition.Less, dst, src, label);

    /// <summary><c>if rD &lt; imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jlt(BpfRegister dst, int immediate, string label) => Jump(BpfJumpCondition.Less, dst, immediate, label);

    /// <summary><c>if wD &lt; wS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jlt32(BpfRegister dst, BpfRegister src, string label) => Jump32(BpfJumpCondition.Less, dst, src, label);

    /// <summary><c>if wD &lt; imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jlt32(BpfRegister dst, int immediate, string label) => Jump32(BpfJumpCondition.Less, dst, immediate, label);

    /// <summary><c>if rD &lt;= rS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jle(BpfRegister dst, BpfRegister src, string label) => Jump(BpfJumpCondition.LessOrEqual, dst, src, label);

    /// <summary><c>if rD &lt;= imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jle(BpfRegister dst, int immediate, string label) => Jump(BpfJumpCondition.LessOrEqual, dst, immediate, label);

    /// <summary><c>if wD &lt;= wS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jle32(BpfRegister dst, BpfRegister src, string label) => Jump32(BpfJumpCondition.LessOrEqual, dst, src, label);

    /// <summary><c>if wD &lt;= imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jle32(BpfRegister dst, int immediate, string label) => Jump32(BpfJumpCondition.LessOrEqual, dst, immediate, label);

    /// <summary><c>if rD s&gt; rS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jsgt(BpfRegister dst, BpfRegister src, string label) => Jump(BpfJumpCondition.SignedGreater, dst, src, label);

    /// <summary><c>if rD s&gt; imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jsgt(BpfRegister dst, int immediate, string label) => Jump(BpfJumpCondition.SignedGreater, dst, immediate, label);

    /// <summary><c>if wD s&gt; wS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jsgt32(BpfRegister dst, BpfRegister src, string label) => Jump32(BpfJumpCondition.SignedGreater, dst, src, label);

    /// <summary><c>if wD s&gt; imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jsgt32(BpfRegister dst, int immediate, string label) => Jump32(BpfJumpCondition.SignedGreater, dst, immediate, label);

    /// <summary><c>if rD s&gt;= rS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jsge(BpfRegister dst, BpfRegister src, string label) => Jump(BpfJumpCondition.SignedGreaterOrEqual, dst, src, label);

    /// <summary><c>if rD s&gt;= imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jsge(BpfRegister dst, int immediate, string label) => Jump(BpfJumpCondition.SignedGreaterOrEqual, dst, immediate, label);

    /// <summary><c>if wD s&gt;= wS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jsge32(BpfRegister dst, BpfRegister src, string label) => Jump32(BpfJumpCondition.SignedGreaterOrEqual, dst, src, label);

    /// <summary><c>if wD s&gt;= imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jsge32(BpfRegister dst, int immediate, string label) => Jump32(BpfJumpCondition.SignedGreaterOrEqual, dst, immediate, label);

    /// <summary><c>if rD s&lt; rS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jslt(BpfRegister dst, BpfRegister src, string label) => Jump(BpfJumpCondition.SignedLess, dst, src, label);

    /// <summary><c>if rD s&lt; imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jslt(BpfRegister dst, int immediate, string label) => Jump(BpfJumpCondition.SignedLess, dst, immediate, label);

    /// <summary><c>if wD s&lt; wS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jslt32(BpfRegister dst, BpfRegister src, string label) => Jump32(BpfJumpCondition.SignedLess, dst, src, label);

    /// <summary><c>if wD s&lt; imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jslt32(BpfRegister dst, int immediate, string label) => Jump32(BpfJumpCondition.SignedLess, dst, immediate, label);

    /// <summary><c>if rD s&lt;= rS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jsle(BpfRegister dst, BpfRegister src, string label) => Jump(BpfJumpCondition.SignedLessOrEqual, dst, src, label);

    /// <summary><c>if rD s&lt;= imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jsle(BpfRegister dst, int immediate, string label) => Jump(BpfJumpCondition.SignedLessOrEqual, dst, immediate, label);

    /// <summary><c>if wD s&lt;= wS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jsle32(BpfRegister dst, BpfRegister src, string label) => Jump32(BpfJumpCondition.SignedLessOrEqual, dst, src, label);

    /// <summary><c>if wD s&lt;= imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jsle32(BpfRegister dst, int immediate, string label) => Jump32(BpfJumpCondition.SignedLessOrEqual, dst, immediate, label);

    /// <summary><c>if rD &amp; rS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jset(BpfRegister dst, BpfRegister src, string label) => Jump(BpfJumpCondition.BitsSet, dst, src, label);

    /// <summary><c>if rD &amp; imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jset(BpfRegister dst, int immediate, string label) => Jump(BpfJumpCondition.BitsSet, dst, immediate, label);

    /// <summary><c>if wD &amp; wS goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="src">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jset32(BpfRegister dst, BpfRegister src, string label) => Jump32(BpfJumpCondition.BitsSet, dst, src, label);

    /// <summary><c>if wD &amp; imm goto label</c>.</summary>
    /// <param name="dst">First operand.</param>
    /// <param name="immediate">Second operand.</param>
    /// <param name="label">Target.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Jset32(BpfRegister dst, int immediate, string label) => Jump32(BpfJumpCondition.BitsSet, dst, immediate, label);
}
