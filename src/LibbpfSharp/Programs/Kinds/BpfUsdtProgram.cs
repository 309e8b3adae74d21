namespace LibbpfSharp;

/// <summary>A program on probes that the authors of a binary put in (USDT); its object includes usdt.bpf.h, of any release of libbpf.</summary>
public sealed class BpfUsdtProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfUsdtProgram(BpfProgram program)
        : base(program, "a USDT program", BpfProgramType.Kprobe)
    {
    }

    /// <summary>Attaches as the section name says: usdt/BINARY:PROVIDER:PROBE.</summary>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The section name does not say where, or the kernel refused.</exception>
    public BpfLink Attach() => Program.Attach();

    /// <summary>Attaches to all places of a probe.</summary>
    /// <param name="binary">Path, or name of a library or of a program in PATH.</param>
    /// <param name="provider">The provider, such as "libstdcxx".</param>
    /// <param name="probe">The probe, such as "throw".</param>
    /// <param name="processId">Only in this process; -1 for all.</param>
    /// <param name="cookie">What bpf_usdt_cookie() gives in the program.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(string binary, string provider, string probe, int processId = -1, ulong cookie = 0) =>
        UsdtAttach.Attach(Program, binary, provider, probe, processId, cookie);
}
