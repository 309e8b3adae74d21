namespace LibbpfSharp.Emulator;

/// <summary>
/// What one program type means: its context and how loads and stores of it are converted, what it may return, and how
/// PROG_TEST_RUN treats it. One instance per type, without state.
/// </summary>
internal abstract class ProgramKind
{
    /// <summary>The program type.</summary>
    public abstract BpfProgramType Type { get; }

    /// <summary>Name as the kernel's logs and libbpf have it, such as "xdp" or "sched_cls".</summary>
    public abstract string Name { get; }

    /// <summary>Size of the context as programs see it, in bytes; 0 if it depends on the hook.</summary>
    public abstract uint ContextSize { get; }

    /// <summary>
    /// True if the context is plain memory that programs may read (and write, see <see cref="IsContextWritable"/>) at any
    /// offset; then no access is converted. False: every access comes to <see cref="TryLoad"/> and <see cref="TryStore"/>.
    /// </summary>
    public virtual bool HasPlainContext => false;

    /// <summary>True if programs may write a plain context.</summary>
    public virtual bool IsContextWritable => false;

    /// <summary>LD_ABS and LD_IND are allowed.</summary>
    public virtual bool AllowsPacketLoads => false;

    /// <summary>A load from the context.</summary>
    /// <param name="run">The run; its <see cref="RunContext.ContextState"/> is what the hook made.</param>
    /// <param name="offset">Offset in bytes from the start of the context.</param>
    /// <param name="size">1, 2, 4 or 8.</param>
    /// <param name="value">Zero-extended value; a packet field gives a full guest address.</param>
    /// <returns>False if the type has no such field at that offset and size: a fault.</returns>
    public virtual bool TryLoad(RunContext run, uint offset, int size, out ulong value)
    {
        value = 0;
        return false;
    }

    /// <summary>A store into the context.</summary>
    /// <returns>False if that field cannot be written at that offset and size: a fault.</returns>
    public virtual bool TryStore(RunContext run, uint offset, int size, ulong value) => false;

    /// <summary>
    /// A load through an address that is no memory of the program. Types whose BTF pointers Linux reads with fault handling
    /// give 0 for it, as Linux does.
    /// </summary>
    /// <returns>False for a fault.</returns>
    public virtual bool TryProbeLoad(RunContext run, ulong address, int size, out ulong value)
    {
        value = 0;
        return false;
    }

    /// <summary>
    /// The range that the kernel's verifier demands of the return value, or null for any. Constant results outside it are
    /// refused at load.
    /// </summary>
    public virtual (int Minimum, int Maximum)? ReturnRange(BpfAttachType expectedAttachType) => null;

    /// <summary>Checks that belong to the type at PROG_LOAD: expected_attach_type, attach_btf_id.</summary>
    /// <param name="load">The load.</param>
    /// <returns>0 or -errno.</returns>
    public virtual int CheckLoad(ProgramLoad load) => 0;

    /// <summary>BPF_PROG_TEST_RUN. Most types have none: ENOTSUPP.</summary>
    /// <returns>0 or -errno; results are written to the request.</returns>
    public virtual int TestRun(ProgramTestRun request) => -(int)BpfErrno.ENOTSUPP;
}
