namespace LibbpfSharp.Emulator;

/// <content>Events: a test says what has happened, and the programs attached to it run.</content>
public sealed unsafe partial class EmulatedKernel
{
    private EventRaiser? _events;

    private EventRaiser Events => _events ?? Interlocked.CompareExchange(ref _events, new EventRaiser(this), null) ?? _events;

    /// <summary>Runs the programs attached to a raw tracepoint, tp_btf programs among them.</summary>
    /// <param name="name">Name without category, such as "sys_enter".</param>
    /// <param name="arguments">The tracepoint's arguments.</param>
    /// <returns>The runs, oldest link first; empty if nothing is attached.</returns>
    public IReadOnlyList<EmulatedRun> RaiseRawTracepoint(string name, params ReadOnlySpan<EventArgument> arguments)
    {
        EventArgument[] copy = arguments.ToArray();
        return Events.Raise(p => p.Kind == AttachKind.RawTracepoint && p.Name == name, (program, link) => Events.RunArguments(program, link, copy));
    }

    /// <summary>Runs the programs attached to a tracepoint.</summary>
    /// <param name="category">Category, such as "syscalls".</param>
    /// <param name="name">Name, such as "sys_enter_openat".</param>
    /// <param name="record">The record as the tracepoint's format file lays it out, from its first 8 common bytes on.</param>
    /// <returns>The runs, oldest link first; empty if nothing is attached.</returns>
    public IReadOnlyList<EmulatedRun> RaiseTracepoint(string category, string name, ReadOnlySpan<byte> record)
    {
        byte[] copy = record.ToArray();
        string full = $"{category}/{name}";
        return Events.Raise(p => p.Kind == AttachKind.Tracepoint && p.Name == full, (program, link) => Events.RunPlain(program, link, copy));
    }

    /// <summary>Runs the kprobes (or kretprobes) on a kernel function.</summary>
    /// <param name="function">Name of the function.</param>
    /// <param name="registers">struct pt_regs of the architecture, 168 bytes on x86-64.</param>
    /// <param name="isReturn">At the function's return.</param>
    /// <returns>The runs, oldest link first; empty if nothing is attached.</returns>
    public IReadOnlyList<EmulatedRun> RaiseKprobe(string function, ReadOnlySpan<byte> registers, bool isReturn = false)
    {
        byte[] copy = registers.ToArray();
        return Events.Raise(
            p => p.Kind == AttachKind.KernelFunction && IsProbe(p) && p.IsReturn == isReturn && IsAt(p, function),
            (program, link) => Events.RunPlain(program, link, copy, function, Events.Call(function, 0)));
    }

    /// <summary>Runs the uprobes (or uretprobes) on a place of a user program.</summary>
    /// <param name="path">Path of the binary, as it was attached by.</param>
    /// <param name="offset">Offset of the place in the file.</param>
    /// <param name="registers">struct pt_regs of the architecture, 168 bytes on x86-64.</param>
    /// <param name="isReturn">At the function's return.</param>
    /// <returns>The runs, oldest link first; empty if nothing is attached.</returns>
    public IReadOnlyList<EmulatedRun> RaiseUprobe(string path, ulong offset, ReadOnlySpan<byte> registers, bool isReturn = false)
    {
        byte[] copy = registers.ToArray();
        string place = LinkTarget.UserPlace(path, offset);
        return Events.Raise(
            p => p.Kind == AttachKind.UserFunction && p.IsReturn == isReturn && IsAt(p, place),
            (program, link) => Events.RunPlain(program, link, copy, place));
    }

