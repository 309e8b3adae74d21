using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Finds what the programs of one object name of the kernel: kfuncs, typed variables, addresses of symbols.</summary>
internal sealed class KernelExterns : IDisposable
{
    private readonly IBpfKernel _kernel;
    private readonly string _object;
    private readonly BtfData? _btf;
    private readonly Dictionary<BpfExternSpec, Resolved> _resolved = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, KernelHandle> _moduleBtf = new(StringComparer.Ordinal);
    private Dictionary<string, ulong>? _addresses;

    public KernelExterns(IBpfKernel kernel, string @object, BtfData? btf)
    {
        _btf = btf;
        _kernel = kernel;
        _object = @object;
    }

    /// <summary>What an extern is in the kernel.</summary>
    /// <param name="BtfId">BTF id; 0 if it is missing or has none.</param>
    /// <param name="ModuleFd">Descriptor of the module's BTF; 0 for the kernel itself.</param>
    /// <param name="Address">Address of a symbol; 0 if it is missing.</param>
    public readonly record struct Resolved(uint BtfId, int ModuleFd, ulong Address)
    {
        public bool IsFound => BtfId != 0 || Address != 0;
    }

    /// <summary>Finds an extern; a weak one that is missing is not <see cref="Resolved.IsFound"/>.</summary>
    /// <exception cref="BpfException">It is missing and not weak.</exception>
    public Resolved Resolve(BpfExternSpec wanted)
    {
        if (_resolved.TryGetValue(wanted, out Resolved known))
            return known;
        Resolved found = wanted.Kind switch
        {
            BpfExternKind.Kfunc => FindByBtf(wanted, BtfKind.Func),
            BpfExternKind.TypedKernelVariable => FindByBtf(wanted, BtfKind.Var),
            _ => new Resolved(0, 0, Address(wanted.EssentialName)),
        };
        if (!found.IsFound && !wanted.IsWeak)
        {
            string what = wanted.Kind == BpfExternKind.Kfunc ? "kernel function" : "kernel symbol";
            throw new BpfException(
                wanted.Kind == BpfExternKind.KernelSymbol ? BpfErrno.ENOENT : BpfErrno.ESRCH,
                $"resolving the {what} '{wanted.Name}'",
                $"object '{_object}'",
                $"{_kernel.Name} has no such {what}{(wanted.Kind == BpfExternKind.KernelSymbol ? ", or hides it (kernel.kptr_restrict, CONFIG_KALLSYMS_ALL)" : " in its BTF or its modules'")}: declare it __weak and test it with bpf_ksym_exists().");
        }

        _resolved.Add(wanted, found);
        return found;
    }

    /// <summary>The BTF of a module as the kernel has it, by descriptor.</summary>
    /// <returns>The descriptor, owned by this object.</returns>
    public int ModuleDescriptor(string module)
    {
        if (!_moduleBtf.TryGetValue(module, out KernelHandle? handle))
        {
            handle = new KernelHandle(_kernel, ModuleBtf.Open(_kernel, module), $"BTF of module '{module}'");
            _moduleBtf.Add(module, handle);
        }

        return handle.DangerousFd;
    }

    public void Dispose()
    {
        foreach (KernelHandle handle in _moduleBtf.Values)
            handle.Dispose();
    }

    private Resolved FindByBtf(BpfExternSpec wanted, BtfKind kind)
    {
        KernelTypes types = KernelTypes.Of(_kernel);
        if (types.TryGet() is not { } kernel)
            return default;
        if (kernel.TryFindByName(wanted.EssentialName, kind, out uint id))
            return Checked(wanted, kernel, id, 0);
        byte[] name = System.Text.Encoding.UTF8.GetBytes(wanted.EssentialName);
        foreach (CoreModule module in types.Modules())
        {
            if (module.Btf.TryFindOwnByName(name, kind, out id))
                return Checked(wanted, module.Btf, id, ModuleDescriptor(module.Name));
        }

        return default;
    }

    // The prototype that the program declares must be the kernel's; of a weak kfunc with another one is said that the kernel lacks it.
    private Resolved Checked(BpfExternSpec wanted, BtfData kernel, uint id, int moduleFd)
    {
        if (_btf is null || wanted.TypeId == 0 || CoreTypes.AreCompatible(_btf, wanted.TypeId, kernel, kernel[id].TypeId))
            return new Resolved(id, moduleFd, 0);
        if (wanted.IsWeak && wanted.Kind == BpfExternKind.Kfunc)
            return default;
        throw new BpfException(
            BpfErrno.EINVAL,
            $"resolving '{wanted.Name}'",
            $"object '{_object}'",
            $"the program declares it as another type than {_kernel.Name} has: parameters and what they point to must be of the same kinds. A structure that is only declared is none: define it, if need be without members.");
    }

    private ulong Address(string name)
    {
        if (_addresses is null)
        {
            _addresses = new Dictionary<string, ulong>(StringComparer.Ordinal);
            foreach (KernelSymbol symbol in _kernel.Facts.ReadSymbols())
                _addresses.TryAdd(symbol.Name, symbol.Address);
        }

        return _addresses.GetValueOrDefault(name);
    }
}
