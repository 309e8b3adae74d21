namespace LibbpfSharp.Emulator;

/// <summary>
/// Kfuncs that begin and end a section: RCU, preemption, interrupts. Here they are only kept in balance. And bpf_throw, which
/// ends everything.
/// </summary>
internal static unsafe class SectionKfuncs
{
    public static void Declare(KfuncTable table)
    {
        table.Add("bpf_rcu_read_lock", "6.2", ProgramTypeSet.All, &RcuLock);
        table.Add("bpf_rcu_read_unlock", "6.2", ProgramTypeSet.All, &RcuUnlock);
        table.Add("bpf_throw", "6.7", ProgramTypeSets.GenericKfuncs, &Throw);
        table.Add("bpf_preempt_disable", "6.10", ProgramTypeSet.All, &PreemptDisable);
        table.Add("bpf_preempt_enable", "6.10", ProgramTypeSet.All, &PreemptEnable);
        table.Add("bpf_local_irq_save", "6.14", ProgramTypeSet.All, &InterruptsSave);
        table.Add("bpf_local_irq_restore", "6.14", ProgramTypeSet.All, &InterruptsRestore);
    }

    private static ulong Throw(RunContext run, ulong cookie, ulong r2, ulong r3, ulong r4, ulong r5) => throw new BpfThrownException(cookie);

    private static ulong RcuLock(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) => Begin(run, HeldKind.RcuReadLock, 0, "an RCU read lock");

    private static ulong RcuUnlock(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) => End(run, HeldKind.RcuReadLock, 0, "bpf_rcu_read_unlock without bpf_rcu_read_lock.");

    private static ulong PreemptDisable(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) => Begin(run, HeldKind.PreemptDisabled, 0, "preemption disabled");

    private static ulong PreemptEnable(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) => End(run, HeldKind.PreemptDisabled, 0, "bpf_preempt_enable without bpf_preempt_disable.");

    private static ulong InterruptsSave(RunContext run, ulong flags, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        const ulong InterruptsEnabled = 1 << 9; // X86_EFLAGS_IF
        *(ulong*)run.Write(flags, sizeof(ulong)) = InterruptsEnabled;
        return Begin(run, HeldKind.InterruptsDisabled, flags, "interrupts disabled");
    }

    private static ulong InterruptsRestore(RunContext run, ulong flags, ulong r2, ulong r3, ulong r4, ulong r5) =>
        End(run, HeldKind.InterruptsDisabled, flags, "bpf_local_irq_restore of flags that bpf_local_irq_save did not save.");

    private static ulong Begin(RunContext run, HeldKind kind, ulong address, string description)
    {
        run.Hold(new HeldResource(kind, address, description, null, null));
        return 0;
    }

    private static ulong End(RunContext run, HeldKind kind, ulong address, string complaint)
    {
        if (!run.TryRelease(kind, address, out _))
            RunContext.Fault(BpfFaultKind.UnbalancedLock, complaint);
        return 0;
    }
}