    /// <summary>Runs the fentry, fmod_ret and fexit programs on a kernel function, in this order.</summary>
    /// <param name="function">Name of the function.</param>
    /// <param name="arguments">Its arguments; for fexit and fmod_ret the return value follows them.</param>
    /// <param name="returnValue">What the function returns.</param>
    /// <returns>The runs; empty if nothing is attached.</returns>
    public IReadOnlyList<EmulatedRun> RaiseFunction(string function, ReadOnlySpan<EventArgument> arguments, long returnValue = 0)
    {
        EventArgument[] copy = [.. arguments, returnValue];
        var results = new List<EmulatedRun>();
        foreach (BpfAttachType type in (BpfAttachType[])[BpfAttachType.TraceFentry, BpfAttachType.ModifyReturn, BpfAttachType.TraceFexit])
        {
            results.AddRange(Events.Raise(
                p => p.Kind == AttachKind.KernelFunction && p.AttachType == type && p.Name == function,
                (program, link) => Events.RunArguments(program, link, type == BpfAttachType.TraceFentry ? copy.AsSpan(0, copy.Length - 1) : copy, hook: Events.Call(function, copy.Length - 1))));
        }

        return results;
    }

    /// <summary>Runs the LSM programs on a security hook.</summary>
    /// <param name="hook">Name of the hook without prefix, such as "file_open".</param>
    /// <param name="arguments">Its arguments; the result of the programs before, 0, follows them.</param>
    /// <returns>The runs, oldest link first; empty if nothing is attached.</returns>
    public IReadOnlyList<EmulatedRun> RaiseSecurityHook(string hook, params ReadOnlySpan<EventArgument> arguments)
    {
        EventArgument[] copy = [.. arguments, 0];
        return Events.Raise(p => p.Kind == AttachKind.SecurityHook && p.Name == hook, (program, link) => Events.RunArguments(program, link, copy));
    }

    /// <summary>Runs a callback of the struct_ops tables that are registered, by a link or without.</summary>
    /// <param name="structure">Name of the struct, such as "tcp_congestion_ops".</param>
    /// <param name="member">Name of its member, such as "ssthresh".</param>
    /// <param name="arguments">The callback's arguments.</param>
    /// <returns>The runs, oldest table first; empty if no table that is registered has the callback.</returns>
    public IReadOnlyList<EmulatedRun> RaiseCallback(string structure, string member, params ReadOnlySpan<EventArgument> arguments)
    {
        ThrowIfDisposed();
        string value = "bpf_struct_ops_" + structure;
        var results = new List<EmulatedRun>();
        EpochSlot slot = Gate.Enter();
        try
        {
            foreach (StructOpsMap table in Programs.StructOps.All)
            {
                if (KernelTypes.NameOfType(table.ValueTypeId) == value && table.Callback(member) is { } program)
                    results.Add(Events.RunArguments(program, null, arguments));
            }
        }
        finally
        {
            Gate.Exit(slot);
        }

        return results;
    }

    /// <summary>Runs the programs on a perf event that is no probe.</summary>
    /// <param name="context">struct bpf_perf_event_data of the architecture.</param>
    /// <returns>The runs, oldest link first; empty if nothing is attached.</returns>
    public IReadOnlyList<EmulatedRun> RaisePerfEvent(ReadOnlySpan<byte> context)
    {
        byte[] copy = context.ToArray();
        return Events.Raise(p => p.Kind == AttachKind.PerfEvent, (program, link) => Events.RunPlain(program, link, copy));
    }

    /// <summary>Runs the XDP program on an interface over a packet that arrives.</summary>
    /// <param name="interfaceIndex">The interface.</param>
    /// <param name="packet">The frame.</param>
    /// <returns>The run with the frame afterwards; empty if nothing is attached.</returns>
    public IReadOnlyList<EmulatedRun> RaiseXdp(int interfaceIndex, ReadOnlySpan<byte> packet)
    {
        byte[] copy = packet.ToArray();
        return Events.Raise(
            p => p.Kind == AttachKind.Interface && p.AttachType == BpfAttachType.Xdp && p.Number == interfaceIndex,
            (program, link) =>
            {
                using var buffer = new PacketBuffer(256, copy.Length, Math.Max(Facts.PageSize - 256 - copy.Length, 320));
                copy.CopyTo(buffer.Data);
                return Events.RunPacket(program, link, new XdpState(buffer) { IngressIfindex = (uint)interfaceIndex });
            });
    }

