using LibbpfSharp.Formats.Btf;
using static LibbpfSharp.BpfAttachType;

namespace LibbpfSharp.Emulator;

/// <summary>What BPF_PROG_LOAD demands of attach type and target before and as the verifier begins (kernel/bpf/syscall.c, verifier.c).</summary>
internal static class AttachChecks
{
    /// <summary>The attach type that counts: two types had none in old kernels.</summary>
    public static BpfAttachType Normalise(BpfProgramType type, BpfAttachType attach) => type switch
    {
        BpfProgramType.CgroupSock when attach == 0 => CgroupInetSockCreate,
        BpfProgramType.SkReusePort when attach == 0 => SkReuseportSelect,
        _ => attach,
    };

    /// <summary>Checks without words.</summary>
    /// <returns>0 or -EINVAL.</returns>
    public static int Check(BpfProgramType type, BpfAttachType attach, uint btfId, bool hasTargetProgram)
    {
        bool byBtf = type is BpfProgramType.Tracing or BpfProgramType.Lsm or BpfProgramType.StructOps or BpfProgramType.Ext;
        if (btfId != 0 && !byBtf)
            return -Errno.EINVAL;
        if (hasTargetProgram && type is not (BpfProgramType.Tracing or BpfProgramType.Ext))
            return -Errno.EINVAL;
        bool fits = type switch
        {
            BpfProgramType.CgroupSock or BpfProgramType.CgroupSockAddr or BpfProgramType.CgroupSkb or BpfProgramType.CgroupSockopt => AttachmentTable.IsCgroupType(type, attach),
            BpfProgramType.SkLookup => attach == BpfAttachType.SkLookup,
            BpfProgramType.SkReusePort => attach is SkReuseportSelect or SkReuseportSelectOrMigrate,
            BpfProgramType.Netfilter => attach == BpfAttachType.Netfilter,
            BpfProgramType.Syscall or BpfProgramType.Ext => attach == 0,
            _ => true,
        };
        return fits ? 0 : -Errno.EINVAL;
    }

    /// <summary>Whether a program may sleep, and what one that attaches by BTF attaches to.</summary>
    /// <param name="load">The load.</param>
    /// <param name="isInModule">The target lies in a module, whose names are not looked up.</param>
    /// <exception cref="LoadRefusedException">It may not.</exception>
    public static void CheckTarget(ProgramLoad load, bool isInModule)
    {
        if (load.IsSleepable && !CanSleep(load))
            throw load.Refuse(Errno.EINVAL, -1, "Only fentry/fexit/fmod_ret, lsm, iter, uprobe, and struct_ops programs can be sleepable");
        if (load.Type == BpfProgramType.StructOps && load.AttachBtfId == 0)
            throw load.Refuse(Errno.ENOTSUPP, -1, "attach_btf_id 0 is not a supported struct");
        if (load.Type is not (BpfProgramType.Tracing or BpfProgramType.Lsm or BpfProgramType.Ext))
            return;
        if (load.AttachBtfId == 0)
            throw load.Refuse(Errno.EINVAL, -1, "Tracing programs must provide btf_id");
        if (load.AttachProgram is not null || isInModule)
            return;
        if (load.Type == BpfProgramType.Ext)
            throw load.Refuse(Errno.EINVAL, -1, "Cannot replace kernel functions");
        BtfData? btf = load.Kernel.KernelTypes.Btf;
        if (btf is null || !btf.IsValidId(load.AttachBtfId))
            throw load.Refuse(Errno.EINVAL, -1, $"attach_btf_id {load.AttachBtfId} is invalid");
        CheckTarget(load, btf, btf[load.AttachBtfId]);
    }

    private static void CheckTarget(ProgramLoad load, BtfData btf, BtfType target)
    {
        if (load is { Type: BpfProgramType.Tracing, ExpectedAttachType: TraceRawTp })
        {
            if (target.Kind != BtfKind.Typedef)
                throw load.Refuse(Errno.EINVAL, -1, $"attach_btf_id {load.AttachBtfId} is not a typedef");
            if (!target.Name.StartsWith("btf_trace_", StringComparison.Ordinal))
                throw load.Refuse(Errno.EINVAL, -1, $"attach_btf_id {load.AttachBtfId} points to wrong type name {target.Name}");
            return;
        }

        bool known = load.Type == BpfProgramType.Lsm
            ? load.ExpectedAttachType is LsmMac or LsmCgroup
            : load.ExpectedAttachType is TraceIter or TraceFentry or TraceFexit or ModifyReturn;
        if (!known)
            throw new LoadRefusedException(Errno.EINVAL, "");
        if (target.Kind != BtfKind.Func)
            throw load.Refuse(Errno.EINVAL, -1, $"attach_btf_id {load.AttachBtfId} is not a function");
        if (load.Type == BpfProgramType.Lsm && !target.Name.StartsWith("bpf_lsm_", StringComparison.Ordinal))
            throw load.Refuse(Errno.EINVAL, -1, $"attach_btf_id {load.AttachBtfId} points to wrong type name {target.Name}");

        // An iterator's target has a context of its own.
        const string Iterator = "bpf_iter_";
        if (load.ExpectedAttachType == TraceIter
            && !(target.Name.StartsWith(Iterator, StringComparison.Ordinal) && btf.TryFindByName("bpf_iter__" + target.Name[Iterator.Length..], BtfKind.Struct, out _)))
            throw new LoadRefusedException(Errno.EINVAL, "");
    }

    private static bool CanSleep(ProgramLoad load) => load.Type switch
    {
        BpfProgramType.Tracing => load.ExpectedAttachType is TraceFentry or TraceFexit or ModifyReturn or TraceIter,
        BpfProgramType.Lsm or BpfProgramType.Kprobe or BpfProgramType.StructOps or BpfProgramType.Syscall => true,
        _ => false,
    };
}
