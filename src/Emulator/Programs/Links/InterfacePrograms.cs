using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>
/// The programs of interfaces by tcx and netkit, in the order in which they run, with links and without: what
/// kernel/bpf/mprog.c does with anchors, ids and revisions.
/// </summary>
internal sealed class InterfacePrograms(EmulatedKernel kernel)
{
    private const uint Replace = 1 << 2, Before = 1 << 3, After = 1 << 4, ById = 1 << 5, ByLink = 1 << 13;
    private const uint KnownFlags = Replace | Before | After | ById | ByLink;
    private const int Most = 64;
    private const int Nowhere = -2; // -1 is the place before the first

    private readonly Lock _lock = new();
    private readonly Dictionary<(uint Interface, BpfAttachType Type), Hook> _hooks = [];

    /// <summary>Whether an attach type is one of these.</summary>
    public static bool Has(BpfAttachType type) =>
        type is BpfAttachType.TcxIngress or BpfAttachType.TcxEgress or BpfAttachType.NetkitPrimary or BpfAttachType.NetkitPeer;

    /// <summary>The programs of a hook, in the order in which they run, and how often the hook was changed, from 1 on.</summary>
    public Entry[] Find(uint interfaceIndex, BpfAttachType type, out ulong revision)
    {
        lock (_lock)
        {
            Hook? hook = _hooks.GetValueOrDefault((interfaceIndex, type));
            revision = hook?.Revision ?? 1;
            return hook is null ? [] : [.. hook.Entries];
        }
    }

    /// <summary>BPF_PROG_ATTACH.</summary>
    public int Attach(in bpf_attr_prog_attach attr)
    {
        if ((attr.attach_flags & ~KnownFlags) != 0)
            return -Errno.EINVAL;
        int error = kernel.Find(attr.attach_bpf_fd, out EmulatedProgram? program);
        if (error != 0)
            return error;
        if (program!.Type != BpfProgramType.SchedCls)
            return -Errno.EINVAL;
        if (kernel.Machine.FindInterface((int)attr.target_ifindex) is null)
            return -Errno.ENODEV;
        EmulatedProgram? replaced = null;
        if ((attr.attach_flags & Replace) != 0 && (error = kernel.Find(attr.replace_bpf_fd, out replaced)) != 0)
            return error;
        error = Insert((attr.target_ifindex, (BpfAttachType)attr.attach_type), new Entry(program, null), replaced, attr.attach_flags, attr.relative_fd, attr.expected_revision);
        if (error == 0)
            program.Acquire();
        return error;
    }

    /// <summary>BPF_LINK_CREATE.</summary>
    public int Attach(EmulatedLink link, in bpf_attr_link_create attr) =>
        (attr.flags & ~KnownFlags) != 0 ? -Errno.EINVAL : Insert(HookOf(link), new Entry(link.Program!, link), null, attr.flags, attr.relative_fd, attr.expected_revision);

    /// <summary>BPF_PROG_DETACH of a program without link.</summary>
    public int Detach(in bpf_attr_prog_attach attr)
    {
        EmulatedProgram? program = null;
        if ((attr.attach_flags & ~KnownFlags) != 0 || (attr.attach_flags & Replace) != 0)
            return -Errno.EINVAL;
        int error = attr.attach_bpf_fd == 0 ? 0 : kernel.Find(attr.attach_bpf_fd, out program);
        if (error != 0)
            return error;
        if (kernel.Machine.FindInterface((int)attr.target_ifindex) is null)
            return -Errno.ENODEV;
        if ((error = FindAnchor(attr.attach_flags, attr.relative_fd, out Entry? anchor)) != 0)
            return error;
        Entry entry;
        lock (_lock)
        {
            if (!_hooks.TryGetValue((attr.target_ifindex, (BpfAttachType)attr.attach_type), out Hook? hook) || hook.Entries.Count == 0)
                return -Errno.ENOENT;
            if (attr.expected_revision != 0 && attr.expected_revision != hook.Revision)
                return -(int)BpfErrno.ESTALE;
            int index = Nowhere;
            if (program is not null && (error = hook.Exactly(new Entry(program, null), out index)) != 0)
                return error;
            if ((error = hook.Beside(anchor, attr.attach_flags, ref index)) != 0)
                return error;

            // Beside nothing means the first or the last; beside an anchor its neighbour.
            index = index == Nowhere ? hook.Entries.Count - 1 : program is null && anchor is null ? Math.Clamp(index, 0, hook.Entries.Count - 1) : index;
            if (index < 0 || index >= hook.Entries.Count)
                return -Errno.ENOENT;
            entry = hook.Entries[index];
            if (entry.Link is not null)
                return -Errno.EBUSY;
            hook.Entries.RemoveAt(index);
            hook.Revision++;
        }

        entry.Program.Release();
        return 0;
    }

    /// <summary>A link is detached or gone.</summary>
    public void Remove(EmulatedLink link)
    {
        lock (_lock)
        {
            if (_hooks.TryGetValue(HookOf(link), out Hook? hook) && hook.Entries.RemoveAll(e => ReferenceEquals(e.Link, link)) > 0)
                hook.Revision++;
        }
    }

