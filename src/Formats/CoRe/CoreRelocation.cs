namespace LibbpfSharp.Formats.CoRe;

/// <summary>A CO-RE relocation record of .BTF.ext (struct bpf_core_relo).</summary>
/// <param name="InstructionOffset">Offset in bytes of the instruction from the start of its ELF section.</param>
/// <param name="TypeId">Id of the root type in the object's BTF.</param>
/// <param name="AccessStringOffset">Offset in the object's BTF strings of the access string, such as "0:1:2".</param>
/// <param name="Kind">What is asked.</param>
public readonly record struct CoreRelocation(uint InstructionOffset, uint TypeId, uint AccessStringOffset, CoreRelocationKind Kind)
{
    /// <summary>Size in bytes of a record as the kernel defines it; BTF.ext may have longer ones.</summary>
    public const int RecordSize = 16;
}
