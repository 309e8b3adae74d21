namespace LibbpfSharp.Emulator;

/// <summary>Fields of a map value that the kernel owns: copies leave them out, deletion releases them.</summary>
internal enum MapFieldKind
{
    /// <summary>struct bpf_spin_lock, 4 bytes.</summary>
    SpinLock,

    /// <summary>struct bpf_res_spin_lock, 4 bytes.</summary>
    ResilientSpinLock,

    /// <summary>struct bpf_timer, 16 bytes.</summary>
    Timer,

    /// <summary>struct bpf_wq, 16 bytes.</summary>
    WorkQueue,

    /// <summary>struct bpf_task_work, 16 bytes.</summary>
    TaskWork,

    /// <summary>A pointer with the tag kptr_untrusted (or kptr): not counted.</summary>
    UntrustedKernelPointer,

    /// <summary>A pointer with the tag kptr or kptr_ref: owns a reference.</summary>
    ReferencedKernelPointer,

    /// <summary>A pointer with the tag percpu_kptr: owns a per-CPU object.</summary>
    PerCpuKernelPointer,

    /// <summary>A pointer with the tag uptr: user memory pinned for task storage.</summary>
    UserPointer,

    /// <summary>struct bpf_list_head, 16 bytes.</summary>
    ListHead,

    /// <summary>struct bpf_list_node, 24 bytes.</summary>
    ListNode,

    /// <summary>struct bpf_rb_root, 16 bytes.</summary>
    TreeRoot,

    /// <summary>struct bpf_rb_node, 32 bytes.</summary>
    TreeNode,

    /// <summary>struct bpf_refcount, 4 bytes.</summary>
    ReferenceCount,
}
