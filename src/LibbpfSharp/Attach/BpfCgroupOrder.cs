namespace LibbpfSharp;

/// <summary>Which cgroups an iterator walks, as enum bpf_cgroup_iter_order.</summary>
public enum BpfCgroupOrder : uint
{
    /// <summary>The cgroup alone.</summary>
    SelfOnly = 1,

    /// <summary>The cgroup before those below it.</summary>
    DescendantsPre = 2,

    /// <summary>Those below it before the cgroup.</summary>
    DescendantsPost = 3,

    /// <summary>The cgroup, then those above it up to the root.</summary>
    AncestorsUp = 4,
}
