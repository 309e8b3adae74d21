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

    /// <summary>Finds a member of a structure of the kernel, also within its anonymous structures and unions.</summary>
    /// <param name="structure">Name of the structure.</param>
    /// <param name="member">Name of the member.</param>
    /// <param name="offset">Its offset in bytes.</param>
    /// <returns>False if there is no such member, or it is a bit field.</returns>
    public bool TryFindMember(string structure, string member, out uint offset)
    {
        offset = 0;
        return Btf is { } btf && btf.TryFindByName(structure, BtfKind.Struct, out uint id) && TryFindMember(btf, id, member, 0, ref offset);
    }

    private static bool TryFindMember(BtfData btf, uint id, string wanted, int depth, ref uint offset)
    {
        const int DeepestNesting = 16;
        foreach (BtfMember member in btf[id].Members)
        {
            if (member.Name == wanted)
            {
                offset += member.BitOffset / 8;
                return member.BitfieldSize == 0;
            }

            if (member.NameOffset != 0 || depth == DeepestNesting || btf[member.TypeId].Kind is not (BtfKind.Struct or BtfKind.Union))
                continue;
            uint inner = offset + (member.BitOffset / 8);
            if (!TryFindMember(btf, member.TypeId, wanted, depth + 1, ref inner))
                continue;
            offset = inner;
            return true;
        }

        return false;
    }

    private static string? Name(BtfData? btf, uint id, BtfKind kind)
    {
        if (btf is null || !btf.IsValidId(id))
            return null;
        BtfType type = btf[id];
        return type.Kind == kind ? type.Name : null;
    }
}
