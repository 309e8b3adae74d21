using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers over sockets.</summary>
internal static unsafe class SocketHelpers
{
    private const uint OverflowUserId = 65534;

    public static void Declare(HelperTable table)
    {
        ProgramTypeSet cookies = SocketFilter | TrafficControl | CgroupSkb | CgroupSock | SockOps | SkSkb | SockAddr | ReusePort | Btf;
        table.Add(BpfHelperId.GetSocketCookie, "4.12", cookies, ReturnKind.Integer, [Context], &GetCookie);
        table.Add(BpfHelperId.GetSocketUid, "4.12", SocketFilter | CgroupSkb | TrafficControl | SkSkb, ReturnKind.Integer, [Context], &GetUserId);
        table.Add(
            BpfHelperId.GetNetnsCookie, "5.7", SocketFilter | CgroupSkb | CgroupSock | TrafficControl | SkMsg | SockAddr | SockOps | Sockopt,
            ReturnKind.Integer, [ArgumentKind.ObjectOrNull], &GetNamespaceCookie);
        table.Add(BpfHelperId.SkLookupTcp, "4.20", SocketLookup, ReturnKind.ObjectOrNull, [Context, Memory, Size, Anything, Anything], &LookupTcp);
        table.Add(BpfHelperId.SkLookupUdp, "4.20", SocketLookup, ReturnKind.ObjectOrNull, [Context, Memory, Size, Anything, Anything], &LookupUdp);
        table.Add(BpfHelperId.SkcLookupTcp, "5.2", SocketLookup, ReturnKind.ObjectOrNull, [Context, Memory, Size, Anything, Anything], &LookupTcp);
        table.Add(BpfHelperId.SkRelease, "4.20", SocketLookup | ProgramTypeSets.SkLookup, ReturnKind.Integer, [ArgumentKind.Object], &Release);
        table.Add(BpfHelperId.SkFullsock, "5.1", CgroupSkb | TrafficControl, ReturnKind.ObjectOrNull, [ArgumentKind.Object], &FullSocket);
        table.Add(BpfHelperId.TcpSock, "5.1", CgroupSkb | TrafficControl | SockOps | Sockopt, ReturnKind.ObjectOrNull, [ArgumentKind.Object], &TcpSocket);
        table.Add(BpfHelperId.GetListenerSock, "5.1", CgroupSkb | TrafficControl, ReturnKind.ObjectOrNull, [ArgumentKind.Object], &ListenerSocket);
        table.Add(BpfHelperId.SkAssign, "5.7", TrafficControl | ProgramTypeSets.SkLookup, ReturnKind.Integer, [Context, ArgumentKind.ObjectOrNull, Anything], &Assign);
        table.Add(BpfHelperId.SkcToTcp6Sock, "5.9", SocketCasts, ReturnKind.ObjectOrNull, [ArgumentKind.Object], &CastToTcp6);
        table.Add(BpfHelperId.SkcToTcpSock, "5.9", SocketCasts, ReturnKind.ObjectOrNull, [ArgumentKind.Object], &CastToTcp);
        table.Add(BpfHelperId.SkcToTcpTimewaitSock, "5.9", SocketCasts, ReturnKind.ObjectOrNull, [ArgumentKind.Object], &CastToOther);
        table.Add(BpfHelperId.SkcToTcpRequestSock, "5.9", SocketCasts, ReturnKind.ObjectOrNull, [ArgumentKind.Object], &CastToOther);
        table.Add(BpfHelperId.SkcToUdp6Sock, "5.9", SocketCasts, ReturnKind.ObjectOrNull, [ArgumentKind.Object], &CastToUdp6);
        table.Add(BpfHelperId.SkcToUnixSock, "5.16", SocketCasts, ReturnKind.ObjectOrNull, [ArgumentKind.Object], &CastToUnix);
        table.Add(BpfHelperId.SkcToMptcpSock, "5.19", SocketCasts, ReturnKind.ObjectOrNull, [ArgumentKind.Object], &CastToOther);
    }

    /// <summary>The socket that a context or a pointer stands for; null for a packet without one.</summary>
    public static SocketView? Find(RunContext run, ulong address)
    {
        if (address == 0)
            return null;
        if (address == run.ContextAddress)
            return run.ContextState switch
            {
                SocketBufferState skb => skb.Socket,
                EventState state => state.Socket,
                _ => null,
            };
        if (run.OwnerOf(address) is SocketView view)
            return view;
        RunContext.FaultArgument($"A socket was expected but 0x{address:x} is none.");
        return null;
    }

    private static ulong GetCookie(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5) => Find(run, context)?.Cookie(run.Kernel) ?? 0;

    private static ulong GetUserId(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5) => Find(run, context)?.UserId ?? OverflowUserId;

