namespace LibbpfSharp.Emulator;

/// <content>What a test makes for programs to be attached to.</content>
public sealed unsafe partial class EmulatedKernel
{
    /// <summary>Makes a cgroup that <see cref="OpenPath"/> opens.</summary>
    /// <param name="path">Its path, such as "/sys/fs/cgroup/test". The cgroup of the longest path above it is its parent.</param>
    /// <returns>The cgroup's id, as bpf_get_current_cgroup_id() gives it.</returns>
    /// <exception cref="ArgumentException">There is something at that path.</exception>
    public ulong CreateCgroup(string path)
    {
        path = Normalise(path);
        EmulatedCgroup? parent = null;
        for (int slash = path.LastIndexOf('/'); slash > 0 && parent is null; slash = path.LastIndexOf('/', slash - 1))
            parent = StandIns.TryFind(path[..slash], out EmulatedStandIn? above) ? above as EmulatedCgroup : null;
        return AddStandIn(new EmulatedCgroup(this, path, parent), path).Id;
    }

    /// <summary>Makes a network namespace that <see cref="OpenPath"/> opens.</summary>
    /// <param name="path">Its path, such as "/run/netns/test".</param>
    /// <returns>The inode number that link info shows.</returns>
    /// <exception cref="ArgumentException">There is something at that path.</exception>
    public ulong CreateNetworkNamespace(string path) => AddStandIn(new EmulatedNetworkNamespace(this, Normalise(path)), Normalise(path)).Id;

    /// <summary>Makes a process that <see cref="OpenProcess"/> opens.</summary>
    /// <param name="processId">Its id.</param>
    /// <param name="name">Its name (comm).</param>
    /// <exception cref="ArgumentException">There is a process of that id.</exception>
    public void CreateProcess(int processId, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        if (!StandIns.TryAdd(new EmulatedProcess(this, processId, name)))
            throw new ArgumentException($"The emulated machine has a process {processId} already.", nameof(processId));
    }

    /// <summary>Makes a socket.</summary>
    /// <param name="family">AF_*; default AF_INET.</param>
    /// <param name="type">SOCK_*; default SOCK_STREAM.</param>
    /// <param name="protocol">IPPROTO_*; default the type's.</param>
    /// <returns>A descriptor of it, for maps and attachments; close it with <see cref="Close"/>.</returns>
    public int CreateSocket(int family = 2, int type = 1, int protocol = 0)
    {
        var socket = new EmulatedSocket(this, family, type, protocol);
        int fd = StandIns.Open(socket);
        socket.Release();
        return fd;
    }

    /// <summary>Gives the machine a network interface.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="index">Its index; 0 for the next free one.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentException">There is an interface of that name or index.</exception>
    public int CreateInterface(string name, int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (index == 0)
        {
            for (index = _facts.InterfaceCount + 1; _facts.FindInterface(index) is not null; index++)
            {
            }
        }

        if (_facts.FindInterface(index) is not null || !_facts.TryAddInterface(name, index))
            throw new ArgumentException($"The emulated machine has an interface '{name}' or one with index {index} already.", nameof(name));
        return index;
    }

    private static string Normalise(string path)
    {
        if (!path.StartsWith('/'))
            throw new ArgumentException($"'{path}' is not an absolute path.", nameof(path));
        return path.Length > 1 ? path.TrimEnd('/') : path;
    }

    private T AddStandIn<T>(T item, string path)
        where T : EmulatedStandIn
    {
        if (!StandIns.TryAdd(item, path))
            throw new ArgumentException($"The emulated machine has something at '{path}' already.", nameof(path));
        return item;
    }
}
