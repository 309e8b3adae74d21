namespace LibbpfSharp;

/// <summary>A program on many functions of one binary by one link (6.6).</summary>
public sealed class BpfUprobeMultiProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfUprobeMultiProgram(BpfProgram program)
        : base(program, "a uprobe.multi", BpfProgramType.Kprobe)
    {
    }

    /// <summary>Attaches as the section name says: uprobe.multi/BINARY:PATTERN, uretprobe.multi/....</summary>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The section name does not say where, or the kernel refused.</exception>
    public BpfLink Attach() => Program.Attach();

    /// <summary>Attaches to the functions that match a pattern.</summary>
    /// <param name="binary">Path, or name of a library or of a program in PATH.</param>
    /// <param name="pattern">A name, where * is any run of characters and ? any one.</param>
    /// <param name="onReturn">On return instead of at the entry.</param>
    /// <param name="processId">Only in this process; -1 for all.</param>
    /// <param name="cookies">What bpf_get_attach_cookie() gives for each function in order of offset; null for none.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(string binary, string pattern, bool onReturn = false, int processId = -1, IReadOnlyList<ulong>? cookies = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        string path = BinaryFiles.Resolve(Program, binary);
        ulong[] offsets = pattern.AsSpan().IndexOfAny('*', '?') < 0
            ? [BinaryFiles.FindFunction(Program, path, pattern)]
            : [.. BinaryFiles.Read(Program, path).Functions().Where(f => GlobPattern.IsMatch(pattern, f.Name)).Select(f => f.FileOffset).Distinct().Order()];
        if (offsets.Length == 0)
            throw AttachErrors.Refused(Program, -(int)BpfErrno.ENOENT, $"functions '{pattern}' of '{path}'", "No function of the binary matches (see nm -D).");
        return Attach(path, offsets, onReturn, processId, cookies, $"functions '{pattern}' of '{path}'");
    }

    /// <summary>Attaches to instructions by their offsets in the file.</summary>
    /// <param name="binary">Path, or name of a library or of a program in PATH.</param>
    /// <param name="fileOffsets">Offsets in the file in bytes.</param>
    /// <param name="onReturn">On return instead of at the instruction.</param>
    /// <param name="processId">Only in this process; -1 for all.</param>
    /// <param name="cookies">What bpf_get_attach_cookie() gives for each offset; null for none.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(string binary, IReadOnlyList<ulong> fileOffsets, bool onReturn = false, int processId = -1, IReadOnlyList<ulong>? cookies = null)
    {
        ArgumentNullException.ThrowIfNull(fileOffsets);
        string path = BinaryFiles.Resolve(Program, binary);
        return Attach(path, [.. fileOffsets], onReturn, processId, cookies, $"{fileOffsets.Count} places of '{path}'");
    }

    private BpfLink Attach(string path, ulong[] offsets, bool onReturn, int processId, IReadOnlyList<ulong>? cookies, string target)
    {
        if (cookies is not null && cookies.Count != offsets.Length)
            throw new ArgumentException($"{cookies.Count} cookies for {offsets.Length} places; there must be one each.", nameof(cookies));
        return MultiProbeAttach.Uprobes(Program, path, offsets, default, cookies is null ? default : [.. cookies], onReturn, processId, target);
    }
}
