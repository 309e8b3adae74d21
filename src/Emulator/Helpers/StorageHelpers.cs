using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers over values that are kept with sockets, tasks, files and cgroups.</summary>
internal static unsafe class StorageHelpers
{
    private const ulong Create = 1;

    public static void Declare(HelperTable table)
    {
        ReadOnlySpan<ArgumentKind> get = [Map, ArgumentKind.ObjectOrNull, ArgumentKind.ObjectOrNull, Anything];
        ReadOnlySpan<ArgumentKind> delete = [Map, ArgumentKind.ObjectOrNull];
        ProgramTypeSet sockets = TrafficControl | CgroupSkb | SkMsg | SockAddr | SockOps | Sockopt | Btf | StructOps;
        table.Add(BpfHelperId.SkStorageGet, "5.2", sockets | CgroupSock, ReturnKind.MapValueOrNull, get, &Get);
        table.Add(BpfHelperId.SkStorageDelete, "5.2", sockets, ReturnKind.Integer, delete, &Delete);
        table.Add(BpfHelperId.InodeStorageGet, "5.10", Lsm, ReturnKind.MapValueOrNull, get, &Get);
        table.Add(BpfHelperId.InodeStorageDelete, "5.10", Lsm, ReturnKind.Integer, delete, &Delete);
        table.Add(BpfHelperId.TaskStorageGet, "5.11", ProgramTypeSet.All, ReturnKind.MapValueOrNull, get, &Get);
        table.Add(BpfHelperId.TaskStorageDelete, "5.11", ProgramTypeSet.All, ReturnKind.Integer, delete, &Delete);
        table.Add(BpfHelperId.CgrpStorageGet, "6.2", ProgramTypeSet.All, ReturnKind.MapValueOrNull, get, &Get);
        table.Add(BpfHelperId.CgrpStorageDelete, "6.2", ProgramTypeSet.All, ReturnKind.Integer, delete, &Delete);
        table.Add(BpfHelperId.GetLocalStorage, "4.19", Cgroup, ReturnKind.MapValueOrNull, [Map, Anything], &GetCgroupStorage);
    }

    private static ulong Get(RunContext run, ulong map, ulong owner, ulong initial, ulong flags, ulong r5)
    {
        LocalStorageMap storage = StorageOf(run, map);
        if (Find(run, owner) is not { } item || flags > Create)
            return 0;
        byte* value = initial == 0 ? null : run.Read(initial, storage.ValueSize);
        return run.LeaseValue(storage, storage.Get(item, value, flags == Create));
    }

    private static ulong Delete(RunContext run, ulong map, ulong owner, ulong r3, ulong r4, ulong r5)
    {
        LocalStorageMap storage = StorageOf(run, map);
        return Find(run, owner) is { } item ? (ulong)(long)storage.Remove(item) : Error(Errno.EINVAL);
    }

    // The value of the attachment through which the program was started.
    private static ulong GetCgroupStorage(RunContext run, ulong map, ulong flags, ulong r3, ulong r4, ulong r5)
    {
        if (run.MapOf(map) is not CgroupStorageMap storage)
        {
            RunContext.FaultArgument($"{run.MapOf(map).Description} is no cgroup storage.");
            return 0;
        }

        ulong cgroup = run.HookState is EmulatedCgroup attached ? attached.Id : run.Task.CgroupId;
        return run.LeaseValue(storage, storage.GetOrCreate(cgroup, (uint)run.Program.ExpectedAttachType, run.Cpu));
    }

    private static LocalStorageMap StorageOf(RunContext run, ulong map)
    {
        if (run.MapOf(map) is LocalStorageMap storage)
            return storage;
        RunContext.FaultArgument($"{run.MapOf(map).Description} is no local storage.");
        return null!;
    }

    private static EmulatedStandIn? Find(RunContext run, ulong owner)
    {
        switch (run.OwnerOf(owner))
        {
            case SocketView view:
                return view.StandIn ?? view.GetOrMakeStandIn(run.Kernel);
            case StandInObject item:
                return item.StandIn;
            default:
                if (owner == run.ContextAddress)
                    return SocketHelpers.Find(run, owner)?.GetOrMakeStandIn(run.Kernel);
                if (owner != 0)
                    RunContext.FaultArgument($"A socket, task, file or cgroup was expected but 0x{owner:x} is none.");
                return null;
        }
    }
}
