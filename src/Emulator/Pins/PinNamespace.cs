using System.Text;

namespace LibbpfSharp.Emulator;

/// <summary>
/// The tree of pins, mounted as bpffs at <see cref="MountPoint"/>. Paths elsewhere are "some writable file system that is
/// not bpffs".
/// </summary>
internal sealed class PinNamespace
{
    /// <summary>Where the file system is mounted.</summary>
    public const string MountPoint = "/sys/fs/bpf";

    private const int MaximumName = 255;
    private readonly Lock _lock = new();
    private readonly Node _root = new();

    /// <summary>Pins an object; on success the pin takes over one reference.</summary>
    /// <returns>0 or -errno.</returns>
    public int Pin(string path, EmulatedObject item)
    {
        lock (_lock)
        {
            int error = FindParent(path, out Node? parent, out string name, out bool onBpffs);
            if (error != 0)
                return error;
            if (name is "." or ".." or "" || parent!.Children!.ContainsKey(name))
                return -Errno.EEXIST;
            if (path.EndsWith('/'))
                return -Errno.ENOENT; // only a directory may be made so
            if (!onBpffs || name.Contains('.', StringComparison.Ordinal))
                return -Errno.EPERM;
            parent.Children.Add(name, new Node(item));
            item.AddUser();
            return 0;
        }
    }

    /// <summary>The pinned object, with a reference for the caller.</summary>
    /// <returns>0 or -errno.</returns>
    public int Get(string path, out EmulatedObject? item)
    {
        item = null;
        lock (_lock)
        {
            int error = Resolve(path, out Node? node);
            if (error != 0)
                return error;
            if (node!.Object is null)
                return -Errno.EACCES;
            item = node.Object;
            item.Acquire(); // the pin holds one
            return 0;
        }
    }

    public int CreateDirectory(string path)
    {
        lock (_lock)
        {
            int error = FindParent(path, out Node? parent, out string name, out bool onBpffs);
            if (error != 0)
                return error;
            if (name is "." or ".." or "" || parent!.Children!.ContainsKey(name))
                return -Errno.EEXIST;
            if (!onBpffs || name.Contains('.', StringComparison.Ordinal))
                return -Errno.EPERM;
            parent.Children.Add(name, new Node());
            return 0;
        }
    }

    /// <summary>Removes a pin or an empty directory.</summary>
    public int Remove(string path)
    {
        Node? node;
        lock (_lock)
        {
            int error = FindParent(path, out Node? parent, out string name, out _);
            if (error != 0)
                return error;
            if (name is "." or "..")
                return -Errno.EINVAL;
            if (name.Length == 0)
                return -Errno.EBUSY;
            if (!parent!.Children!.TryGetValue(name, out node))
                return -Errno.ENOENT;
            if (node.Children is { Count: > 0 })
                return -Errno.ENOTEMPTY;
            parent.Children.Remove(name);
        }

        Drop(node);
        return 0;
    }

    public int List(string path, out IReadOnlyList<string> names)
    {
        names = [];
        lock (_lock)
        {
            int error = Resolve(path, out Node? node);
            if (error != 0)
                return error;
            if (node!.Children is null)
                return -Errno.ENOTDIR;
            names = [.. node.Children.Keys];
            return 0;
        }
    }

    public bool IsDirectory(string path)
    {
        lock (_lock)
            return Resolve(path, out Node? node) == 0 && node!.Children is not null;
    }

    public void Clear()
    {
        List<Node> nodes = [];
        lock (_lock)
        {
            Collect(_root, nodes);
            _root.Children!.Clear();
        }

        nodes.ForEach(Drop);
    }

    private static void Collect(Node node, List<Node> into)
    {
        if (node.Children is null)
            return;
        foreach (Node child in node.Children.Values)
        {
            into.Add(child);
            Collect(child, into);
        }
    }

    private static void Drop(Node node)
    {
        if (node.Object is not { } item)
            return;
        item.RemoveUser();
        item.Release();
    }

    private int Resolve(string path, out Node? node)
    {
        node = null;
        int error = FindParent(path, out Node? parent, out string name, out bool onBpffs);
        if (error != 0)
            return error;
        if (!onBpffs)
            return IsKnownElsewhere(path) ? -Errno.EACCES : -Errno.ENOENT;
        if (name is "." or "")
            node = parent;
        else if (parent!.Children!.TryGetValue(name, out node) is false)
            return -Errno.ENOENT;
        return 0;
    }

    // The directories that any machine has; what else lies outside bpffs does not exist here.
    private static bool IsKnownElsewhere(string path) =>
        path.TrimEnd('/') is "" or "/tmp" or "/dev" or "/dev/shm" or "/dev/null" or "/sys" or "/sys/fs" or "/proc" or "/etc" or "/etc/passwd" or "/run" or "/var";

    private int FindParent(string path, out Node? parent, out string name, out bool onBpffs)
    {
        parent = null;
        name = string.Empty;
        onBpffs = false;
        if (path.Length == 0)
            return -Errno.ENOENT;
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path[0] != '/')
            return -Errno.ENOENT; // the emulated machine has no working directory
        if (parts.Length < 3 || parts[0] != "sys" || parts[1] != "fs" || parts[2] != "bpf")
        {
            int cut = path.TrimEnd('/').LastIndexOf('/');
            name = parts.Length == 0 ? string.Empty : parts[^1];
            parent = new Node();
            return parts.Length == 0 || IsKnownElsewhere(path[..Math.Max(cut, 0)]) ? 0 : -Errno.ENOENT;
        }

        onBpffs = true;
        Node node = _root;
        for (int i = 3; i < parts.Length - 1; i++)
        {
            if (parts[i] == ".")
                continue;
            if (node.Children is null)
                return -Errno.ENOTDIR;
            if (!node.Children.TryGetValue(parts[i], out Node? next))
                return -Errno.ENOENT;
            node = next;
        }

        if (node.Children is null)
            return -Errno.ENOTDIR;
        parent = node;
        name = parts.Length > 3 ? parts[^1] : string.Empty;
        return Encoding.UTF8.GetByteCount(name) > MaximumName ? -Errno.ENAMETOOLONG : 0;
    }

    private sealed class Node(EmulatedObject? item = null)
    {
        public EmulatedObject? Object => item;

        public SortedDictionary<string, Node>? Children { get; } = item is null ? new(StringComparer.Ordinal) : null;
    }
}
