using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp;

/// <summary>A program of an object that has not been loaded: data that can be changed.</summary>
public sealed class BpfProgramDefinition
{
    private const uint Sleepable = 1u << 4;
    private const uint XdpHasFrags = 1u << 5;

    private readonly BpfObjectOpen _owner;
    private BpfProgramType _type;
    private BpfAttachType _attachType;
    private string? _attachTarget;
    private BpfProgram? _attachProgram;
    private uint _flags;
    private uint? _logLevel;
    private bool _autoLoad;
    private bool _autoAttach = true;

    internal BpfProgramDefinition(BpfObjectOpen owner, BpfProgramSpec spec)
    {
        _owner = owner;
        Spec = spec;
        _type = (BpfProgramType)spec.ProgramType;
        _attachType = (BpfAttachType)(spec.ExpectedAttachType ?? 0);
        _flags = (spec.Section.IsSleepable ? Sleepable : 0) | (spec.Section.HasXdpFragments ? XdpHasFrags : 0);
        _autoLoad = spec.AutoLoad;
    }

    /// <summary>Name of the C function.</summary>
    public string Name => Spec.Name;

    /// <summary>Name of the section.</summary>
    public string SectionName => Spec.SectionName;

    /// <summary>Kind of program, by the section name or as set.</summary>
    public BpfProgramType Type
    {
        get => _type;
        set => Set(ref _type, value);
    }

    /// <summary>Where it is to be attached, for the kinds that say so at load.</summary>
    public BpfAttachType ExpectedAttachType
    {
        get => _attachType;
        set => Set(ref _attachType, value);
    }

    /// <summary>
    /// What it attaches to: the tracepoint, function or hook, by the section name or as set. For kinds that are attached
    /// by BTF type (fentry, tp_btf, LSM, iterators) it must be known at load.
    /// </summary>
    public string AttachTarget
    {
        get => _attachTarget ?? Spec.Section.Target;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            Set<string?>(ref _attachTarget, value);
        }
    }

    /// <summary>For freplace, and tracing of another BPF program: that program; it stays its owner's.</summary>
    public BpfProgram? AttachProgram
    {
        get => _attachProgram;
        set => Set(ref _attachProgram, value);
    }

    /// <summary>False leaves the program out.</summary>
    public bool AutoLoad
    {
        get => _autoLoad;
        set => Set(ref _autoLoad, value);
    }

    /// <summary>False leaves the program out when all programs of the object are attached; it can still be attached by its own calls.</summary>
    public bool AutoAttach
    {
        get => _autoAttach;
        set => Set(ref _autoAttach, value);
    }

    /// <summary>BPF_F_* flags of BPF_PROG_LOAD; those that the section name says are set.</summary>
    public uint Flags
    {
        get => _flags;
        set => Set(ref _flags, value);
    }

    /// <summary>Verifier log level; the object's if it is not set.</summary>
    public uint LogLevel
    {
        get => _logLevel ?? _owner.Options.LogLevel;
        set => Set<uint?>(ref _logLevel, value);
    }

    internal BpfProgramSpec Spec { get; }

    internal bool IsLogLevelSet => _logLevel is not null;

    internal bool IsTypeChanged => (uint)_type != Spec.ProgramType;

    internal bool IsAttachTypeChanged => (uint)_attachType != (Spec.ExpectedAttachType ?? 0);

    internal bool IsAttachTargetChanged => _attachTarget is not null;

    internal bool AreFlagsChanged => _flags != ((Spec.Section.IsSleepable ? Sleepable : 0) | (Spec.Section.HasXdpFragments ? XdpHasFrags : 0));

    /// <inheritdoc/>
    public override string ToString() => $"program '{Name}' ({SectionName})";

    private void Set<T>(ref T field, T value)
    {
        _owner.RequireEditable();
        field = value;
    }
}
