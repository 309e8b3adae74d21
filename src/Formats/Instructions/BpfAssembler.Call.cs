namespace LibbpfSharp.Formats.Instructions;

// Calls and exit.
public sealed partial class BpfAssembler
{
    /// <summary>Calls a helper. Arguments are in R1 to R5, which the call destroys; the result is in R0.</summary>
    /// <param name="helper">The helper.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Call(BpfHelperId helper) => Call((int)helper);

    /// <summary>Calls a helper by its number.</summary>
    /// <param name="helper">Number of the helper.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Call(int helper) => AddPseudo(BpfOpcode.Jmp | BpfOpcode.Call, 0, BpfPseudo.HelperCall, 0, helper);

    /// <summary>Calls a kernel function (Linux 5.13).</summary>
    /// <param name="btfId">BTF id of the function.</param>
    /// <param name="fdArrayIndex">Index in fd_array of its module's BTF, 0 for vmlinux.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler CallKfunc(int btfId, short fdArrayIndex = 0) =>
        AddPseudo(BpfOpcode.Jmp | BpfOpcode.Call, 0, BpfPseudo.KfuncCall, fdArrayIndex, btfId);

    /// <summary>Calls a subprogram (Linux 4.16).</summary>
    /// <param name="label">Its first instruction.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler CallLocal(string label) =>
        Refer(label, FixupKind.Immediate).AddPseudo(BpfOpcode.Jmp | BpfOpcode.Call, 0, BpfPseudo.Call, 0, 0);

    /// <summary>Calls the helper whose number is in a register (callx of RFC 9669; Linux does not accept it).</summary>
    /// <param name="register">The register.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler CallX(BpfRegister register) => Put(BpfOpcode.Jmp | BpfOpcode.Call | BpfOpcode.X, register, 0, 0, 0);

    /// <summary>Returns R0 from the subprogram or program.</summary>
    /// <returns>This builder.</returns>
    public BpfAssembler Exit() => Put(BpfOpcode.Jmp | BpfOpcode.Exit, 0, 0, 0, 0);
}
