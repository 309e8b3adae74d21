using System.Text;
using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers about cgroups, and for programs attached to them.</summary>
internal static class CgroupHelpers
{
    public static unsafe void Declare(HelperTable table)
    {
        ProgramTypeSet all = ProgramTypeSet.All;
        table.Add(BpfHelperId.GetCurrentCgroupId, "4.18", all, ReturnKind.Integer, [], &CurrentId);
        table.Add(BpfHelperId.GetCurrentAncestorCgroupId, "5.7", all, ReturnKind.Integer, [Anything], &CurrentAncestorId);
        table.Add(BpfHelperId.CurrentTaskUnderCgroup, "4.9", all, ReturnKind.Integer, [Map, Anything], &CurrentUnder);
        table.Add(BpfHelperId.SkbUnderCgroup, "4.8", Lwt | TrafficControl, ReturnKind.Integer, [Context, Map, Anything], &PacketUnder);
        table.Add(BpfHelperId.SkbCgroupId, "4.18", CgroupSkb | TrafficControl, ReturnKind.Integer, [Context], &PacketId);
        table.Add(BpfHelperId.SkbAncestorCgroupId, "4.19", CgroupSkb | TrafficControl, ReturnKind.Integer, [Context, Anything], &PacketAncestorId);
        table.Add(BpfHelperId.SkCgroupId, "5.8", CgroupSkb, ReturnKind.Integer, [ArgumentKind.Object], &SocketId);
        table.Add(BpfHelperId.SkAncestorCgroupId, "5.8", CgroupSkb, ReturnKind.Integer, [ArgumentKind.Object, Anything], &SocketAncestorId);
        table.Add(BpfHelperId.GetRetval, "5.18", CgroupResult, ReturnKind.Integer, [], &GetReturnValue, permit: HelperPermits.Result);
        table.Add(BpfHelperId.SetRetval, "5.18", CgroupResult, ReturnKind.Integer, [Anything], &SetReturnValue, permit: HelperPermits.Result);
        table.Add(BpfHelperId.SysctlGetName, "5.2", Sysctl, ReturnKind.Integer, [Context, WritableMemory, Size, Anything], &SysctlName);
        table.Add(BpfHelperId.SysctlGetCurrentValue, "5.2", Sysctl, ReturnKind.Integer, [Context, WritableMemory, Size], &SysctlCurrent);
        table.Add(BpfHelperId.SysctlGetNewValue, "5.2", Sysctl, ReturnKind.Integer, [Context, WritableMemory, Size], &SysctlNew);
        table.Add(BpfHelperId.SysctlSetNewValue, "5.2", Sysctl, ReturnKind.Integer, [Context, Memory, Size], &SysctlSet);
    }

    private static ulong CurrentId(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) => run.Task.CgroupId;

    private static ulong CurrentAncestorId(RunContext run, ulong level, ulong r2, ulong r3, ulong r4, ulong r5) => Ancestor(run, (int)level);

    // The socket of a packet belongs to the cgroup of the task that made it.
    private static ulong PacketId(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5) =>
        run.SocketBuffer(context).Socket is null ? 0 : run.Task.CgroupId;

    private static ulong PacketAncestorId(RunContext run, ulong context, ulong level, ulong r3, ulong r4, ulong r5) =>
        run.SocketBuffer(context).Socket is null ? 0 : Ancestor(run, (int)level);

    private static ulong SocketId(RunContext run, ulong socket, ulong r2, ulong r3, ulong r4, ulong r5) =>
        SocketHelpers.Find(run, socket) is null ? 0 : run.Task.CgroupId;

    private static ulong SocketAncestorId(RunContext run, ulong socket, ulong level, ulong r3, ulong r4, ulong r5) =>
        SocketHelpers.Find(run, socket) is null ? 0 : Ancestor(run, (int)level);

