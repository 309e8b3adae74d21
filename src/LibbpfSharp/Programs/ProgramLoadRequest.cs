namespace LibbpfSharp;

/// <summary>What BPF_PROG_LOAD is told. Descriptors in it are borrowed for the call.</summary>
internal sealed record ProgramLoadRequest
{
    public required string Name { get; init; }

    public required BpfProgramType Type { get; init; }

    public BpfAttachType ExpectedAttachType { get; init; }

    /// <summary>The instructions, 8 bytes each.</summary>
    public required ReadOnlyMemory<byte> Instructions { get; init; }

    public string License { get; init; } = "GPL";

    /// <summary>BPF_F_* of BPF_PROG_LOAD.</summary>
    public uint Flags { get; init; }

    /// <summary>Descriptor of the object's BTF, or -1.</summary>
    public int BtfFd { get; init; } = -1;

    public ReadOnlyMemory<byte> FunctionInfo { get; init; }

    public uint FunctionInfoRecordSize { get; init; }

    public ReadOnlyMemory<byte> LineInfo { get; init; }

    public uint LineInfoRecordSize { get; init; }

    /// <summary>Type id in the kernel's, a module's or a program's BTF that the program attaches to.</summary>
    public uint AttachBtfId { get; init; }

    /// <summary>Descriptor of that module's BTF or of that program; 0 for the kernel's own.</summary>
    public int AttachFd { get; init; }

    /// <summary>Descriptors of module BTFs that kfunc calls name by index.</summary>
    public IReadOnlyList<int> FdArray { get; init; } = [];

    public uint InterfaceIndex { get; init; }

    /// <summary>Verifier log level asked for; at 0 a log is fetched only after a refusal.</summary>
    public uint LogLevel { get; init; }

    /// <summary>The most bytes that a log may take.</summary>
    public int MaxLogSize { get; init; } = 128 << 20;
}
