using LibbpfSharp.Formats.Btf;
using static LibbpfSharp.Emulator.HelperArguments;

namespace LibbpfSharp.Emulator;

/// <summary>Kfuncs that make and drop objects of the program's own types, that cast, and that ask a device for metadata.</summary>
internal static unsafe class ObjectKfuncs
{
    public static void Declare(KfuncTable table)
    {
        ProgramTypeSet all = ProgramTypeSet.All;
        ProgramTypeSet generic = ProgramTypeSets.GenericKfuncs;
        table.Add("bpf_obj_new_impl", "6.2", generic, &New, KfuncFlags.Acquire | KfuncFlags.ReturnsNull);
        table.Add("bpf_obj_drop_impl", "6.2", generic, &Drop, KfuncFlags.Release);
        table.Add("bpf_percpu_obj_new_impl", "6.7", generic, &NewPerCpu, KfuncFlags.Acquire | KfuncFlags.ReturnsNull);
        table.Add("bpf_percpu_obj_drop_impl", "6.7", generic, &Drop, KfuncFlags.Release);
        table.Add("bpf_cast_to_kern_ctx", "6.2", all, &CastContext);
        table.Add("bpf_rdonly_cast", "6.2", all, &CastReadOnly);
        table.Add("bpf_xdp_metadata_rx_timestamp", "6.3", ProgramTypeSets.Xdp, &NoMetadata);
        table.Add("bpf_xdp_metadata_rx_hash", "6.3", ProgramTypeSets.Xdp, &NoMetadata);
        table.Add("bpf_xdp_metadata_rx_vlan_tag", "6.8", ProgramTypeSets.Xdp, &NoMetadata);
    }

    private static ulong New(RunContext run, ulong typeId, ulong meta, ulong r3, ulong r4, ulong r5) => Make(run, (uint)typeId, 0);

    private static ulong NewPerCpu(RunContext run, ulong typeId, ulong meta, ulong r3, ulong r4, ulong r5) => Make(run, (uint)typeId, run.Kernel.CpuCount);

    private static ulong Make(RunContext run, uint typeId, int slots)
    {
        if (run.Program.Btf?.Data is not { } btf || !btf.IsValidId(typeId) || btf[typeId].Kind != BtfKind.Struct)
        {
            RunContext.FaultArgument($"{typeId} is no structure in the program's BTF.");
            return 0;
        }

        return ObjectHelpers.Own(run, new AllocatedObject(run.Kernel, btf[typeId].Name, btf[typeId].Size, run.Program.Btf.FieldsOf(typeId), slots));
    }

    private static ulong Drop(RunContext run, ulong item, ulong meta, ulong r3, ulong r4, ulong r5)
    {
        if (!run.TryRelease(HeldKind.Object, item, out HeldResource held) || held.Object is not AllocatedObject found)
        {
            RunContext.Fault(BpfFaultKind.UnbalancedReference, $"0x{item:x} is no object that the program made and still owns.");
            return 0;
        }

        if (!run.TryFindHeld(HeldKind.Object, item, out _))
            run.CloseRegion(item, RegionEnd.Released);
        found.Release();
        return 0;
    }

    // The kernel's own structure behind the context, with the fields that are known here.
    private static ulong CastContext(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        if (context != run.ContextAddress)
            RunContext.FaultArgument($"bpf_cast_to_kern_ctx takes the program's context; 0x{context:x} is not it.");
        if (run.ContextState is not SocketBufferState skb)
            return context;
        return StandInObject.OfSocketBuffer(run.Kernel, skb).Address(run);
    }

    private static ulong CastReadOnly(RunContext run, ulong item, ulong typeId, ulong r3, ulong r4, ulong r5) => item;

    // No device of the emulated machine has any.
    private static ulong NoMetadata(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5) => Error(Errno.EOPNOTSUPP) & uint.MaxValue;
}
