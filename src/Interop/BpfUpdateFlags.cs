namespace LibbpfSharp;

/// <summary>How an element is written or read, as the element flags of linux/bpf.h.</summary>
[Flags]
public enum BpfUpdateFlags : ulong
{
    /// <summary>BPF_ANY: create or overwrite.</summary>
    Any = 0,

    /// <summary>BPF_NOEXIST: create only; EEXIST if the key is there.</summary>
    NoExist = 1,

    /// <summary>BPF_EXIST: overwrite only; ENOENT if the key is missing. Queues and stacks: drop the oldest when full.</summary>
    Exist = 2,

    /// <summary>BPF_F_LOCK: copy under the value's bpf_spin_lock (5.1); EINVAL if the value has none.</summary>
    Lock = 4,

    /// <summary>BPF_F_CPU: one CPU's slot of a per-CPU map, the CPU in bits 32..63 (7.0).</summary>
    Cpu = 8,

    /// <summary>BPF_F_ALL_CPUS: one value written to the slots of all CPUs of a per-CPU map (7.0).</summary>
    AllCpus = 16,
}
