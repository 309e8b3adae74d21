using static LibbpfSharp.Emulator.HelperArguments;

namespace LibbpfSharp.Emulator;

/// <summary>Kfuncs over dynptrs.</summary>
internal static unsafe class DynptrKfuncs
{
    public static void Declare(KfuncTable table)
    {
        ProgramTypeSet skb = ProgramTypeSets.TrafficControl | ProgramTypeSets.SocketFilter | ProgramTypeSets.Cgroup | ProgramTypeSets.Lwt
            | ProgramTypeSets.SkSkb | ProgramTypeSets.TracingKfuncs | ProgramTypeSet.Of(BpfProgramType.Netfilter);
        table.Add("bpf_dynptr_from_skb", "6.4", skb, &FromSocketBuffer);
        table.Add("bpf_dynptr_from_xdp", "6.4", ProgramTypeSets.Xdp, &FromXdp);
        table.Add("bpf_dynptr_slice", "6.4", ProgramTypeSet.All, &Slice, KfuncFlags.ReturnsNull);
        table.Add("bpf_dynptr_slice_rdwr", "6.4", ProgramTypeSet.All, &WritableSlice, KfuncFlags.ReturnsNull);
        table.Add("bpf_dynptr_adjust", "6.5", ProgramTypeSet.All, &Adjust);
        table.Add("bpf_dynptr_is_null", "6.5", ProgramTypeSet.All, &IsNull);
        table.Add("bpf_dynptr_is_rdonly", "6.5", ProgramTypeSet.All, &IsReadOnly);
        table.Add("bpf_dynptr_size", "6.5", ProgramTypeSet.All, &Size);
        table.Add("bpf_dynptr_clone", "6.5", ProgramTypeSet.All, &Clone);
        table.Add("bpf_dynptr_copy", "6.16", ProgramTypeSet.All, &Copy);
        table.Add("bpf_dynptr_memset", "6.17", ProgramTypeSet.All, &Fill);
    }

    private static ulong FromSocketBuffer(RunContext run, ulong context, ulong flags, ulong address, ulong r4, ulong r5)
    {
        // Netfilter programs have the buffer itself, and not as their context.
        if (run.ContextState is SocketBufferState { } held && run.Program.Type == BpfProgramType.Netfilter && ReferenceEquals(run.OwnerOf(context), held.BufferObject(run.Kernel)))
            context = run.ContextAddress;
        SocketBufferState skb = run.SocketBuffer(context);
        Dynptr* dynptr = Dynptr.Of(run, address, write: true);
        dynptr->Clear();
        if (flags != 0)
            return Error(Errno.EINVAL);

        // Types that may not write packets get a read-only one.
        bool writable = run.Program.Type is BpfProgramType.SchedCls or BpfProgramType.SchedAct or BpfProgramType.LwtXmit or BpfProgramType.SkSkb;
        dynptr->Set(context, DynptrKind.SocketBuffer, skb.Length, readOnly: !writable);
        return 0;
    }

    private static ulong FromXdp(RunContext run, ulong context, ulong flags, ulong address, ulong r4, ulong r5)
    {
        XdpState xdp = run.XdpBuffer(context);
        Dynptr* dynptr = Dynptr.Of(run, address, write: true);
        dynptr->Clear();
        if (flags != 0)
            return Error(Errno.EINVAL);
        dynptr->Set(context, DynptrKind.Xdp, (uint)xdp.Packet.Length);
        return 0;
    }

    private static ulong Slice(RunContext run, ulong address, ulong offset, ulong buffer, ulong length, ulong r5) => SliceOf(run, address, (uint)offset, (uint)length, writable: false);

    private static ulong WritableSlice(RunContext run, ulong address, ulong offset, ulong buffer, ulong length, ulong r5)
    {
        Dynptr* dynptr = Dynptr.Of(run, address);
        return dynptr->IsNull || dynptr->IsReadOnly ? 0 : SliceOf(run, address, (uint)offset, (uint)length, writable: true);
    }

