namespace LibbpfSharp;

/// <summary>What a program attached to a cgroup without a link allows others.</summary>
public enum BpfCgroupAttachMode
{
    /// <summary>No other program here or in cgroups below.</summary>
    Exclusive = 0,

    /// <summary>A program of a cgroup below runs instead of this one (BPF_F_ALLOW_OVERRIDE).</summary>
    Overridable = 1,

    /// <summary>Several programs here and below all run (BPF_F_ALLOW_MULTI).</summary>
    Multiple = 2,
}