    // NULL asks for the initial namespace.
    private static ulong GetNamespaceCookie(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        _ = Find(run, context);
        return run.Kernel.NamespaceCookie;
    }

    private static ulong LookupTcp(RunContext run, ulong context, ulong tuple, ulong length, ulong netns, ulong flags) =>
        Lookup(run, tuple, length, netns, flags, SocketView.ProtocolTcp);

    private static ulong LookupUdp(RunContext run, ulong context, ulong tuple, ulong length, ulong netns, ulong flags)
    {
        const int Udp = 17;
        return Lookup(run, tuple, length, netns, flags, Udp);
    }

    private static ulong Lookup(RunContext run, ulong tuple, ulong length, ulong netns, ulong flags, int protocol)
    {
        const int Tuple4 = 12, Tuple6 = 36;
        ReadOnlySpan<byte> bytes = run.ReadSpan(tuple, length);
        if (bytes.Length is not (Tuple4 or Tuple6) || flags != 0 || ((int)netns < 0 ? (int)netns != -1 : netns > int.MaxValue))
            return 0;
        EmulatedSocket? found = run.Kernel.FindSocket?.Invoke(protocol, bytes.ToArray()) is { } fd && run.Kernel.FindFile(fd)?.Object is EmulatedSocket socket ? socket : null;
        if (found is null)
            return 0;
        found.Acquire();
        var view = new SocketView(found);
        ulong address = view.Address(run);
        run.Hold(new HeldResource(HeldKind.Object, address, "a socket", view, static (_, held) => Drop((SocketView)held.Object!)));
        return address;
    }

    private static void Drop(SocketView view)
    {
        view.StandIn?.Release();
        view.Dispose();
    }

    private static ulong Release(RunContext run, ulong socket, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        if (!run.TryRelease(HeldKind.Object, socket, out HeldResource held) || held.Object is not SocketView view)
        {
            RunContext.Fault(BpfFaultKind.UnbalancedReference, $"bpf_sk_release was given 0x{socket:x}, which is no socket that the program has to release.");
            return 0;
        }

        run.CloseRegion(socket, RegionEnd.Released);
        Drop(view);
        return 0;
    }

    private static ulong FullSocket(RunContext run, ulong socket, ulong r2, ulong r3, ulong r4, ulong r5) => Find(run, socket)?.Address(run) ?? 0;

    private static ulong TcpSocket(RunContext run, ulong socket, ulong r2, ulong r3, ulong r4, ulong r5) =>
        Find(run, socket) is { Protocol: SocketView.ProtocolTcp } view ? view.Address(run) : 0;

    private static ulong ListenerSocket(RunContext run, ulong socket, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        const uint Listen = 10;
        return Find(run, socket) is { State: Listen } view ? view.Address(run) : 0;
    }

    private static ulong Assign(RunContext run, ulong context, ulong socket, ulong flags, ulong r4, ulong r5)
    {
        const ulong Replace = 1, NoReuseport = 2;
        if (run.Program.Type == BpfProgramType.SkLookup)
        {
            EventState lookup = run.State<EventState>(context);
            if ((flags & ~(Replace | NoReuseport)) != 0)
                return Error(Errno.EINVAL);
            SocketView? chosen = Find(run, socket);
            if (lookup.Selected is not null && chosen is not null && (flags & Replace) == 0)
                return Error(Errno.EEXIST);
            lookup.Selected = chosen;
            return 0;
        }

        SocketView? view = Find(run, socket);
        SocketBufferState skb = run.SocketBuffer(context);
        if (view is null || flags != 0)
            return Error(Errno.EINVAL);
        skb.Socket = view;
        return 0;
    }

    private static ulong CastToTcp6(RunContext run, ulong socket, ulong r2, ulong r3, ulong r4, ulong r5) =>
        Find(run, socket) is { Protocol: SocketView.ProtocolTcp, Family: SocketView.FamilyInet6 } view ? view.Address(run) : 0;

    private static ulong CastToTcp(RunContext run, ulong socket, ulong r2, ulong r3, ulong r4, ulong r5) =>
        Find(run, socket) is { Protocol: SocketView.ProtocolTcp } view ? view.Address(run) : 0;

    private static ulong CastToUdp6(RunContext run, ulong socket, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        const uint Udp = 17;
        return Find(run, socket) is { Protocol: Udp, Family: SocketView.FamilyInet6 } view ? view.Address(run) : 0;
    }

    private static ulong CastToUnix(RunContext run, ulong socket, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        const uint Unix = 1;
        return Find(run, socket) is { Family: Unix } view ? view.Address(run) : 0;
    }

    // Stand-in sockets are neither requests nor waiting for their end, nor made of subflows.
    private static ulong CastToOther(RunContext run, ulong socket, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        _ = Find(run, socket);
        return 0;
    }
}