    // The data is in one piece here, so the program's buffer is never needed.
    private static ulong SliceOf(RunContext run, ulong address, uint offset, uint length, bool writable)
    {
        Dynptr* dynptr = Dynptr.Of(run, address);
        if (dynptr->IsNull || !dynptr->Contains(offset, length))
            return 0;
        uint start = dynptr->Offset + offset;
        if (dynptr->Kind is DynptrKind.Local or DynptrKind.RingBuffer)
            return dynptr->Data + start;
        PacketBuffer packet = dynptr->PacketOf(run);
        if (start + length > packet.Length)
            return 0;
        return run.OpenRegion(RegionKind.Slice, packet.DataPointer + start, length, writable ? length : 0, packet);
    }

    private static ulong Adjust(RunContext run, ulong address, ulong start, ulong end, ulong r4, ulong r5)
    {
        Dynptr* dynptr = Dynptr.Of(run, address, write: true);
        (uint first, uint last) = ((uint)start, (uint)end);
        if (dynptr->IsNull || first > last)
            return Error(Errno.EINVAL);
        if (first > dynptr->Size || last > dynptr->Size)
            return Error(Errno.ERANGE);
        dynptr->Offset += first;
        dynptr->SetSize(last - first);
        return 0;
    }

    private static ulong IsNull(RunContext run, ulong address, ulong r2, ulong r3, ulong r4, ulong r5) => Dynptr.Of(run, address)->IsNull ? 1UL : 0;

    private static ulong IsReadOnly(RunContext run, ulong address, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        Dynptr* dynptr = Dynptr.Of(run, address);
        return !dynptr->IsNull && dynptr->IsReadOnly ? 1UL : 0;
    }

    private static ulong Size(RunContext run, ulong address, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        Dynptr* dynptr = Dynptr.Of(run, address);
        return dynptr->IsNull ? Error(Errno.EINVAL) & uint.MaxValue : dynptr->Size;
    }

    private static ulong Copy(RunContext run, ulong target, ulong targetOffset, ulong source, ulong sourceOffset, ulong size)
    {
        Dynptr* to = Dynptr.Of(run, target);
        Dynptr* from = Dynptr.Of(run, source);
        (uint toOffset, uint fromOffset, uint length) = ((uint)targetOffset, (uint)sourceOffset, (uint)size);
        if (to->IsNull || from->IsNull || to->IsReadOnly)
            return Error(Errno.EINVAL);
        if (!to->Contains(toOffset, length) || !from->Contains(fromOffset, length))
            return Error(Errno.E2BIG);
        Span<byte> bytes = BytesOf(run, to, toOffset, length, writable: true);
        BytesOf(run, from, fromOffset, length, writable: false).CopyTo(bytes);
        return 0;
    }

    private static ulong Fill(RunContext run, ulong address, ulong offset, ulong size, ulong value, ulong r5)
    {
        Dynptr* dynptr = Dynptr.Of(run, address);
        if (dynptr->IsNull || dynptr->IsReadOnly)
            return Error(Errno.EINVAL);
        if (!dynptr->Contains((uint)offset, (uint)size))
            return Error(Errno.E2BIG);
        BytesOf(run, dynptr, (uint)offset, (uint)size, writable: true).Fill((byte)value);
        return 0;
    }

    // Data of any kind in native memory: here it is in one piece.
    private static Span<byte> BytesOf(RunContext run, Dynptr* dynptr, uint offset, uint length, bool writable)
    {
        uint start = dynptr->Offset + offset;
        if (length == 0)
            return default;
        if (dynptr->Kind is DynptrKind.Local or DynptrKind.RingBuffer)
            return new Span<byte>(writable ? run.Write(dynptr->Data + start, length) : run.Read(dynptr->Data + start, length), (int)length);
        PacketBuffer packet = dynptr->PacketOf(run);
        if (start + (ulong)length > (ulong)packet.Length)
            RunContext.FaultArgument("The dynptr reaches beyond the packet.");
        return packet.Data.Slice((int)start, (int)length);
    }

    private static ulong Clone(RunContext run, ulong address, ulong clone, ulong r3, ulong r4, ulong r5)
    {
        Dynptr* dynptr = Dynptr.Of(run, address);
        Dynptr* target = Dynptr.Of(run, clone, write: true);
        if (dynptr->IsNull)
        {
            target->Clear();
            return Error(Errno.EINVAL);
        }

        *target = *dynptr;
        return 0;
    }
}
