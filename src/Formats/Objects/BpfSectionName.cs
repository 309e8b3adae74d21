namespace LibbpfSharp.Formats.Objects;

/// <summary>
/// What the name of a program's section says: program type, attach type, target. The same names as libbpf's, whatever libbpf
/// is installed.
/// </summary>
public sealed partial class BpfSectionName
{
    private BpfSectionName(string name, bool autoLoad, string prefix, string target, Entry? entry, string? advice)
    {
        Name = name;
        AutoLoad = autoLoad;
        Prefix = prefix;
        Target = target;
        Advice = advice;
        IsKnown = entry is not null;
        if (entry is null)
            return;
        ProgramType = entry.ProgramType;
        ExpectedAttachType = entry.AttachType;
        AttachKind = entry.Kind;
        IsAttachTypeOptional = (entry.Flags & Flags.Optional) != 0;
        IsSleepable = (entry.Flags & Flags.Sleepable) != 0;
        NeedsAttachBtfId = (entry.Flags & Flags.Btf) != 0;
        HasXdpFragments = (entry.Flags & Flags.Frags) != 0;
        TakesTarget = entry.TakesTarget;
    }

    /// <summary>The name as in the object file, without a leading '?'.</summary>
    public string Name { get; }

    /// <summary>False if the name began with '?': the program is loaded only if asked for.</summary>
    public bool AutoLoad { get; }

    /// <summary>False if no such name is known; the program's type must then be set by hand.</summary>
    public bool IsKnown { get; }

    /// <summary>The name without the target: <c>kprobe</c>, <c>cgroup/connect4</c>.</summary>
    public string Prefix { get; }

    /// <summary>What to attach to: <c>syscalls/sys_enter_openat</c> of <c>tp/syscalls/sys_enter_openat</c>; empty if the name has none.</summary>
    public string Target { get; }

    /// <summary>True if the name may carry a target.</summary>
    public bool TakesTarget { get; }

    /// <summary>Program type (enum bpf_prog_type); 0 if the name is not known.</summary>
    public uint ProgramType { get; }

    /// <summary>Expected attach type (enum bpf_attach_type), or null where the program type has none.</summary>
    public uint? ExpectedAttachType { get; }

    /// <summary>True if an old kernel that does not know expected attach types takes the program without one.</summary>
    public bool IsAttachTypeOptional { get; }

    /// <summary>How such a program is attached.</summary>
    public BpfAttachKind AttachKind { get; }

    /// <summary>True if the program may sleep: loaded with BPF_F_SLEEPABLE.</summary>
    public bool IsSleepable { get; }

    /// <summary>True if the target is a BTF id that must be known when the program is loaded.</summary>
    public bool NeedsAttachBtfId { get; }

    /// <summary>True if the program takes packets in several buffers: loaded with BPF_F_XDP_HAS_FRAGS.</summary>
    public bool HasXdpFragments { get; }

    /// <summary>For a name that is not known: what to write instead; else null.</summary>
    public string? Advice { get; }

    /// <summary>Reads a section name.</summary>
    /// <param name="name">Name of a section as in the object file.</param>
    /// <returns>What it says. A name that is not known is no error (<see cref="IsKnown"/>).</returns>
    public static BpfSectionName Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        bool autoLoad = !name.StartsWith('?');
        string plain = autoLoad ? name : name[1..];
        if (s_known.TryGetValue(plain, out Entry? entry))
            return new(plain, autoLoad, plain, string.Empty, entry, null);

        int slash = plain.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && s_known.TryGetValue(plain[..slash], out entry) && entry.TakesTarget)
            return new(plain, autoLoad, plain[..slash], plain[(slash + 1)..], entry, null);
        return new(plain, autoLoad, plain, string.Empty, null, GetAdvice(plain));
    }

    /// <summary>The name.</summary>
    /// <returns>The name, with the leading '?' if it had one.</returns>
    public override string ToString() => AutoLoad ? Name : "?" + Name;

    private static string GetAdvice(string name)
    {
        // libbpf before 1.0 took any name that began with a known one: "xdp_prog", "classifier/foo", "kprobe_x".
        string? known = null;
        foreach (string candidate in s_known.Keys)
        {
            if (name.StartsWith(candidate, StringComparison.Ordinal) && candidate.Length > (known?.Length ?? 0))
                known = candidate;
        }

        if (known is null)
            return $"Section name '{name}' says no program type: use one that libbpf documents, such as SEC(\"xdp\"), or set the type of the program.";
        string form = s_known[known].TakesTarget ? $"SEC(\"{known}/TARGET\") or SEC(\"{known}\")" : $"SEC(\"{known}\")";
        return $"Section name '{name}' is not taken since libbpf 1.0: write {form}, or set the type of the program.";
    }
}
