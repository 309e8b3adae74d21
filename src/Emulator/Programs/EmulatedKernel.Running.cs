using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <content>What running programs see of the kernel, and what a test may set.</content>
public sealed unsafe partial class EmulatedKernel
{
    private HelperTable _helpers = HelperTable.BuiltIn;
    private KfuncTable _kfuncs = KfuncTable.BuiltIn;
    private BpfProgramFault? _lastFault;
    private EmulatedTask _task = new();
    private ProgramRunner? _runner;
    private KernelTypes? _kernelTypes;

    /// <summary>A program did something wrong. Raised on the thread that ran it, before the run's result is returned.</summary>
    public event EventHandler<BpfProgramFault>? Faulted;

    /// <summary>A line that a program printed with bpf_trace_printk or bpf_trace_vprintk, as trace_pipe would show its text.</summary>
    public event EventHandler<string>? Printed;

    /// <summary>What is watched while programs run; null, the default, for nothing but safety. Runs that start later follow it.</summary>
    public EmulatorDiagnosis? Diagnosis { get; set; }

    /// <summary>
    /// Instructions that one run may execute before it is stopped as endless; counted at jumps back and at calls. Default: 2^30.
    /// </summary>
    public long InstructionBudget { get; set; } = 1L << 30;

    /// <summary>The process in whose place programs run: bpf_get_current_pid_tgid and its kin. Never null.</summary>
    public EmulatedTask CurrentTask
    {
        get => _task;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _task = value;
        }
    }

    /// <summary>The latest fault of a program on this kernel; null if there was none.</summary>
    public BpfProgramFault? LastFault => Volatile.Read(ref _lastFault);

    /// <summary>The clocks that programs read.</summary>
    public EmulatedClock Clock { get; } = new();

    internal HelperTable Helpers => _helpers;

    internal KfuncTable Kfuncs => _kfuncs;

    internal ProgramRunner Runner => _runner ?? Interlocked.CompareExchange(ref _runner, new ProgramRunner(this), null) ?? _runner;

    internal KernelTypes KernelTypes => _kernelTypes ?? Interlocked.CompareExchange(ref _kernelTypes, new KernelTypes(this), null) ?? _kernelTypes;

    /// <summary>
    /// Shifts by a constant beyond the width and divisions by a constant zero are run as RFC 9669 defines them instead of being
    /// refused at load as Linux refuses them; for instruction suites.
    /// </summary>
    internal bool AcceptsOutOfRangeShifts { get; set; }

    /// <summary>Every call gets a stack of 512 zero bytes, whatever it can be seen to use.</summary>
    internal bool ClearsWholeStack { get; set; }

    /// <summary>Adds a helper, or replaces one. Programs loaded from now on call it.</summary>
    /// <param name="id">Number by which programs call it.</param>
    /// <param name="name">Name for logs, such as "bpf_my_helper".</param>
    /// <param name="helper">The helper.</param>
    public void RegisterHelper(int id, string name, EmulatedFunction helper)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(id);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(helper);
        _helpers = _helpers.With(new HelperDescriptor { Id = id, Name = name, Since = "3.18", Registered = helper });
    }

    /// <summary>Replaces a helper. Programs loaded from now on call it.</summary>
    /// <param name="id">The helper.</param>
    /// <param name="helper">What to call in its place.</param>
    public void RegisterHelper(BpfHelperId id, EmulatedFunction helper) => RegisterHelper((int)id, BpfHelperNames.GetName(id), helper);

    /// <summary>Adds a kfunc, or replaces one. Programs name it by the id that the kernel's BTF gives it.</summary>
    /// <param name="name">
    /// Name in the kernel's BTF, or in that of a module: a kfunc that no BTF has is added with
    /// <see cref="EmulatedKernelOptions.ModuleBtf"/>, since programs are resolved against its prototype.
    /// </param>
    /// <param name="kfunc">The kfunc.</param>
    public void RegisterKfunc(string name, EmulatedFunction kfunc)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(kfunc);
        _kfuncs = _kfuncs.With(new KfuncDescriptor { Name = name, Since = "3.18", Registered = kfunc });
    }

    internal void ReportFault(BpfProgramFault fault)
    {
        Volatile.Write(ref _lastFault, fault);
        Faulted?.Invoke(this, fault);
    }

    internal void Print(string line) => Printed?.Invoke(this, line);

    /// <summary>Whether the emulated release is at least this one, given as "6.6".</summary>
    internal bool IsAtLeast(string version)
    {
        int dot = version.IndexOf('.', StringComparison.Ordinal);
        return IsAtLeast(int.Parse(version.AsSpan(0, dot)), int.Parse(version.AsSpan(dot + 1)));
    }
}
