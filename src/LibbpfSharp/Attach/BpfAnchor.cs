using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>
/// Where a program goes among those attached to the same tcx hook, netkit device or cgroup: first, last, beside or
/// instead of another one. tcx and netkit: Linux 6.6 and 6.7; cgroups: 6.17.
/// </summary>
public readonly struct BpfAnchor : IEquatable<BpfAnchor>
{
    private const uint FlagReplace = 1 << 2;
    private const uint FlagBefore = 1 << 3;
    private const uint FlagAfter = 1 << 4;
    private const uint FlagId = 1 << 5;
    private const uint FlagLink = 1 << 13;

    private readonly uint _flags;
    private readonly uint _id;
    private readonly KernelHandle? _handle;

    private BpfAnchor(uint flags, uint id, KernelHandle? handle)
    {
        _flags = flags;
        _id = id;
        _handle = handle;
    }

    /// <summary>Wherever the kernel puts it: behind the others.</summary>
    public static BpfAnchor Default => default;

    /// <summary>Before all others.</summary>
    public static BpfAnchor First => new(FlagBefore, 0, null);

    /// <summary>Behind all others.</summary>
    public static BpfAnchor Last => new(FlagAfter, 0, null);

    /// <summary>Right before a program that is attached.</summary>
    public static BpfAnchor Before(BpfProgram program) => new(FlagBefore, 0, Handle(program));

    /// <summary>Right before the program of a link.</summary>
    public static BpfAnchor Before(BpfLink link) => new(FlagBefore | FlagLink, 0, Handle(link));

    /// <summary>Right before the program of this number.</summary>
    public static BpfAnchor BeforeProgramId(uint id) => new(FlagBefore | FlagId, id, null);

    /// <summary>Right behind a program that is attached.</summary>
    public static BpfAnchor After(BpfProgram program) => new(FlagAfter, 0, Handle(program));

    /// <summary>Right behind the program of a link.</summary>
    public static BpfAnchor After(BpfLink link) => new(FlagAfter | FlagLink, 0, Handle(link));

    /// <summary>Right behind the program of this number.</summary>
    public static BpfAnchor AfterProgramId(uint id) => new(FlagAfter | FlagId, id, null);

    /// <summary>In the place of a program that is attached without a link.</summary>
    public static BpfAnchor Replace(BpfProgram program) => new(FlagReplace, 0, Handle(program));

    /// <summary>Whether two anchors name the same place.</summary>
    public static bool operator ==(BpfAnchor left, BpfAnchor right) => left.Equals(right);

    /// <summary>Whether two anchors name different places.</summary>
    public static bool operator !=(BpfAnchor left, BpfAnchor right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(BpfAnchor other) => _flags == other._flags && _id == other._id && ReferenceEquals(_handle, other._handle);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BpfAnchor other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_flags, _id, _handle);

    /// <summary>Whether it names a program to replace.</summary>
    internal bool IsReplacement => (_flags & FlagReplace) != 0;

    /// <summary>Flags and the relative descriptor or id, for BPF_LINK_CREATE and BPF_PROG_ATTACH.</summary>
    internal (uint Flags, uint Relative) Resolve(IBpfKernel kernel)
    {
        _handle?.RequireKernel(kernel);
        return (_flags, _handle is null ? _id : (uint)_handle.DangerousFd);
    }

    private static KernelHandle Handle(BpfProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        return program.Handle;
    }

    private static KernelHandle Handle(BpfLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        return link.KernelLink ?? throw new ArgumentException($"{link.Description}: the kernel has no link for this attachment, so nothing can be put beside it.", nameof(link));
    }
}
