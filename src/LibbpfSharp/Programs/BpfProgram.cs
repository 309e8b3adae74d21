using System.Runtime.InteropServices;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>
/// A loaded program. It lives in the kernel as long as a descriptor, a pin, a link or a program array refers to it:
/// disposing of it does not detach it.
/// </summary>
public sealed unsafe partial class BpfProgram : IDisposable, IBpfProgramHandle
{
    private readonly KernelHandle _handle;
    private readonly string? _attachTarget;

    internal BpfProgram(KernelHandle handle, string name, string sectionName, BpfProgramType type, BpfAttachType expectedAttachType, string? attachTarget = null, string verifierLog = "")
    {
        _handle = handle;
        Name = name;
        SectionName = sectionName;
        Type = type;
        ExpectedAttachType = expectedAttachType;
        _attachTarget = attachTarget;
        VerifierLog = verifierLog;
    }

    /// <summary>Name in full: the C function's, also where the kernel keeps only 15 bytes of it.</summary>
    public string Name { get; }

    /// <summary>Name of the section it came from, such as "tracepoint/syscalls/sys_enter_openat"; empty for a program made in code or opened by id.</summary>
    public string SectionName { get; }

    /// <summary>Kind of program.</summary>
    public BpfProgramType Type { get; }

    /// <summary>Where it is to be attached, as the kernel was told at load.</summary>
    public BpfAttachType ExpectedAttachType { get; }

    /// <summary>The verifier's log, if a log level was asked for; else empty.</summary>
    public string VerifierLog { get; }

    /// <summary>
    /// CO-RE relocations that the kernel's types do not answer, each in words: they matter only if the program reaches them.
    /// Empty for programs that libbpf loaded, which does not tell.
    /// </summary>
    public IReadOnlyList<string> UnresolvedRelocations { get; internal init; } = [];

    /// <summary>The kernel that holds it.</summary>
    public IBpfKernel Kernel => _handle.Kernel;

    /// <summary>True if it lives in this process, on the emulated kernel.</summary>
    public bool IsEmulated => Kernel.IsEmulated;

    /// <summary>Number of the program in the whole system.</summary>
    public uint Id => GetInfo().Id;

    /// <summary>
    /// The descriptor, for calls that this library does not have. It stays this object's: it must not be closed, and
    /// means nothing after Dispose. Emulated descriptors (0x40000000 and above) mean nothing to Linux.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The program was disposed of.</exception>
    public int FileDescriptor => _handle.DangerousFd;

    internal KernelHandle Handle => _handle;

    KernelHandle IBpfProgramHandle.Handle => _handle;

    /// <summary>The object it was loaded from; null for a program made in code or opened by id or pin.</summary>
    internal IProgramOwner? Owner { get; set; }

    internal string Subject => Name.Length > 0 ? $"program '{Name}'" : $"{Type} program";

    /// <summary>Loads a program made in code.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="type">Kind of program.</param>
    /// <param name="instructions">The instructions.</param>
    /// <param name="options">Name, license and the rest; null for none.</param>
    /// <returns>The program.</returns>
    /// <exception cref="BpfVerifierException">The verifier refused it.</exception>
    /// <exception cref="BpfException">The kernel refused it before verification.</exception>
    public static BpfProgram Load(IBpfKernel kernel, BpfProgramType type, ReadOnlySpan<BpfInstruction> instructions, BpfProgramLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        options ??= new BpfProgramLoadOptions();
        ProgramLoadResult loaded = ProgramLoader.LoadOrThrow(kernel, new ProgramLoadRequest
        {
            Name = options.Name,
            Type = type,
            ExpectedAttachType = options.ExpectedAttachType,
            Instructions = MemoryMarshal.AsBytes(instructions).ToArray(),
            License = options.License,
            Flags = options.Flags,
            AttachBtfId = options.AttachBtfId,
            LogLevel = options.LogLevel,
        });
        string owner = options.Name.Length > 0 ? $"program '{options.Name}'" : $"{type} program";
        return new BpfProgram(new KernelHandle(kernel, loaded.Result, owner), options.Name, "", type, options.ExpectedAttachType, null, loaded.Log);
    }

    /// <summary>Loads a program made in code on the default kernel.</summary>
    /// <param name="type">Kind of program.</param>
    /// <param name="instructions">The instructions.</param>
    /// <param name="options">Name, license and the rest; null for none.</param>
    /// <returns>The program.</returns>
    /// <exception cref="BpfVerifierException">The verifier refused it.</exception>
    /// <exception cref="BpfException">The kernel refused it before verification.</exception>
    public static BpfProgram Load(BpfProgramType type, ReadOnlySpan<BpfInstruction> instructions, BpfProgramLoadOptions? options = null) =>
        Load(BpfKernel.Default, type, instructions, options);

    /// <summary>Opens a pinned program.</summary>
    /// <param name="path">Path of the pin.</param>
    /// <param name="kernel">The kernel; null for the default.</param>
    /// <returns>The program.</returns>
    /// <exception cref="BpfException">There is no such pin (ENOENT), or it is that of a map or link (EINVAL).</exception>
    public static BpfProgram OpenPinned(string path, IBpfKernel? kernel = null)
    {
        kernel ??= BpfKernel.Default;
        return FromDescriptor(kernel, KernelPins.Open(kernel, path, KernelObjectKind.Program), $"the pin '{path}'");
    }

    /// <summary>Opens a program by its number.</summary>
    /// <param name="id">The number.</param>
    /// <param name="kernel">The kernel; null for the default.</param>
    /// <returns>The program.</returns>
    /// <exception cref="BpfException">There is no such program (ENOENT), or a privilege is missing.</exception>
    public static BpfProgram OpenById(uint id, IBpfKernel? kernel = null)
    {
        kernel ??= BpfKernel.Default;
        return FromDescriptor(kernel, KernelObjectKind.Program.Open(kernel, id), $"program {id}");
    }

    /// <summary>Numbers of all programs of a kernel, in ascending order.</summary>
    /// <param name="kernel">The kernel; null for the default.</param>
    /// <returns>The numbers, asked for as they are read.</returns>
    /// <exception cref="BpfException">A privilege is missing (CAP_SYS_ADMIN).</exception>
    public static IEnumerable<uint> EnumerateIds(IBpfKernel? kernel = null) => KernelObjectKind.Program.EnumerateIds(kernel ?? BpfKernel.Default);

    /// <summary>Pins the program: it then outlives this object and the process.</summary>
    /// <param name="path">Path in a mounted bpffs (on the emulator any path).</param>
    /// <exception cref="BpfException">The kernel refused; the message says what to do where bpffs is not mounted.</exception>
    public void Pin(string path) => KernelPins.Pin(_handle, path, Subject);

    /// <summary>Closes the descriptor, after the calls in flight. The program lives on if something else refers to it.</summary>
    public void Dispose() => _handle.Dispose();

    /// <inheritdoc/>
    public override string ToString() => SectionName.Length > 0 ? $"{Subject} ({SectionName})" : Subject;

    private static BpfProgram FromDescriptor(IBpfKernel kernel, int fd, string subject)
    {
        try
        {
            bpf_prog_info info = Query(kernel, fd, subject);
            string name = info.name.ToString();
            string owner = name.Length > 0 ? $"program '{name}'" : $"program {info.id}";
            return new BpfProgram(new KernelHandle(kernel, fd, owner), name, "", (BpfProgramType)info.type, 0);
        }
        catch (BpfException)
        {
            kernel.Close(fd);
            throw;
        }
    }
}