    /// <summary>The chain of cgroups from the root, which has id 1, to the current task's.</summary>
    private static List<ulong> Chain(RunContext run)
    {
        var chain = new List<ulong>();
        EmulatedCgroup? cgroup = run.Kernel.StandIns.All.OfType<EmulatedCgroup>().FirstOrDefault(c => c.Id == run.Task.CgroupId);
        if (cgroup is null && run.Task.CgroupId != 1)
            chain.Add(run.Task.CgroupId);
        for (; cgroup is not null; cgroup = cgroup.Parent)
            chain.Add(cgroup.Id);
        chain.Add(1);
        chain.Reverse();
        return chain;
    }

    private static ulong Ancestor(RunContext run, int level)
    {
        List<ulong> chain = Chain(run);
        return level >= 0 && level < chain.Count ? chain[level] : 0;
    }

    private static unsafe ulong CurrentUnder(RunContext run, ulong map, ulong index, ulong r3, ulong r4, ulong r5)
    {
        EmulatedMap target = run.MapOf(map);
        uint key = (uint)index;
        if (key >= target.MaxEntries)
            return Error(Errno.E2BIG);
        if (target.GetSlotObject((byte*)&key) is not EmulatedCgroup cgroup)
            return Error(Errno.EAGAIN);
        return Chain(run).Contains(cgroup.Id) ? 1UL : 0;
    }

    private static ulong PacketUnder(RunContext run, ulong context, ulong map, ulong index, ulong r4, ulong r5) =>
        run.SocketBuffer(context).Socket is null ? Error(Errno.ENOENT) : CurrentUnder(run, map, index, 0, 0, 0);

    private static ulong GetReturnValue(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) =>
        (ulong)(long)((run.ContextState as EventState)?.ReturnValue ?? 0);

    private static ulong SetReturnValue(RunContext run, ulong value, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        if (run.ContextState is EventState state)
            state.ReturnValue = (int)value;
        return 0;
    }

    private static ulong SysctlName(RunContext run, ulong context, ulong buffer, ulong size, ulong flags, ulong r5)
    {
        const ulong BaseName = 1;
        string name = run.State<EventState>(context).SysctlName;
        Span<byte> target = run.WriteSpan(buffer, size);
        if ((flags & ~BaseName) != 0)
            return Error(Errno.EINVAL);
        if ((flags & BaseName) != 0)
            name = name[(name.LastIndexOf('/') + 1)..];
        return Copy(target, Encoding.UTF8.GetBytes(name), padded: false);
    }

    private static ulong SysctlCurrent(RunContext run, ulong context, ulong buffer, ulong size, ulong r4, ulong r5) =>
        Copy(run.WriteSpan(buffer, size), run.State<EventState>(context).SysctlCurrent, padded: true);

    private static ulong SysctlNew(RunContext run, ulong context, ulong buffer, ulong size, ulong r4, ulong r5)
    {
        Span<byte> target = run.WriteSpan(buffer, size);
        if (run.State<EventState>(context).SysctlNew is { } value)
            return Copy(target, value, padded: true);
        target.Clear();
        return Error(Errno.EINVAL);
    }

    private static ulong SysctlSet(RunContext run, ulong context, ulong buffer, ulong size, ulong r4, ulong r5)
    {
        const uint PageSize = 4096;
        EventState state = run.State<EventState>(context);
        ReadOnlySpan<byte> value = run.ReadSpan(buffer, size);
        if (state.SysctlNew is null || value.IsEmpty)
            return Error(Errno.EINVAL);
        if (value.Length > PageSize - 1)
            return Error(Errno.E2BIG);
        state.SysctlNew = value.ToArray();
        state.SysctlChanged = true;
        return 0;
    }

    private static ulong Copy(Span<byte> target, ReadOnlySpan<byte> text, bool padded)
    {
        if (target.IsEmpty)
            return Error(Errno.E2BIG);
        if (padded)
            target.Clear();
        int copied = Math.Min(text.Length, target.Length - 1);
        text[..copied].CopyTo(target);
        target[copied] = 0;
        return copied < text.Length ? Error(Errno.E2BIG) : (ulong)copied;
    }
}
