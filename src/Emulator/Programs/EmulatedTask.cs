namespace LibbpfSharp.Emulator;

/// <summary>The process in whose place emulated programs run.</summary>
public sealed class EmulatedTask
{
    private string _comm = "test";

    /// <summary>Thread id (pid in the kernel's words).</summary>
    public int Pid { get; set; } = 1000;

    /// <summary>Process id (tgid in the kernel's words).</summary>
    public int Tgid { get; set; } = 1000;

    /// <summary>User id.</summary>
    public uint Uid { get; set; }

    /// <summary>Group id.</summary>
    public uint Gid { get; set; }

    /// <summary>Name of the executable, at most 15 bytes as UTF-8.</summary>
    /// <exception cref="ArgumentException">The name is longer.</exception>
    public string Comm
    {
        get => _comm;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (System.Text.Encoding.UTF8.GetByteCount(value) > 15)
                throw new ArgumentException($"'{value}' is longer than the 15 bytes that a comm can have.", nameof(value));
            _comm = value;
        }
    }

    /// <summary>Id of its cgroup in the default hierarchy. Default: 1, the root.</summary>
    public ulong CgroupId { get; set; } = 1;

    /// <summary>Class id that bpf_get_cgroup_classid gives (net_cls). Default: 0.</summary>
    public uint ClassId { get; set; }

    /// <summary>Device and inode of its pid namespace, for bpf_get_ns_current_pid_tgid. Default: the initial one's usual numbers.</summary>
    public (ulong Device, ulong Inode) PidNamespace { get; set; } = (4, 4026531836);

    /// <summary>
    /// Addresses on its kernel stack, innermost first, for bpf_get_stack and bpf_get_stackid; none is a walk that fails (-EFAULT).
    /// Default: two made-up ones, since on Linux there is always a stack.
    /// </summary>
    public IReadOnlyList<ulong> KernelStack { get; set; } = [0xffff_ffff_8100_0123, 0xffff_ffff_8100_0456];

    /// <summary>Addresses on its user stack, innermost first; none is a walk that fails. Default: a made-up one.</summary>
    public IReadOnlyList<ulong> UserStack { get; set; } = [0x40_1000];

    /// <summary>
    /// Memory of the process: bytes at the user addresses that bpf_probe_read_user and bpf_copy_from_user read. Anything else is
    /// -EFAULT.
    /// </summary>
    public IDictionary<ulong, byte[]> UserMemory { get; } = new SortedDictionary<ulong, byte[]>();

    /// <summary>Its user registers (struct pt_regs, 168 bytes on x86-64), for bpf_task_pt_regs. Default: zeros.</summary>
    public byte[] Registers { get; set; } = [];

    /// <summary>Writes user memory.</summary>
    /// <returns>False if any byte lies outside the memory that the process has.</returns>
    internal bool TryWriteUser(ulong address, ReadOnlySpan<byte> bytes)
    {
        foreach ((ulong start, byte[] block) in UserMemory)
        {
            if (address < start || address - start >= (ulong)block.Length || (ulong)bytes.Length > (ulong)block.Length - (address - start))
                continue;
            bytes.CopyTo(block.AsSpan((int)(address - start)));
            return true;
        }

        return false;
    }

    /// <summary>Finds user memory.</summary>
    /// <returns>The bytes from the address to the end of their block; empty if there are none.</returns>
    internal ReadOnlySpan<byte> ReadUser(ulong address)
    {
        foreach ((ulong start, byte[] bytes) in UserMemory)
        {
            if (address >= start && address - start < (ulong)bytes.Length)
                return bytes.AsSpan((int)(address - start));
        }

        return default;
    }
}
