namespace LibbpfSharp.Emulator;

/// <summary>Kfuncs that take and give references to tasks and cgroups.</summary>
internal static unsafe class TaskKfuncs
{
    public static void Declare(KfuncTable table)
    {
        ProgramTypeSet types = ProgramTypeSets.GenericKfuncs;
        table.Add("bpf_task_acquire", "6.2", types, &Acquire, KfuncFlags.Acquire | KfuncFlags.ReturnsNull | KfuncFlags.Rcu);
        table.Add("bpf_task_release", "6.2", types, &Release, KfuncFlags.Release);
        table.Add("bpf_task_from_pid", "6.2", types, &FromPid, KfuncFlags.Acquire | KfuncFlags.ReturnsNull);
        table.Add("bpf_task_from_vpid", "6.14", types, &FromPid, KfuncFlags.Acquire | KfuncFlags.ReturnsNull);
        table.Add("bpf_cgroup_acquire", "6.2", types, &Acquire, KfuncFlags.Acquire | KfuncFlags.ReturnsNull | KfuncFlags.Rcu);
        table.Add("bpf_cgroup_release", "6.2", types, &Release, KfuncFlags.Release);
        table.Add("bpf_cgroup_ancestor", "6.2", types, &Ancestor, KfuncFlags.Acquire | KfuncFlags.ReturnsNull | KfuncFlags.Rcu);
        table.Add("bpf_cgroup_from_id", "6.3", types, &FromId, KfuncFlags.Acquire | KfuncFlags.ReturnsNull);
        table.Add("bpf_task_under_cgroup", "6.5", types, &IsUnder, KfuncFlags.Rcu);
    }

    private static ulong Acquire(RunContext run, ulong item, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        StandInObject found = Find(run, item);
        found.Acquire();
        return ObjectHelpers.Own(run, found);
    }

    private static ulong Release(RunContext run, ulong item, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        if (!run.TryRelease(HeldKind.Object, item, out HeldResource held) || held.Object is not GuestObject found)
        {
            RunContext.Fault(BpfFaultKind.UnbalancedReference, $"0x{item:x} is no object that the program has to release.");
            return 0;
        }

        if (found is not StandInObject)
            run.CloseRegion(item, RegionEnd.Released);
        found.Release();
        return 0;
    }

    private static ulong FromPid(RunContext run, ulong pid, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        if ((int)pid == run.Task.Pid)
            return Acquire(run, run.Kernel.CurrentTaskObject.Address(run), 0, 0, 0, 0);
        if (!run.Kernel.StandIns.TryFindProcess((int)pid, out EmulatedProcess? process))
            return 0;
        return ObjectHelpers.Own(run, StandInObject.OfTask(run.Kernel, process, process.AsTask()));
    }

    private static ulong FromId(RunContext run, ulong id, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        EmulatedCgroup? cgroup = run.Kernel.StandIns.All.OfType<EmulatedCgroup>().FirstOrDefault(c => c.Id == id);
        return cgroup is null ? 0 : ObjectHelpers.Own(run, StandInObject.OfCgroup(run.Kernel, cgroup));
    }

    private static ulong Ancestor(RunContext run, ulong item, ulong level, ulong r3, ulong r4, ulong r5)
    {
        if (Find(run, item).StandIn is not EmulatedCgroup cgroup)
            return 0;
        var chain = new List<EmulatedCgroup>();
        for (EmulatedCgroup? at = cgroup; at is not null; at = at.Parent)
            chain.Insert(0, at);

        // Level 0 is the root, which is no stand-in.
        int index = (int)level - 1;
        return index < 0 || index >= chain.Count ? 0 : ObjectHelpers.Own(run, StandInObject.OfCgroup(run.Kernel, chain[index]));
    }

    private static ulong IsUnder(RunContext run, ulong task, ulong cgroup, ulong r3, ulong r4, ulong r5)
    {
        _ = Find(run, task);
        ulong wanted = Find(run, cgroup).StandIn?.Id ?? 0;
        EmulatedCgroup? at = run.Kernel.StandIns.All.OfType<EmulatedCgroup>().FirstOrDefault(c => c.Id == run.Task.CgroupId);
        for (; at is not null; at = at.Parent)
        {
            if (at.Id == wanted)
                return 1;
        }

        return 0;
    }

    private static StandInObject Find(RunContext run, ulong address)
    {
        if (run.OwnerOf(address) is StandInObject item)
            return item;
        RunContext.FaultArgument($"A task or cgroup was expected but 0x{address:x} is none.");
        return null!;
    }
}