    /// <summary>Runs the tcx programs on an interface over a frame, in their order, until one decides (any result but TCX_NEXT, -1).</summary>
    /// <param name="interfaceIndex">The interface.</param>
    /// <param name="isIngress">The frame arrives; false: it leaves.</param>
    /// <param name="packet">The frame.</param>
    /// <returns>The runs, each over the frame as the one before left it; empty if nothing is attached.</returns>
    public IReadOnlyList<EmulatedRun> RaiseTc(int interfaceIndex, bool isIngress, ReadOnlySpan<byte> packet)
    {
        byte[] copy = packet.ToArray();
        BpfAttachType type = isIngress ? BpfAttachType.TcxIngress : BpfAttachType.TcxEgress;
        ThrowIfDisposed();
        var results = new List<EmulatedRun>();
        EpochSlot slot = Gate.Enter();
        try
        {
            foreach ((EmulatedProgram program, EmulatedLink? link) in Programs.Attachments.Interfaces.Find((uint)interfaceIndex, type, out _))
            {
                EmulatedRun run = Events.RunSocketBuffer(program, link, copy, (uint)interfaceIndex);
                results.Add(run);
                if ((int)run.Result != -1 || run.Fault is not null)
                    break;
                copy = run.Packet.ToArray();
            }
        }
        finally
        {
            Gate.Exit(slot);
        }

        return results;
    }

    /// <summary>Runs the programs that a cgroup has for an attach type, over a context of the caller.</summary>
    /// <param name="path">Path of the cgroup, as <see cref="CreateCgroup"/> made it.</param>
    /// <param name="type">The attach type.</param>
    /// <param name="context">The context that the program type has; a frame for cgroup_skb programs.</param>
    /// <returns>The runs; empty if nothing is attached.</returns>
    /// <exception cref="ArgumentException">There is no such cgroup.</exception>
    public IReadOnlyList<EmulatedRun> RaiseCgroup(string path, BpfAttachType type, ReadOnlySpan<byte> context)
    {
        if (!StandIns.TryFind(Normalise(path), out EmulatedStandIn? target))
            throw new ArgumentException($"There is no cgroup at '{path}'; {nameof(CreateCgroup)} makes one.", nameof(path));
        byte[] copy = context.ToArray();
        return RaiseCgroup(target, type, (program, link) => RunAny(program, link, copy));
    }

    /// <summary>Runs the programs that a cgroup has for an attach type, one after the other over one event.</summary>
    /// <param name="path">Path of the cgroup, as <see cref="CreateCgroup"/> made it.</param>
    /// <param name="type">The attach type.</param>
    /// <param name="event">The event; the programs change it.</param>
    /// <returns>The runs; empty if nothing is attached.</returns>
    /// <exception cref="ArgumentException">There is no such cgroup, or the event is for programs of another type.</exception>
    public IReadOnlyList<EmulatedRun> RaiseCgroup(string path, BpfAttachType type, EmulatedEvent @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        if (!StandIns.TryFind(Normalise(path), out EmulatedStandIn? target))
            throw new ArgumentException($"There is no cgroup at '{path}'; {nameof(CreateCgroup)} makes one.", nameof(path));
        return RaiseCgroup(target, type, (program, link) => RunEvent(program, link, @event));
    }

    private List<EmulatedRun> RaiseCgroup(EmulatedStandIn target, BpfAttachType type, Func<EmulatedProgram, EmulatedLink?, EmulatedRun> run)
    {
        var results = new List<EmulatedRun>();
        EpochSlot slot = Gate.Enter();
        try
        {
            results.AddRange(Programs.Attachments.Find(target, type).Select(p => run(p, null)));
        }
        finally
        {
            Gate.Exit(slot);
        }

        results.AddRange(Events.Raise(p => ReferenceEquals(p.Object, target) && p.AttachType == type, run));
        return results;
    }

