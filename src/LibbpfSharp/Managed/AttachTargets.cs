using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Finds the BTF type that a tracing, LSM, iterator or replacement program is loaded for.</summary>
internal static class AttachTargets
{
    /// <summary>What BPF_PROG_LOAD is told of the target.</summary>
    /// <param name="BtfId">Type id.</param>
    /// <param name="Fd">Descriptor of the program or module BTF that has it; 0 for the kernel itself.</param>
    public readonly record struct Target(uint BtfId, int Fd);

    /// <summary>Finds the target of a program.</summary>
    /// <exception cref="BpfException">There is none of that name.</exception>
    public static Target Resolve(BpfProgramDefinition program, IBpfKernel kernel, KernelExterns externs)
    {
        string name = program.AttachTarget;
        if (program.AttachProgram is { } other)
            return InProgram(program, other, kernel, name);
        if (program.Type == BpfProgramType.Ext)
            throw Failure(program, BpfErrno.EINVAL, "It replaces a function of another program: set AttachProgram before load.");
        if (name.Length == 0)
            throw Failure(program, BpfErrno.EINVAL, $"Section '{program.SectionName}' names no target: set AttachTarget before load.");

        // "module:function" looks in that module only.
        string? module = null;
        if (name.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            (module, name) = (name[..colon], name[(colon + 1)..]);
        (string prefix, BtfKind kind) = program.ExpectedAttachType switch
        {
            BpfAttachType.TraceRawTp => ("btf_trace_", BtfKind.Typedef),
            BpfAttachType.LsmMac or BpfAttachType.LsmCgroup => ("bpf_lsm_", BtfKind.Func),
            BpfAttachType.TraceIter => ("bpf_iter_", BtfKind.Func),
            _ => ("", BtfKind.Func),
        };
        string typeName = prefix + name;
        KernelTypes types = KernelTypes.Of(kernel);
        BtfData btf = types.Require("the attach target", program.ToString());
        if (module is null or "vmlinux" && btf.TryFindByName(typeName, kind, out uint id))
            return new Target(id, 0);
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(typeName);
        IEnumerable<CoreModule> modules = module is null ? types.Modules() : types.TryGetModule(module) is { } one ? [one] : [];
        foreach (CoreModule candidate in modules)
        {
            if (candidate.Btf.TryFindOwnByName(bytes, kind, out id))
                return new Target(id, externs.ModuleDescriptor(candidate.Name));
        }

        throw Failure(program, BpfErrno.ESRCH, $"{kernel.Name} has no {(kind == BtfKind.Func ? "function" : "type")} '{typeName}' in {(module is null ? "its BTF or its modules'" : $"the BTF of module '{module}'")}. Functions that the compiler inlined or renamed are not there.");
    }

    /// <summary>Finds a function in the BTF of a loaded program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="function">The function.</param>
    /// <param name="id">Its type id.</param>
    /// <param name="why">What is missing.</param>
    /// <exception cref="BpfException">The BTF cannot be read.</exception>
    public static bool TryFindFunction(BpfProgram program, string function, out uint id, out string? why)
    {
        id = 0;
        uint btfId = program.GetInfo().BtfId;
        if (btfId == 0)
        {
            why = $"{program.Subject} has no BTF: compile it with -g.";
            return false;
        }

        IBpfKernel kernel = program.Kernel;
        int fd = KernelObjectKind.Btf.Open(kernel, btfId);
        try
        {
            bool found = BtfData.Parse(ModuleBtf.Read(kernel, fd)).TryFindByName(function, BtfKind.Func, out id);
            why = found ? null : $"{program.Subject} has no function '{function}'.";
            return found;
        }
        finally
        {
            kernel.Close(fd);
        }
    }

    private static Target InProgram(BpfProgramDefinition program, BpfProgram other, IBpfKernel kernel, string function)
    {
        other.Handle.RequireKernel(kernel);
        return TryFindFunction(other, function, out uint id, out string? why)
            ? new Target(id, other.FileDescriptor)
            : throw Failure(program, other.GetInfo().BtfId == 0 ? BpfErrno.EINVAL : BpfErrno.ESRCH, why!);
    }

    private static BpfException Failure(BpfProgramDefinition program, BpfErrno errno, string remedy) =>
        new(errno, $"finding the attach target '{program.AttachTarget}'", program.ToString(), remedy);
}
