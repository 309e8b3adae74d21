namespace LibbpfSharp;

/// <summary>A program on functions of binaries (4.1, as perf events 4.17).</summary>
public sealed class BpfUprobeProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfUprobeProgram(BpfProgram program)
        : base(program, "a uprobe", BpfProgramType.Kprobe)
    {
    }

    /// <summary>Attaches as the section name says: uprobe/BINARY:FUNCTION+OFFSET, uretprobe/....</summary>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The section name does not say where, or the kernel refused.</exception>
    public BpfLink Attach() => Program.Attach();

    /// <summary>Attaches to a function by its symbol.</summary>
    /// <param name="binary">Path, or name of a library or of a program in PATH.</param>
    /// <param name="function">The function; "name@VERSION" chooses one of several versions.</param>
    /// <param name="options">Offset, return, process, cookie, counter; null for none.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(string binary, string function, BpfUprobeOptions? options = null)
    {
        options ??= BpfUprobeOptions.None;
        ArgumentException.ThrowIfNullOrEmpty(function);
        string path = BinaryFiles.Resolve(Program, binary);
        ulong offset = BinaryFiles.FindFunction(Program, path, function) + options.Offset;
        return Attach(path, offset, options, $"'{function}' of '{path}'");
    }

    /// <summary>Attaches to an instruction by its offset in the file.</summary>
    /// <param name="binary">Path, or name of a library or of a program in PATH.</param>
    /// <param name="fileOffset">Offset in the file in bytes.</param>
    /// <param name="options">Return, process, cookie, counter; null for none.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(string binary, ulong fileOffset, BpfUprobeOptions? options = null)
    {
        options ??= BpfUprobeOptions.None;
        string path = BinaryFiles.Resolve(Program, binary);
        return Attach(path, fileOffset + options.Offset, options, $"offset 0x{fileOffset + options.Offset:x} of '{path}'");
    }

    private BpfLink Attach(string path, ulong offset, BpfUprobeOptions options, string where)
    {
        AttachErrors.RequireType(Program, "a function of a binary", BpfProgramType.Kprobe);
        string target = $"{(options.OnReturn ? "return of " : "")}{where}{(options.ProcessId >= 0 ? $" in process {options.ProcessId}" : "")}";
        return ProbeAttach.Uprobe(Program, path, offset, options.OnReturn, options.ProcessId, options.Cookie, options.ReferenceCounterOffset, target);
    }
}
