using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers over ring buffers.</summary>
internal static unsafe class RingBufferHelpers
{
    /// <summary>Discards a record that a program left behind.</summary>
    public static readonly Action<RunContext, HeldResource> TakeBackRecord = static (_, held) =>
    {
        const ulong NoWakeup = 1;
        if (held.Data != 0)
            ((RingBufferMap)held.Object!).Commit((byte*)held.Data, NoWakeup, discard: true);
    };

    public static void Declare(HelperTable table)
    {
        ProgramTypeSet all = ProgramTypeSet.All;
        table.Add(BpfHelperId.RingbufOutput, "5.8", all, ReturnKind.Integer, [Map, Memory, SizeOrZero, Anything], &Output);
        table.Add(BpfHelperId.RingbufReserve, "5.8", all, ReturnKind.MemoryOrNull, [Map, Anything, Anything], &Reserve);
        table.Add(BpfHelperId.RingbufSubmit, "5.8", all, ReturnKind.Void, [ArgumentKind.Object, Anything], &Submit);
        table.Add(BpfHelperId.RingbufDiscard, "5.8", all, ReturnKind.Void, [ArgumentKind.Object, Anything], &Discard);
        table.Add(BpfHelperId.RingbufQuery, "5.8", all, ReturnKind.Integer, [Map, Anything], &Query);
        table.Add(BpfHelperId.UserRingbufDrain, "6.1", all, ReturnKind.Integer, [Map, Function, StackOrNull, Anything], &Drain, callsBack: true);
    }

    /// <summary>The ring buffer that a register holds.</summary>
    public static RingBufferMap RingOf(RunContext run, ulong map)
    {
        if (run.MapOf(map) is RingBufferMap ring)
            return ring;
        RunContext.FaultArgument($"{run.MapOf(map).Description} is no ring buffer.");
        return null!;
    }

    private static ulong Output(RunContext run, ulong map, ulong data, ulong size, ulong flags, ulong r5)
    {
        RingBufferMap ring = RingOf(run, map);
        ReadOnlySpan<byte> bytes = run.ReadSpan(data, size);
        fixed (byte* source = bytes)
            return (ulong)(long)ring.Output(source, (uint)bytes.Length, flags);
    }

    private static ulong Reserve(RunContext run, ulong map, ulong size, ulong flags, ulong r4, ulong r5)
    {
        RingBufferMap ring = RingOf(run, map);
        byte* data = ring.Reserve(size, flags);
        if (data == null)
            return 0;
        ulong address = run.OpenRegion(RegionKind.RingBufferRecord, data, (uint)size, (uint)size, ring);
        run.Hold(new HeldResource(HeldKind.RingBufferRecord, address, $"a record of {ring.Description}", ring, TakeBackRecord) { Data = (ulong)data });
        return address;
    }

    private static ulong Submit(RunContext run, ulong record, ulong flags, ulong r3, ulong r4, ulong r5) => End(run, record, flags, discard: false);

    private static ulong Discard(RunContext run, ulong record, ulong flags, ulong r3, ulong r4, ulong r5) => End(run, record, flags, discard: true);

    private static ulong End(RunContext run, ulong record, ulong flags, bool discard)
    {
        if (!run.TryRelease(HeldKind.RingBufferRecord, record, out HeldResource held))
        {
            RunContext.Fault(
                BpfFaultKind.UnbalancedReference,
                record == 0 ? "The ring buffer record is NULL; test what bpf_ringbuf_reserve returned." : $"0x{record:x} is no ring buffer record that the program reserved and still holds.");
        }

        run.CloseRegion(record, RegionEnd.Submitted);
        ((RingBufferMap)held.Object!).Commit((byte*)held.Data, flags, discard);
        return 0;
    }

    private static ulong Query(RunContext run, ulong map, ulong flags, ulong r3, ulong r4, ulong r5) => RingOf(run, map).Query(flags);

    private static ulong Drain(RunContext run, ulong map, ulong callback, ulong context, ulong flags, ulong r5)
    {
        if (run.MapOf(map) is not UserRingBufferMap ring)
        {
            RunContext.FaultArgument($"{run.MapOf(map).Description} is no user ring buffer.");
            return 0;
        }

        int function = run.FunctionIndex(callback);
        int error = ring.BeginDrain(flags);
        if (error != 0)
            return (ulong)(long)error;
        Dynptr dynptr = default;
        int samples = 0;
        run.Keep(context);
        ulong address = run.OpenRegion(RegionKind.Memory, (byte*)&dynptr, Dynptr.SizeInBytes, 0, ring);
        run.Keep(address);
        try
        {
            ulong stop = 0;
            for (int i = 0; i < UserRingBufferMap.MaximumSamples && stop == 0; i++)
            {
                int found = ring.PeekSample(out byte* sample, out uint size);
                if (found == -(int)BpfErrno.ENODATA)
                    break;
                if (found == -Errno.EAGAIN)
                    continue;
                if (found != 0)
                    return (ulong)(long)found;
                ulong data = run.OpenRegion(RegionKind.RingBufferRecord, sample, size, 0, ring);
                dynptr.Set(data, DynptrKind.Local, size, readOnly: true);
                try
                {
                    stop = run.CallFunction(function, address, context, 0, 0, 0);
                }
                finally
                {
                    run.CloseRegion(data, RegionEnd.Submitted);
                    ring.ReleaseSample(size);
                }

                samples++;
            }
        }
        finally
        {
            run.CloseRegion(address, RegionEnd.Returned);
            run.Unkeep();
            run.Unkeep();
            ring.EndDrain(flags, samples);
        }

        return (ulong)samples;
    }
}
