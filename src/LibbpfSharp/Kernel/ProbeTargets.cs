using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Something by BTF in every kernel that a program of a kind can be loaded for, to try the kind out.</summary>
internal static class ProbeTargets
{
    /// <summary>The id of a target in the kernel's BTF.</summary>
    /// <returns>False if the kernel has no BTF, or nothing to attach to in this way.</returns>
    public static bool TryFind(IBpfKernel kernel, BpfAttachType attach, out uint id)
    {
        (BtfKind kind, string[] names) = attach switch
        {
            BpfAttachType.TraceRawTp => (BtfKind.Typedef, (string[])["btf_trace_sys_enter", "btf_trace_sched_switch"]),
            BpfAttachType.TraceFentry or BpfAttachType.TraceFexit => (BtfKind.Func, ["bpf_fentry_test1", "do_exit", "vfs_read"]),
            BpfAttachType.ModifyReturn => (BtfKind.Func, ["bpf_modify_return_test", "security_file_open"]),
            BpfAttachType.TraceIter => (BtfKind.Func, ["bpf_iter_bpf_map", "bpf_iter_task"]),
            BpfAttachType.LsmMac => (BtfKind.Func, ["bpf_lsm_file_open", "bpf_lsm_bpf"]),
            _ => throw new ArgumentOutOfRangeException(nameof(attach), attach, "It has no target by BTF."),
        };
        id = 0;
        if (KernelTypes.Of(kernel).TryGet() is not { } btf)
            return false;
        foreach (string name in names)
        {
            if (btf.TryFindByName(name, kind, out id))
                return true;
        }

        return false;
    }

    /// <summary>Whether the kernel's BTF has an enumerator.</summary>
    public static bool HasEnumerator(IBpfKernel kernel, string enumeration, string name)
    {
        if (KernelTypes.Of(kernel).TryGet() is not { } btf || !btf.TryFindByName(enumeration, BtfKind.Enum, out uint id))
            return false;
        foreach (BtfEnumValue value in btf[id].EnumValues)
        {
            if (value.Name == name)
                return true;
        }

        return false;
    }
}
