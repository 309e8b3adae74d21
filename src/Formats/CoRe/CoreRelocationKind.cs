namespace LibbpfSharp.Formats.CoRe;

/// <summary>What a CO-RE relocation asks about the target (BPF_CORE_*, enum bpf_core_relo_kind in the kernel's uapi).</summary>
public enum CoreRelocationKind
{
    /// <summary>Offset of a field in bytes.</summary>
    FieldByteOffset = 0,

    /// <summary>Size of a field in bytes.</summary>
    FieldByteSize = 1,

    /// <summary>1 if the field exists, else 0.</summary>
    FieldExists = 2,

    /// <summary>1 if the field is signed, else 0.</summary>
    FieldSigned = 3,

    /// <summary>By how much a bitfield is shifted left within 64 bits.</summary>
    FieldLeftShift = 4,

    /// <summary>By how much a bitfield is then shifted right.</summary>
    FieldRightShift = 5,

    /// <summary>Id of a type in the object's own BTF.</summary>
    TypeIdLocal = 6,

    /// <summary>Id of a type in the target's BTF, 0 if there is none.</summary>
    TypeIdTarget = 7,

    /// <summary>1 if the type exists, else 0.</summary>
    TypeExists = 8,

    /// <summary>Size of a type in bytes, 0 if there is none.</summary>
    TypeSize = 9,

    /// <summary>1 if the enumerator exists, else 0.</summary>
    EnumValueExists = 10,

    /// <summary>Value of an enumerator.</summary>
    EnumValue = 11,

    /// <summary>1 if a type exists and has all that the local one has, else 0.</summary>
    TypeMatches = 12,
}
