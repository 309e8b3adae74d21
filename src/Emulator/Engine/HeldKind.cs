namespace LibbpfSharp.Emulator;

/// <summary>Sorts of things that a program must give back.</summary>
internal enum HeldKind : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>bpf_spin_lock.</summary>
    SpinLock,

    /// <summary>bpf_res_spin_lock.</summary>
    ResilientSpinLock,

    /// <summary>bpf_rcu_read_lock.</summary>
    RcuReadLock,

    /// <summary>bpf_preempt_disable.</summary>
    PreemptDisabled,

    /// <summary>bpf_local_irq_save.</summary>
    InterruptsDisabled,

    /// <summary>A reserved ring buffer record.</summary>
    RingBufferRecord,

    /// <summary>A reserved ring buffer dynptr.</summary>
    RingBufferDynptr,

    /// <summary>A referenced kernel object: socket, task, cgroup, allocated object.</summary>
    Object,

    /// <summary>An open-coded iterator.</summary>
    Iterator,
}
