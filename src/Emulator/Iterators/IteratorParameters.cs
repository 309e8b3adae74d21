namespace LibbpfSharp.Emulator;

/// <summary>Parameters of an iterator's link (union bpf_iter_link_info).</summary>
/// <param name="Pid">Only this process or thread; 0 for all.</param>
/// <param name="Order">BPF_CGROUP_ITER_*.</param>
internal readonly record struct IteratorParameters(int Pid = 0, uint Order = 0);
