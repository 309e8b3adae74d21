using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers over performance counters. Their values are what a test says; the CPUs keep no branch records.</summary>
internal static unsafe class CounterHelpers
{
    private const int ValueSize = 24; // struct bpf_perf_event_value: counter, enabled, running
    private const int BranchEntrySize = 24;

    public static void Declare(HelperTable table)
    {
        ProgramTypeSet all = ProgramTypeSet.All;
        table.Add(BpfHelperId.PerfEventRead, "4.3", all, ReturnKind.Integer, [Map, Anything], &Read, gplOnly: true);
        table.Add(BpfHelperId.PerfEventReadValue, "4.15", all, ReturnKind.Integer, [Map, Anything, WritableMemory, Size], &ReadValue, gplOnly: true);
        table.Add(BpfHelperId.PerfProgReadValue, "4.15", PerfEvent, ReturnKind.Integer, [Context, WritableMemory, Size], &ReadOwn, gplOnly: true);
        table.Add(BpfHelperId.ReadBranchRecords, "5.6", PerfEvent, ReturnKind.Integer, [Context, MemoryOrNull, SizeOrZero, Anything], &ReadBranches, gplOnly: true);
        table.Add(BpfHelperId.GetBranchSnapshot, "5.16", all, ReturnKind.Integer, [WritableMemory, SizeOrZero], &SnapshotBranches, gplOnly: true);
    }

    private static int Find(RunContext run, ulong map, ulong flags, out EmulatedPerfEvent? found)
    {
        const ulong IndexMask = 0xffffffff, CurrentCpu = IndexMask;
        found = null;
        EmulatedMap target = run.MapOf(map);
        if ((flags & ~IndexMask) != 0)
            return -Errno.EINVAL;
        uint index = (flags & IndexMask) == CurrentCpu ? (uint)run.Kernel.Facts.PossibleCpus[run.Cpu] : (uint)flags;
        if (index >= target.MaxEntries)
            return -Errno.E2BIG;
        found = (target as PerfEventArrayMap)?.GetEvent(index);
        return found is null ? -Errno.ENOENT : 0;
    }

    private static ulong Read(RunContext run, ulong map, ulong flags, ulong r3, ulong r4, ulong r5)
    {
        int error = Find(run, map, flags, out EmulatedPerfEvent? found);
        return error != 0 ? (ulong)(long)error : run.Kernel.ReadCounter(found!);
    }

    private static ulong ReadValue(RunContext run, ulong map, ulong flags, ulong buffer, ulong size, ulong r5)
    {
        Span<byte> target = run.WriteSpan(buffer, size);
        int error = target.Length != ValueSize ? -Errno.EINVAL : Find(run, map, flags, out EmulatedPerfEvent? found) is var wrong && wrong != 0 ? wrong : Write(run, target, found!);
        if (error != 0)
            target.Clear();
        return (ulong)(long)error;
    }

    private static int Write(RunContext run, Span<byte> target, EmulatedPerfEvent found)
    {
        target.Clear();
        BitConverter.TryWriteBytes(target, run.Kernel.ReadCounter(found));
        return 0;
    }

    // The event that the program runs for: its own count is the sample period, which is in the context.
    private static ulong ReadOwn(RunContext run, ulong context, ulong buffer, ulong size, ulong r4, ulong r5)
    {
        Span<byte> target = run.WriteSpan(buffer, size);
        target.Clear();
        return target.Length == ValueSize ? 0 : Error(Errno.EINVAL);
    }

    private static ulong ReadBranches(RunContext run, ulong context, ulong buffer, ulong size, ulong flags, ulong r5)
    {
        const ulong SizeOnly = 1;
        if ((uint)size > 0)
            _ = run.WriteSpan(buffer, size);
        return Error((flags & ~SizeOnly) != 0 || ((flags & SizeOnly) == 0 && ((uint)size == 0 || (uint)size % BranchEntrySize != 0) && buffer != 0) ? Errno.EINVAL : Errno.ENOENT);
    }

    private static ulong SnapshotBranches(RunContext run, ulong buffer, ulong size, ulong flags, ulong r4, ulong r5)
    {
        _ = run.WriteSpan(buffer, size);
        return Error(flags != 0 ? Errno.EINVAL : Errno.ENOENT);
    }
}
