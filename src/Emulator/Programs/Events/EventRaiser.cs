using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>Runs the programs attached to what a test says has happened.</summary>
internal sealed unsafe class EventRaiser(EmulatedKernel kernel)
{
    private Dictionary<string, ulong>? _addresses;

    /// <summary>A call of a function of the kernel, with the address that its symbol has; 0 for one without.</summary>
    public TracedCall Call(string function, int arguments)
    {
        Dictionary<string, ulong> addresses = _addresses ??= ReadAddresses();
        return new TracedCall(addresses.GetValueOrDefault(function), arguments);
    }

    /// <summary>Runs every program attached to matching points, oldest link first.</summary>
    /// <param name="matches">Whether a link's point is meant.</param>
    /// <param name="run">Runs one program.</param>
    public IReadOnlyList<EmulatedRun> Raise(Func<AttachPoint, bool> matches, Func<EmulatedProgram, EmulatedLink?, EmulatedRun> run)
    {
        kernel.ThrowIfDisposed();
        var results = new List<EmulatedRun>();
        EpochSlot slot = kernel.Gate.Enter();
        try
        {
            foreach (EmulatedLink link in kernel.Programs.Links.ToArray())
            {
                if (link.IsAttached && link.Program is { } program && IsEnabled(link) && matches(link.Point))
                    results.Add(run(program, link));
            }
        }
        finally
        {
            kernel.Gate.Exit(slot);
        }

        return results;
    }

    /// <summary>Runs a program over a plain context.</summary>
    public EmulatedRun RunPlain(EmulatedProgram program, EmulatedLink? link, ReadOnlySpan<byte> context, string? place = null, object? hook = null)
    {
        byte* native = (byte*)NativeMemory.AlignedAlloc((nuint)context.Length + 8, 8);
        try
        {
            context.CopyTo(new Span<byte>(native, context.Length));
            ulong? overridden = null;
            kernel.Runner.TryRun(
                program, native, (uint)context.Length, null, kernel.CurrentCpuSlot, out ulong result, out BpfProgramFault? fault, Prepare(link, place, hook), run => overridden = run.OverriddenReturn);
            return Result(program, result, fault, context: new ReadOnlySpan<byte>(native, context.Length).ToArray(), overridden: overridden);
        }
        finally
        {
            NativeMemory.AlignedFree(native);
        }
    }

    /// <summary>Runs a program over arguments of 8 bytes each.</summary>
    public EmulatedRun RunArguments(EmulatedProgram program, EmulatedLink? link, ReadOnlySpan<EventArgument> arguments, string? place = null, object? hook = null)
    {
        ulong* context = stackalloc ulong[Math.Max(arguments.Length, 1)];
        EventArgument[] copy = arguments.ToArray();
        var blocks = new List<NativeBlock>();
        try
        {
            Action<RunContext>? prepare = Prepare(link, place, hook);
            ulong* target = context;
            for (int i = 0; i < copy.Length; i++)
                context[i] = copy[i].Value;
            if (copy.Any(a => a.Memory is not null))
            {
                Action<RunContext>? inner = prepare;
                nint at = (nint)target;
                prepare = run =>
                {
                    inner?.Invoke(run);
                    for (int i = 0; i < copy.Length; i++)
                    {
                        if (copy[i].Memory is not { } memory)
                            continue;
                        var block = new NativeBlock((ulong)memory.Length);
                        blocks.Add(block);
                        memory.CopyTo(new Span<byte>(block.Start, memory.Length));
                        ((ulong*)at)[i] = run.OpenRegion(RegionKind.KernelObject, block.Start, (uint)memory.Length, 0, (object?)copy[i].OpenFile ?? $"argument {i}");
                    }
                };
            }

            kernel.Runner.TryRun(program, (byte*)context, (uint)(copy.Length * sizeof(ulong)), null, kernel.CurrentCpuSlot, out ulong result, out BpfProgramFault? fault, prepare);
            return Result(program, result, fault);
        }
        finally
        {
            blocks.ForEach(b => b.Dispose());
        }
    }

    /// <summary>Runs a program over a converted context with a packet.</summary>
    public EmulatedRun RunPacket(EmulatedProgram program, EmulatedLink? link, ContextState state)
    {
        kernel.Runner.TryRun(program, null, 0, state, kernel.CurrentCpuSlot, out ulong result, out BpfProgramFault? fault, Prepare(link, null, null));
        return Result(program, result, fault, packet: state.Packet!.Data.ToArray());
    }

    /// <summary>Runs a program over a context of fields.</summary>
    public EmulatedRun RunEvent(EmulatedProgram program, EmulatedLink? link, EventState state)
    {
        kernel.Runner.TryRun(program, null, 0, state, kernel.CurrentCpuSlot, out ulong result, out BpfProgramFault? fault, Prepare(link, null, null));
        return Result(program, result, fault, packet: state.Packet?.Data.ToArray(), context: state.Fields.ToArray());
    }

    /// <summary>Runs a program over a frame as an sk_buff.</summary>
    public EmulatedRun RunSocketBuffer(EmulatedProgram program, EmulatedLink? link, byte[] frame, uint ifindex)
    {
        using SocketBufferState state = SocketBufferKind.CreateState(program, frame, ifindex);
        return RunPacket(program, link, state);
    }

    private static EmulatedRun Result(EmulatedProgram program, ulong result, BpfProgramFault? fault, byte[]? packet = null, byte[]? context = null, ulong? overridden = null) => new()
    {
        Program = program.Name,
        ProgramId = program.Id,
        Result = result,
        Fault = fault,
        OverriddenReturn = overridden,
        Packet = packet,
        Context = context,
    };

    private static Action<RunContext>? Prepare(EmulatedLink? link, string? place, object? hook)
    {
        ulong cookie = link is null ? 0 : place is not null && link.Cookies.TryGetValue(place, out ulong own) ? own : link.Cookie;
        if (cookie == 0 && hook is null)
            return null;
        return run =>
        {
            run.AttachCookie = cookie;
            run.HookState = hook;
        };
    }

    private Dictionary<string, ulong> ReadAddresses()
    {
        var addresses = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (Interop.KernelSymbol symbol in kernel.Machine.ReadSymbols())
            addresses.TryAdd(symbol.Name, symbol.Address);
        return addresses;
    }

    private static bool IsEnabled(EmulatedLink link) => link.Point.Object is not EmulatedPerfEvent perfEvent || perfEvent.IsEnabled;
}
