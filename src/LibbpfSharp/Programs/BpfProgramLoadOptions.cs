namespace LibbpfSharp;

/// <summary>How a program made in code is loaded.</summary>
public sealed class BpfProgramLoadOptions
{
    /// <summary>Name, at most 15 bytes of A-Z a-z 0-9 _ and . ; longer names are cut.</summary>
    public string Name { get; init; } = "";

    /// <summary>License; one compatible with the GPL opens the helpers that demand it.</summary>
    public string License { get; init; } = "GPL";

    /// <summary>Where it will be attached, for the kinds that say so at load.</summary>
    public BpfAttachType ExpectedAttachType { get; init; }

    /// <summary>BPF_F_* flags of BPF_PROG_LOAD.</summary>
    public uint Flags { get; init; }

    /// <summary>Type id in the kernel's BTF of the function or hook that a tracing or LSM program attaches to.</summary>
    public uint AttachBtfId { get; init; }

    /// <summary>Verifier log level: 0 fetches a log only after a refusal, 1 and 2 always, 4 adds statistics.</summary>
    public uint LogLevel { get; init; }
}