    /// <summary>Runs any program once, attached or not.</summary>
    /// <param name="programFd">Descriptor of the program.</param>
    /// <param name="context">Its context as the program type has it; the packet for types over packets.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ArgumentException">The descriptor is none of a program.</exception>
    public EmulatedRun Run(int programFd, ReadOnlySpan<byte> context)
    {
        ThrowIfDisposed();
        EpochSlot slot = Gate.Enter();
        try
        {
            return RunAny(FindProgram(programFd), null, context);
        }
        finally
        {
            Gate.Exit(slot);
        }
    }

    /// <summary>Runs a program once over an event, attached or not.</summary>
    /// <param name="programFd">Descriptor of the program.</param>
    /// <param name="event">The event; the program changes it.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ArgumentException">The descriptor is none of a program, or the event is for programs of another type.</exception>
    public EmulatedRun Run(int programFd, EmulatedEvent @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        ThrowIfDisposed();
        EpochSlot slot = Gate.Enter();
        try
        {
            return RunEvent(FindProgram(programFd), null, @event);
        }
        finally
        {
            Gate.Exit(slot);
        }
    }

    /// <summary>Runs any program whose context is arguments of 8 bytes each (raw tracepoints, fentry, LSM, struct_ops).</summary>
    /// <param name="programFd">Descriptor of the program.</param>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ArgumentException">The descriptor is none of a program.</exception>
    public EmulatedRun Run(int programFd, params ReadOnlySpan<EventArgument> arguments)
    {
        ThrowIfDisposed();
        EpochSlot slot = Gate.Enter();
        try
        {
            return Events.RunArguments(FindProgram(programFd), null, arguments);
        }
        finally
        {
            Gate.Exit(slot);
        }
    }

    private EmulatedRun RunEvent(EmulatedProgram program, EmulatedLink? link, EmulatedEvent @event) => program.Type == @event.Type
        ? Events.RunEvent(program, link, @event.State)
        : throw new ArgumentException($"The event is for {@event.Type} programs; '{program.Name}' is of type {program.Type}.", nameof(@event));

    private EmulatedRun RunAny(EmulatedProgram program, EmulatedLink? link, ReadOnlySpan<byte> context)
    {
        if (program.Kind.HasPlainContext)
            return Events.RunPlain(program, link, context);
        if (program.Kind is EventKind kind)
        {
            using var state = new EventState((int)kind.ContextSize);
            context[..Math.Min(context.Length, (int)kind.ContextSize)].CopyTo(state.Fields);
            return Events.RunEvent(program, link, state);
        }

        if (program.Type != BpfProgramType.Xdp)
            return Events.RunSocketBuffer(program, link, context.ToArray(), 1);
        using var buffer = new PacketBuffer(256, context.Length, Math.Max(Facts.PageSize - 256 - context.Length, 320));
        context.CopyTo(buffer.Data);
        return Events.RunPacket(program, link, new XdpState(buffer) { IngressIfindex = 1 });
    }

    internal void ThrowIfDisposed()
    {
        if (IsDisposed)
            ThrowDisposed();
    }

    private EmulatedProgram FindProgram(int fd) => Find((uint)fd, out EmulatedProgram? program) == 0
        ? program!
        : throw new ArgumentException($"Descriptor {fd} is none of a program on this kernel.", nameof(fd));

    private static bool IsProbe(AttachPoint point) =>
        point.AttachType is BpfAttachType.PerfEvent or BpfAttachType.TraceKprobeMulti or BpfAttachType.TraceKprobeSession;

    private static bool IsAt(AttachPoint point, string place) => point.Names.Count > 0 ? point.Names.Contains(place) : point.Name == place;
}