    /// <summary>A link has another program, in the same place.</summary>
    /// <returns>0, or -EEXIST if the program is attached here already.</returns>
    public int Update(EmulatedLink link, EmulatedProgram next)
    {
        lock (_lock)
        {
            Hook hook = _hooks[HookOf(link)];
            if (hook.Entries.Exists(e => ReferenceEquals(e.Program, next)))
                return -Errno.EEXIST;
            hook.Entries[hook.Entries.FindIndex(e => ReferenceEquals(e.Link, link))] = new Entry(next, link);
            hook.Revision++;
            return 0;
        }
    }

    private static (uint Interface, BpfAttachType Type) HookOf(EmulatedLink link) => ((uint)link.Point.Number, link.Point.AttachType);

    private int Insert((uint Interface, BpfAttachType Type) at, Entry entry, EmulatedProgram? replaced, uint flags, uint relative, ulong revision)
    {
        int error = FindAnchor(flags & ~Replace, relative, out Entry? anchor);
        Entry old = default;
        lock (_lock)
        {
            if (!_hooks.TryGetValue(at, out Hook? hook))
                hook = _hooks[at] = new Hook();
            if (revision != 0 && revision != hook.Revision)
                return -(int)BpfErrno.ESTALE;
            if (hook.Entries.Exists(e => ReferenceEquals(e.Program, entry.Program)))
                return -Errno.EEXIST;
            if (error != 0)
                return error;
            int index = Nowhere;
            if ((flags & Replace) != 0)
            {
                // A link replaces nothing this way.
                if ((error = replaced is null ? -Errno.ENOENT : hook.Exactly(new Entry(replaced, null), out index)) != 0)
                    return error;
            }
            else if (hook.Entries.Count == Most)
            {
                return -Errno.ERANGE;
            }

            if ((error = hook.Beside(anchor, flags, ref index)) != 0)
                return error;
            if (index == Nowhere)
            {
                if (anchor is not null || flags != 0)
                    return -Errno.EINVAL;
                index = hook.Entries.Count;
            }
            else if ((flags & (Replace | Before)) == Before)
            {
                index++;
            }

            if ((flags & Replace) != 0)
            {
                old = hook.Entries[index];
                hook.Entries[index] = entry;
            }
            else
            {
                hook.Entries.Insert(index, entry);
            }

            hook.Revision++;
        }

        old.Program?.Release();
        return 0;
    }

    // What flags and number say to stand beside: a link or program by descriptor or id; nothing if there is neither.
    private int FindAnchor(uint flags, uint relative, out Entry? anchor)
    {
        anchor = null;
        EmulatedProgram? program = null;
        EmulatedLink? link = null;
        bool byId = (flags & ById) != 0;
        if ((flags & ByLink) == 0 && !byId && relative == 0)
            return 0;
        int error;
        if ((flags & ByLink) != 0)
        {
            error = !byId ? kernel.Find(relative, out link) : kernel.Programs.Links.TryAcquire(relative, out link) ? 0 : -Errno.ENOENT;
            program = link?.Program;
        }
        else
        {
            error = !byId ? kernel.Find(relative, out program) : kernel.Programs.Loaded.TryAcquire(relative, out program) ? 0 : -Errno.ENOENT;
        }

        // The entry is compared only: it needs no reference.
        if (byId && error == 0)
            ((EmulatedObject?)link ?? program)!.Release();
        if (error == 0 && program?.Type != BpfProgramType.SchedCls)
            error = -Errno.EINVAL;
        if (error == 0)
            anchor = new Entry(program!, link);
        return error;
    }

    /// <summary>A program of a hook.</summary>
    /// <param name="Program">The program, to which an entry without link holds a reference.</param>
    /// <param name="Link">Its link; null without.</param>
    internal readonly record struct Entry(EmulatedProgram Program, EmulatedLink? Link);

    private sealed class Hook
    {
        public List<Entry> Entries { get; } = [];

        public ulong Revision { get; set; } = 1;

        /// <summary>Where an entry is: -ENOENT if its program is not here, -EBUSY if by another link or without one.</summary>
        public int Exactly(Entry entry, out int index)
        {
            index = Entries.FindIndex(e => ReferenceEquals(e.Program, entry.Program));
            return index < 0 ? -Errno.ENOENT : ReferenceEquals(Entries[index].Link, entry.Link) ? 0 : -Errno.EBUSY;
        }

        /// <summary>The neighbour of an anchor on the side that the flags say; of none, before the first or behind the last.</summary>
        /// <param name="anchor">The anchor; null for none.</param>
        /// <param name="flags">Before, after, both or none.</param>
        /// <param name="index">Set to it; where it was known before, the two must agree.</param>
        public int Beside(Entry? anchor, uint flags, ref int index)
        {
            int at = anchor is { } beside ? Entries.FindIndex(e => ReferenceEquals(e.Program, beside.Program) && (beside.Link is null || ReferenceEquals(e.Link, beside.Link))) : Nowhere;
            foreach (uint side in (ReadOnlySpan<uint>)[Before, After])
            {
                if ((flags & side) == 0)
                    continue;
                if (anchor is not null && at < 0)
                    return -Errno.ENOENT;
                int found = side == Before ? (anchor is null ? -1 : at - 1) : anchor is null ? Entries.Count : at + 1;
                if (index != Nowhere && index != found)
                    return -Errno.ERANGE;
                index = found;
            }

            return 0;
        }
    }
}
