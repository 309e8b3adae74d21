namespace LibbpfSharp.Emulator;

/// <summary>What a lirc_mode2 program decoded: a key (bpf_rc_keydown), its repetition (bpf_rc_repeat) or a movement (bpf_rc_pointer_rel).</summary>
public sealed class EmulatedRemoteKey
{
    /// <summary>RC_PROTO_*.</summary>
    public uint Protocol { get; init; }

    /// <summary>The key's code.</summary>
    public ulong ScanCode { get; init; }

    /// <summary>The toggle bit of the protocol.</summary>
    public bool IsToggled { get; init; }

    /// <summary>The key before is held.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>Movement to the right; 0 for keys.</summary>
    public int X { get; init; }

    /// <summary>Movement downwards; 0 for keys.</summary>
    public int Y { get; init; }
}
