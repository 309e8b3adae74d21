using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>A loaded program.</summary>
internal sealed unsafe class EmulatedProgram : EmulatedObject, ITailCallTarget
{
    private long _runs;
    private long _runTime;

    public EmulatedProgram(ProgramLoad load, ProgramCode code)
        : base(load.Kernel)
    {
        Type = load.Type;
        Kind = load.Kind;
        ExpectedAttachType = load.ExpectedAttachType;
        Name = load.Name;
        IsGplCompatible = load.IsGplCompatible;
        Flags = load.Flags;
        AttachBtfId = load.AttachBtfId;
        AttachProgram = load.AttachProgram;
        Code = code;
        TailCallKey = (Type, ExpectedAttachType);
    }

    /// <summary>Its id.</summary>
    public uint Id { get; set; }

    public BpfProgramType Type { get; }

    public ProgramKind Kind { get; }

    public BpfAttachType ExpectedAttachType { get; }

    /// <summary>Name of at most 15 bytes; may be empty.</summary>
    public string Name { get; }

    public bool IsGplCompatible { get; }

    /// <summary>prog_flags.</summary>
    public uint Flags { get; }

    public bool IsSleepable => (Flags & ProgramFlags.Sleepable) != 0;

    public uint AttachBtfId { get; }

    public EmulatedProgram? AttachProgram { get; }

    /// <summary>What it attaches to by its type, such as the traced function or tracepoint; empty without.</summary>
    public string AttachTarget { get; set; } = "";

    /// <summary>The decoded program.</summary>
    public ProgramCode Code { get; }

    /// <summary>What runs it.</summary>
    public ProgramEngine Engine { get; set; } = Interpreter.Instance;

    /// <summary>One past the last byte of the context that it accesses by a constant, as far as known at load.</summary>
    public uint MaximumContextOffset { get; init; }

    /// <summary>First 8 bytes of the hash over its instructions.</summary>
    public ulong Tag { get; init; }

    /// <summary>CLOCK_BOOTTIME at load in nanoseconds.</summary>
    public ulong LoadTime { get; init; }

    /// <summary>BTF given at load; holds a reference.</summary>
    public EmulatedBtf? Btf { get; init; }

    /// <summary>func_info and line_info as given, for program info.</summary>
    public byte[] FunctionInfoBytes { get; init; } = [];

    public byte[] LineInfoBytes { get; init; } = [];

    /// <summary>What it has written for its users.</summary>
    public ProgramStreams Streams { get; } = new();

    public object TailCallKey { get; }

    /// <summary>Runs counted while statistics were on.</summary>
    public long RunCount => Volatile.Read(ref _runs);

    /// <summary>Nanoseconds of the counted runs.</summary>
    public long RunTime => Volatile.Read(ref _runTime);

    public override string Description => Name.Length > 0 ? $"program '{Name}'" : $"program {Id}";

    public override bool CanBePinned => true;

    /// <summary>True if r1 is NULL at entry: a plain context of no bytes.</summary>
    public bool PassesNullContext(uint length, ContextState? state) => Kind.HasPlainContext && length == 0 && state is null;

    public void CountRun(long nanoseconds)
    {
        Interlocked.Increment(ref _runs);
        Interlocked.Add(ref _runTime, nanoseconds);
    }

    public override int GetInfo(ref Interop.BpfAttr attr) => ProgramInfo.Write(this, ref attr.info);

    protected override void OnUnreferenced()
    {
        if (Id != 0)
            Kernel.Programs.Loaded.Remove(Id);
    }

    protected override void Destroy()
    {
        foreach (EmulatedMap map in Code.Maps)
            map.Release();
        Btf?.Release();
        AttachProgram?.Release();
        Code.Dispose();
    }
}
