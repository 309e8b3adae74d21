using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers over dynptrs.</summary>
internal static unsafe class DynptrHelpers
{
    public static void Declare(HelperTable table)
    {
        ProgramTypeSet all = ProgramTypeSet.All;
        table.Add(BpfHelperId.DynptrFromMem, "6.0", all, ReturnKind.Integer, [Memory, SizeOrZero, Anything, ArgumentKind.Object], &FromMemory);
        table.Add(BpfHelperId.DynptrRead, "6.0", all, ReturnKind.Integer, [WritableMemory, SizeOrZero, ArgumentKind.Object, Anything, Anything], &Read);
        table.Add(BpfHelperId.DynptrWrite, "6.0", all, ReturnKind.Integer, [ArgumentKind.Object, Anything, Memory, SizeOrZero, Anything], &Write);
        table.Add(BpfHelperId.DynptrData, "6.0", all, ReturnKind.MemoryOrNull, [ArgumentKind.Object, Anything, Anything], &Data);
        table.Add(BpfHelperId.RingbufReserveDynptr, "6.0", all, ReturnKind.Integer, [Map, Anything, Anything, ArgumentKind.Object], &Reserve);
        table.Add(BpfHelperId.RingbufSubmitDynptr, "6.0", all, ReturnKind.Void, [ArgumentKind.Object, Anything], &Submit);
        table.Add(BpfHelperId.RingbufDiscardDynptr, "6.0", all, ReturnKind.Void, [ArgumentKind.Object, Anything], &Discard);
    }

    private static ulong FromMemory(RunContext run, ulong data, ulong size, ulong flags, ulong address, ulong r5)
    {
        Dynptr* dynptr = Dynptr.Of(run, address, write: true);
        dynptr->Clear();
        uint length = (uint)size;
        if (length > Dynptr.MaximumSize)
            return Error(Errno.E2BIG);
        if (flags != 0)
            return Error(Errno.EINVAL);
        run.Read(data, length);
        dynptr->Set(data, DynptrKind.Local, length);
        return 0;
    }

    private static ulong Read(RunContext run, ulong destination, ulong size, ulong address, ulong offset, ulong flags)
    {
        Dynptr* dynptr = Dynptr.Of(run, address);
        Span<byte> target = run.WriteSpan(destination, size);
        if (dynptr->IsNull || flags != 0)
            return Error(Errno.EINVAL);
        if (!dynptr->Contains(offset, (ulong)target.Length))
            return Error(Errno.E2BIG);
        uint start = dynptr->Offset + (uint)offset;
        if (dynptr->Kind is DynptrKind.Local or DynptrKind.RingBuffer)
        {
            run.ReadSpan(dynptr->Data + start, (ulong)target.Length).CopyTo(target);
            return 0;
        }

        ReadOnlySpan<byte> packet = dynptr->PacketOf(run).Data;
        if (start + target.Length > packet.Length)
        {
            target.Clear();
            return Error(Errno.EFAULT);
        }

        packet.Slice((int)start, target.Length).CopyTo(target);
        return 0;
    }

    private static ulong Write(RunContext run, ulong address, ulong offset, ulong source, ulong size, ulong flags)
    {
        Dynptr* dynptr = Dynptr.Of(run, address);
        ReadOnlySpan<byte> bytes = run.ReadSpan(source, size);
        if (dynptr->IsNull || dynptr->IsReadOnly)
            return Error(Errno.EINVAL);
        if (!dynptr->Contains(offset, (ulong)bytes.Length))
            return Error(Errno.E2BIG);
        uint start = dynptr->Offset + (uint)offset;
        if (dynptr->Kind is DynptrKind.Local or DynptrKind.RingBuffer)
        {
            if (flags != 0)
                return Error(Errno.EINVAL);
            bytes.CopyTo(run.WriteSpan(dynptr->Data + start, (ulong)bytes.Length));
            return 0;
        }

        const ulong StoreFlags = 3;
        PacketBuffer packet = dynptr->PacketOf(run);
        if (dynptr->Kind == DynptrKind.Xdp ? flags != 0 : (flags & ~StoreFlags) != 0)
            return Error(Errno.EINVAL);
        if (start + bytes.Length > packet.Length)
            return Error(Errno.EFAULT);
        bytes.CopyTo(packet.Data[(int)start..]);
        if (dynptr->Kind == DynptrKind.SocketBuffer)
        {
            if ((flags & 2) != 0)
                ((SocketBufferState)run.ContextState!).ClearHash();
            packet.Publish(run);
        }

        return 0;
    }

    private static ulong Data(RunContext run, ulong address, ulong offset, ulong length, ulong r4, ulong r5)
    {
        Dynptr* dynptr = Dynptr.Of(run, address);
        if (dynptr->IsNull || dynptr->IsReadOnly || !dynptr->Contains((uint)offset, (uint)length) || dynptr->Kind is not (DynptrKind.Local or DynptrKind.RingBuffer))
            return 0;
        return dynptr->Data + dynptr->Offset + (uint)offset;
    }

    // Even a reservation that failed must be submitted or discarded, says Linux.
    private static ulong Reserve(RunContext run, ulong map, ulong size, ulong flags, ulong address, ulong r5)
    {
        RingBufferMap ring = RingBufferHelpers.RingOf(run, map);
        Dynptr* dynptr = Dynptr.Of(run, address, write: true);
        dynptr->Clear();
        int error = 0;
        byte* data = null;
        if (flags != 0)
            error = -Errno.EINVAL;
        else if ((uint)size > Dynptr.MaximumSize)
            error = -Errno.E2BIG;
        else if ((data = ring.Reserve((uint)size, 0)) == null)
            error = -Errno.EINVAL;
        else
            dynptr->Set(run.OpenRegion(RegionKind.RingBufferRecord, data, (uint)size, (uint)size, ring), DynptrKind.RingBuffer, (uint)size);
        run.Hold(new HeldResource(HeldKind.RingBufferDynptr, address, $"a dynptr over a record of {ring.Description}", ring, RingBufferHelpers.TakeBackRecord) { Data = (ulong)data });
        return (ulong)(long)error;
    }

    private static ulong Submit(RunContext run, ulong address, ulong flags, ulong r3, ulong r4, ulong r5) => End(run, address, flags, discard: false);

    private static ulong Discard(RunContext run, ulong address, ulong flags, ulong r3, ulong r4, ulong r5) => End(run, address, flags, discard: true);

    private static ulong End(RunContext run, ulong address, ulong flags, bool discard)
    {
        if (!run.TryRelease(HeldKind.RingBufferDynptr, address, out HeldResource held))
            RunContext.Fault(BpfFaultKind.UnbalancedReference, "The dynptr is over no ring buffer record that the program reserved and still holds.");
        Dynptr* dynptr = Dynptr.Of(run, address, write: true);
        if (held.Data != 0)
        {
            if (!dynptr->IsNull)
                run.CloseRegion(dynptr->Data, RegionEnd.Submitted);
            ((RingBufferMap)held.Object!).Commit((byte*)held.Data, flags, discard);
        }

        dynptr->Clear();
        return 0;
    }
}
