using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>What an iterator program walks: all there is, or the part that a target names (union bpf_iter_link_info, 16 bytes).</summary>
public sealed class BpfIteratorTarget
{
    private readonly BpfMap? _map;
    private readonly string? _cgroup;
    private readonly uint _order;
    private readonly uint _thread;
    private readonly uint _process;

    private BpfIteratorTarget(BpfMap? map = null, string? cgroup = null, uint order = 0, uint thread = 0, uint process = 0)
    {
        _map = map;
        _cgroup = cgroup;
        _order = order;
        _thread = thread;
        _process = process;
    }

    /// <summary>The elements of a map (iter/bpf_map_elem, iter/bpf_sk_storage_map, iter/sockmap).</summary>
    /// <param name="map">The map.</param>
    public static BpfIteratorTarget Map(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return new BpfIteratorTarget(map);
    }

    /// <summary>A cgroup and others around it (iter/cgroup, 6.1).</summary>
    /// <param name="path">Path of the cgroup in cgroup2.</param>
    /// <param name="order">Which others.</param>
    public static BpfIteratorTarget Cgroup(string path, BpfCgroupOrder order)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new BpfIteratorTarget(cgroup: path, order: (uint)order);
    }

    /// <summary>One thread (iter/task and its kin, 6.1).</summary>
    /// <param name="threadId">Its number.</param>
    public static BpfIteratorTarget Thread(int threadId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threadId);
        return new BpfIteratorTarget(thread: (uint)threadId);
    }

    /// <summary>The threads of one process (iter/task and its kin, 6.1).</summary>
    /// <param name="processId">Its number.</param>
    public static BpfIteratorTarget Process(int processId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        return new BpfIteratorTarget(process: (uint)processId);
    }

    /// <summary>Attaches with this target; descriptors it names are open during the call.</summary>
    internal static unsafe BpfLink Attach(BpfProgram program, BpfIteratorTarget? target)
    {
        AttachErrors.RequireType(program, "an iterator", BpfProgramType.Tracing);
        IBpfKernel kernel = program.Kernel;
        uint* info = stackalloc uint[4];
        new Span<uint>(info, 4).Clear();
        int cgroup = -1;
        if (target?._map is { } map)
        {
            if (!ReferenceEquals(map.Kernel, kernel))
                throw new ArgumentException($"Map '{map.Name}' belongs to {map.Kernel.Name} and cannot be used with {kernel.Name}.");
            info[0] = (uint)map.FileDescriptor;
        }
        else if (target?._cgroup is { } path)
        {
            cgroup = kernel.OpenPath(path);
            if (cgroup < 0)
                throw AttachErrors.Refused(program, cgroup, $"cgroup '{path}'", $"There is no cgroup '{path}'.");
            info[0] = target._order;
            info[1] = (uint)cgroup;
        }
        else if (target is not null)
        {
            info[0] = target._thread;
            info[1] = target._process;
        }

        try
        {
            BpfAttr attr = default;
            attr.link_create.attach_type = (uint)BpfAttachType.TraceIter;
            if (target is not null)
            {
                attr.link_create.iter_info = (ulong)info;
                attr.link_create.iter_info_len = 4 * sizeof(uint);
            }

            return program.CreateLink(ref attr, target is null ? "iterator" : $"iterator over {target}", errno => errno switch
            {
                BpfErrno.EBADF when target is null => "This iterator walks a map's elements: attach it with BpfIteratorTarget.Map.",
                BpfErrno.EINVAL => "The kernel's iterator does not take this target, or it is older than 6.1.",
                BpfErrno.EACCES => "The program reads or writes more than the map's keys and values have.",
                BpfErrno.ESRCH => "There is no such thread or process.",
                _ => null,
            });
        }
        finally
        {
            if (cgroup >= 0)
                kernel.Close(cgroup);
            GC.KeepAlive(target);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _map is not null ? $"map '{_map.Name}'"
        : _cgroup is not null ? $"cgroup '{_cgroup}'"
        : _thread != 0 ? $"thread {_thread}"
        : $"process {_process}";
}
