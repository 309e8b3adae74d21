using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers that send packets elsewhere. Where to is noted in the context's state, for whoever raised the event.</summary>
internal static unsafe class RedirectHelpers
{
    private const ulong XdpAborted = 0, XdpRedirect = 4, TcShot = 2, TcRedirect = 7;
    private const ulong Ingress = 1;

    public static void Declare(HelperTable table)
    {
        table.Add(BpfHelperId.CloneRedirect, "4.2", TcAndXmit, ReturnKind.Integer, [Context, Anything, Anything], &CloneRedirect, changesPacket: true);
        table.Add(BpfHelperId.Redirect, "4.4", TcAndXmit | Xdp, ReturnKind.Integer, [Anything, Anything], &Redirect);
        table.Add(BpfHelperId.RedirectMap, "4.14", Xdp, ReturnKind.Integer, [Map, Anything, Anything], &RedirectToMap);
        table.Add(BpfHelperId.RedirectNeigh, "5.10", TrafficControl, ReturnKind.Integer, [Anything, MemoryOrNull, SizeOrZero, Anything], &RedirectNeighbour);
        table.Add(BpfHelperId.RedirectPeer, "5.10", TrafficControl, ReturnKind.Integer, [Anything, Anything], &RedirectPeer);
        table.Add(BpfHelperId.FibLookup, "4.18", TcAndXdp, ReturnKind.Integer, [Context, WritableMemory, Size, Anything], &FibLookup, gplOnly: true);
        table.Add(BpfHelperId.CheckMtu, "5.12", TcAndXdp, ReturnKind.Integer, [Context, Anything, ArgumentKind.Object, Anything, Anything], &CheckMtu, gplOnly: true);
    }

    private static ulong Redirect(RunContext run, ulong interfaceIndex, ulong flags, ulong r3, ulong r4, ulong r5)
    {
        if (run.Program.Type == BpfProgramType.Xdp)
        {
            if (flags != 0)
                return XdpAborted;
            Note(run, new PacketRedirect((uint)interfaceIndex, 0, null, 0));
            return XdpRedirect;
        }

        if ((flags & ~Ingress) != 0)
            return TcShot;
        Note(run, new PacketRedirect((uint)interfaceIndex, flags, null, 0));
        return TcRedirect;
    }

    private static ulong RedirectPeer(RunContext run, ulong interfaceIndex, ulong flags, ulong r3, ulong r4, ulong r5)
    {
        if (flags != 0)
            return TcShot;
        Note(run, new PacketRedirect((uint)interfaceIndex, PacketRedirect.Peer, null, 0));
        return TcRedirect;
    }

    private static ulong RedirectNeighbour(RunContext run, ulong interfaceIndex, ulong parameters, ulong length, ulong flags, ulong r5)
    {
        const uint ParametersSize = 20;
        run.ReadSpan(parameters, length);
        if (((uint)length != 0 && (uint)length < ParametersSize) || flags != 0)
            return TcShot;
        Note(run, new PacketRedirect((uint)interfaceIndex, PacketRedirect.Neighbour, null, 0));
        return TcRedirect;
    }

    private static ulong RedirectToMap(RunContext run, ulong map, ulong key, ulong flags, ulong r4, ulong r5)
    {
        const ulong ActionMask = 3, Broadcast = 8, ExcludeIngress = 16;
        EmulatedMap target = run.MapOf(map);
        bool isDeviceMap = target.Type is BpfMapType.DevMap or BpfMapType.DevMapHash;
        ulong known = ActionMask | (isDeviceMap ? Broadcast | ExcludeIngress : 0);
        if ((flags & ~known) != 0)
            return XdpAborted;
        uint index = (uint)key;
        if ((flags & Broadcast) == 0 && !HasTarget(target, index))
            return flags & ActionMask;
        Note(run, new PacketRedirect(0, flags, target, index));
        return XdpRedirect;
    }

    private static bool HasTarget(EmulatedMap map, uint key) => map is RedirectMap devices ? devices.Get(key) is not null : map.GetSlotObject((byte*)&key) is not null;

    private static ulong CloneRedirect(RunContext run, ulong context, ulong interfaceIndex, ulong flags, ulong r4, ulong r5)
    {
        SocketBufferState skb = run.SocketBuffer(context);
        if ((flags & ~Ingress) != 0 || !Exists(run, (uint)interfaceIndex))
            return Error(Errno.EINVAL);
        run.Kernel.ReportClone((int)interfaceIndex, (flags & Ingress) != 0, skb.Packet.Data);
        skb.Packet.Publish(run);
        return 0;
    }

    private static ulong FibLookup(RunContext run, ulong context, ulong parameters, ulong length, ulong flags, ulong r5)
    {
        const uint ParametersSize = 64;
        const uint Direct = 1, Output = 2, SkipNeighbour = 4, TableId = 8, Source = 16, Mark = 32;
        const uint IpVersion4 = 2, IpVersion6 = 10;
        const uint NotForwarded = 4;
        Span<byte> request = run.WriteSpan(parameters, length);
        if (request.Length < ParametersSize || ((uint)flags & ~(Direct | Output | SkipNeighbour | TableId | Source | Mark)) != 0)
            return Error(Errno.EINVAL);
        uint interfaceIndex = *(uint*)(run.Write(parameters, ParametersSize) + 8);
        if (request[0] is not ((byte)IpVersion4 or (byte)IpVersion6))
            return Error((int)BpfErrno.EAFNOSUPPORT);
        if (!Exists(run, interfaceIndex))
            return Error(Errno.ENODEV);
        return run.Kernel.FibLookup is { } lookup ? (ulong)(long)lookup(request[..(int)ParametersSize], (uint)flags) : NotForwarded;
    }

    private static ulong CheckMtu(RunContext run, ulong context, ulong interfaceIndex, ulong lengthAddress, ulong difference, ulong flags)
    {
        const ulong Segments = 1;
        const int LinkHeader = 14;
        const ulong FragmentationNeeded = 1;
        uint* length = (uint*)run.Write(lengthAddress, sizeof(uint));
        bool isXdp = run.Program.Type == BpfProgramType.Xdp;
        if (isXdp ? flags != 0 : (flags & ~Segments) != 0)
            return Error(Errno.EINVAL);
        if ((flags & Segments) != 0 && ((int)difference != 0 || *length != 0))
            return Error(Errno.EINVAL);
        uint own = isXdp ? run.XdpBuffer(context).IngressIfindex : run.SocketBuffer(context).Ifindex;
        uint index = (uint)interfaceIndex == 0 ? own : (uint)interfaceIndex;
        if (index != own && !Exists(run, index))
            return Error(Errno.ENODEV);
        uint mtu = run.Kernel.GetInterfaceMtu((int)index);
        int packet = (isXdp ? run.XdpBuffer(context).Packet : run.SocketBuffer(context).Packet).Length;
        long size = *length != 0 ? *length + (long)LinkHeader : packet;
        bool fits = size + (int)difference <= mtu + LinkHeader;
        *length = mtu;
        return fits ? 0 : FragmentationNeeded;
    }

    private static bool Exists(RunContext run, uint interfaceIndex) =>
        interfaceIndex == 1 || run.Kernel.Machine.FindInterface((int)interfaceIndex) is not null;

    private static void Note(RunContext run, PacketRedirect target)
    {
        switch (run.ContextState)
        {
            case SocketBufferState skb:
                skb.RedirectTarget = target;
                break;
            case XdpState xdp:
                xdp.RedirectTarget = target;
                break;
        }
    }
}
