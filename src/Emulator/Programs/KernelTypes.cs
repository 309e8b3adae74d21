using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Emulator;

/// <summary>The kernel's BTF for kfuncs, variables and attach targets.</summary>
internal sealed unsafe class KernelTypes(EmulatedKernel kernel)
{
    /// <summary>The kernel's BTF; null for a kernel without.</summary>
    public BtfData? Btf => kernel.BtfCommands.Vmlinux?.Data;

    /// <summary>Name of the function with an id, or null if the id is none.</summary>
    /// <param name="load">The load, for its fd_array.</param>
    /// <param name="id">BTF id.</param>
    /// <param name="fdIndex">0 for the kernel, else the index of a module's BTF in fd_array.</param>
    public string? NameOfFunction(ProgramLoad load, uint id, int fdIndex)
    {
        BtfData? btf = Btf;
        if (fdIndex != 0)
        {
            if (load.FdArray == 0)
                throw load.Refuse(Errno.EPROTO, -1, "kfunc offset > 0 without fd_array is invalid");
            int fd = ((int*)load.FdArray)[fdIndex];
            if (kernel.Find((uint)fd, out EmulatedBtf? module) != 0)
                throw load.Refuse(Errno.EINVAL, -1, "invalid module BTF fd specified");
            btf = module!.Data;
        }

        return Name(btf, id, BtfKind.Func);
    }

    /// <summary>Name of the function with an id in the kernel's BTF (descriptor 0) or a module's; null if the id is none.</summary>
    public string? NameOfFunction(uint id, int btfFd) =>
        Name(btfFd == 0 ? Btf : kernel.Find((uint)btfFd, out EmulatedBtf? module) == 0 ? module!.Data : null, id, BtfKind.Func);

    public string NameOfVariable(uint id, int btfFd) => (btfFd == 0 ? Name(Btf, id, BtfKind.Var) : null) ?? $"#{id}";

    /// <summary>Name of the function or typedef that a tracing program attaches to.</summary>
    public string? NameOfType(uint id) => Btf is { } btf && btf.IsValidId(id) ? btf[id].Name : null;

    private static string? Name(BtfData? btf, uint id, BtfKind kind)
    {
        if (btf is null || !btf.IsValidId(id))
            return null;
        BtfType type = btf[id];
        return type.Kind == kind ? type.Name : null;
    }
}
