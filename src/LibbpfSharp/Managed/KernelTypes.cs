using System.Runtime.CompilerServices;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Formats.Elf;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>
/// BTF of a kernel and of its modules. The kernel's own is read once per kernel: it is megabytes, does not change, and
/// is kept as long as the kernel object is.
/// </summary>
internal sealed class KernelTypes
{
    private static readonly ConditionalWeakTable<IBpfKernel, KernelTypes> s_known = [];

    private readonly IBpfKernel _kernel;
    private readonly Lock _lock = new();
    private BtfData? _btf;
    private int _error;
    private CoreTarget? _target;

    private KernelTypes(IBpfKernel kernel) => _kernel = kernel;

    /// <summary>The types of a kernel.</summary>
    public static KernelTypes Of(IBpfKernel kernel) => s_known.GetValue(kernel, static k => new KernelTypes(k));

    /// <summary>The kernel's BTF.</summary>
    /// <exception cref="BpfException">The kernel has none.</exception>
    public BtfData Require(string purpose, string subject) =>
        TryGet() ?? throw new BpfException((BpfErrno)(-_error), $"reading the kernel's BTF, for {purpose}", subject, $"{_kernel.Name} was built without CONFIG_DEBUG_INFO_BTF, or hides /sys/kernel/btf. For CO-RE a file will do: BpfObjectOptions.BtfPath.");

    /// <summary>The kernel's BTF, or null if it has none.</summary>
    public BtfData? TryGet()
    {
        lock (_lock)
        {
            if (_btf is null && _error == 0)
            {
                _error = _kernel.Facts.ReadBtf(null, out KernelBlob? blob);
                if (blob is not null)
                    _btf = BtfData.Parse(blob.Memory);
            }

            return _btf;
        }
    }

    /// <summary>The kernel and its modules, as the target of CO-RE relocations.</summary>
    public CoreTarget Target(string subject)
    {
        BtfData kernel = Require("CO-RE relocations", subject);
        lock (_lock)
        {
            return _target ??= new CoreTarget(kernel, () => Modules().ToArray());
        }
    }

    /// <summary>BTF of the modules, those that can be read; read anew each time, since modules come and go.</summary>
    public IEnumerable<CoreModule> Modules()
    {
        if (TryGet() is not { } kernel)
            yield break;
        foreach (string name in _kernel.Facts.BtfModules)
        {
            if (TryReadModule(name, kernel) is { } module)
                yield return module;
        }
    }

    /// <summary>BTF of one module, or null.</summary>
    public CoreModule? TryGetModule(string name) => TryGet() is { } kernel ? TryReadModule(name, kernel) : null;

    /// <summary>BTF from a file: raw, or an ELF file's .BTF section.</summary>
    public static BtfData ReadFile(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.AsSpan().StartsWith("\x7fELF"u8))
        {
            ElfFile elf = ElfFile.Parse(bytes);
            ElfSection section = elf.FindSection(".BTF") ?? throw new BpfException(BpfErrno.ENOENT, $"reading BTF from '{path}'", null, "The file has no section .BTF.");
            return BtfData.Parse(section.Data);
        }

        return BtfData.Parse(bytes);
    }

    private CoreModule? TryReadModule(string name, BtfData kernel)
    {
        if (_kernel.Facts.ReadBtf(name, out KernelBlob? blob) < 0 || blob is null)
            return null;

        // Copied out of native memory: module BTF is small, and nobody else would free it.
        byte[] bytes = blob.GetSpan().ToArray();
        ((IDisposable)blob).Dispose();
        return new CoreModule(name, BtfData.Parse(bytes, kernel));
    }
}
