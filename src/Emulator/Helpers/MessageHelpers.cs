using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers for programs between sockets: sk_msg, sk_skb, sock_ops, reuseport and address hooks.</summary>
internal static unsafe class MessageHelpers
{
    private const ulong Drop = 0, Pass = 1;
    private const ulong Ingress = 1;

    public static void Declare(HelperTable table)
    {
        ProgramTypeSet options = SockAddr | SockOps | Sockopt | StructOps | Lsm;
        table.Add(BpfHelperId.SkRedirectMap, "4.14", SkSkb, ReturnKind.Integer, [Context, Map, Anything, Anything], &RedirectStream);
        table.Add(BpfHelperId.SkRedirectHash, "4.18", SkSkb, ReturnKind.Integer, [Context, Map, MapKey, Anything], &RedirectStreamByKey);
        table.Add(BpfHelperId.MsgRedirectMap, "4.17", SkMsg, ReturnKind.Integer, [Context, Map, Anything, Anything], &RedirectMessage);
        table.Add(BpfHelperId.MsgRedirectHash, "4.18", SkMsg, ReturnKind.Integer, [Context, Map, MapKey, Anything], &RedirectMessageByKey);
        table.Add(BpfHelperId.MsgApplyBytes, "4.17", SkMsg, ReturnKind.Integer, [Context, Anything], &ApplyBytes);
        table.Add(BpfHelperId.MsgCorkBytes, "4.17", SkMsg, ReturnKind.Integer, [Context, Anything], &CorkBytes);
        table.Add(BpfHelperId.MsgPullData, "4.17", SkMsg, ReturnKind.Integer, [Context, Anything, Anything, Anything], &PullData, changesPacket: true);
        table.Add(BpfHelperId.MsgPushData, "4.20", SkMsg, ReturnKind.Integer, [Context, Anything, Anything, Anything], &PushData, changesPacket: true);
        table.Add(BpfHelperId.MsgPopData, "5.0", SkMsg, ReturnKind.Integer, [Context, Anything, Anything, Anything], &PopData, changesPacket: true);
        table.Add(BpfHelperId.SockMapUpdate, "4.14", SockOps, ReturnKind.Integer, [Context, Map, MapKey, Anything], &StoreSocket);
        table.Add(BpfHelperId.SockHashUpdate, "4.18", SockOps, ReturnKind.Integer, [Context, Map, MapKey, Anything], &StoreSocket);
        table.Add(BpfHelperId.SockOpsCbFlagsSet, "4.16", SockOps, ReturnKind.Integer, [Context, Anything], &SetCallbackFlags);
        table.Add(BpfHelperId.Setsockopt, "4.13", options, ReturnKind.Integer, [Context, Anything, Anything, Memory, Size], &SetOption, permit: HelperPermits.SetSockopt);
        table.Add(BpfHelperId.Getsockopt, "4.15", options, ReturnKind.Integer, [Context, Anything, Anything, WritableMemory, Size], &GetOption, permit: HelperPermits.SetSockopt);
        table.Add(BpfHelperId.Bind, "4.17", SockAddr, ReturnKind.Integer, [Context, Memory, Size], &Bind, permit: HelperPermits.Connect);
        table.Add(BpfHelperId.SkSelectReuseport, "4.19", ReusePort, ReturnKind.Integer, [Context, Map, MapKey, Anything], &Select);
    }

    private static ulong RedirectStream(RunContext run, ulong context, ulong map, ulong index, ulong flags, ulong r5)
    {
        uint key = (uint)index;
        return RedirectStreamTo(run, context, run.MapOf(map), (byte*)&key, flags);
    }

    private static ulong RedirectStreamByKey(RunContext run, ulong context, ulong map, ulong key, ulong flags, ulong r5)
    {
        EmulatedMap target = run.MapOf(map);
        return RedirectStreamTo(run, context, target, run.Read(key, target.KeySize), flags);
    }

    private static ulong RedirectStreamTo(RunContext run, ulong context, EmulatedMap map, byte* key, ulong flags)
    {
        SocketBufferState skb = run.SocketBuffer(context);
        if ((flags & ~Ingress) != 0 || map.GetSlotObject(key) is not EmulatedSocket socket)
            return Drop;
        skb.RedirectTarget = socket;
        return Pass;
    }

    private static ulong RedirectMessage(RunContext run, ulong context, ulong map, ulong index, ulong flags, ulong r5)
    {
        uint key = (uint)index;
        return RedirectMessageTo(run, context, run.MapOf(map), (byte*)&key, flags);
    }

    private static ulong RedirectMessageByKey(RunContext run, ulong context, ulong map, ulong key, ulong flags, ulong r5)
    {
        EmulatedMap target = run.MapOf(map);
        return RedirectMessageTo(run, context, target, run.Read(key, target.KeySize), flags);
    }

    private static ulong RedirectMessageTo(RunContext run, ulong context, EmulatedMap map, byte* key, ulong flags)
    {
        EventState message = run.State<EventState>(context);
        if ((flags & ~Ingress) != 0 || map.GetSlotObject(key) is not EmulatedSocket socket)
            return Drop;
        message.RedirectTarget = socket;
        return Pass;
    }

    private static ulong ApplyBytes(RunContext run, ulong context, ulong bytes, ulong r3, ulong r4, ulong r5)
    {
        run.State<EventState>(context).ApplyBytes = (uint)bytes;
        return 0;
    }

    private static ulong CorkBytes(RunContext run, ulong context, ulong bytes, ulong r3, ulong r4, ulong r5)
    {
        run.State<EventState>(context).CorkBytes = (uint)bytes;
        return 0;
    }

    private static PacketBuffer MessageOf(RunContext run, ulong context)
    {
        if (run.State<EventState>(context).Packet is { } packet)
            return packet;
        RunContext.FaultArgument("The message has no data; raise the event with some.");
        return null!;
    }

    // The data is in one piece here; data and data_end change to the bytes asked for.
    private static ulong PullData(RunContext run, ulong context, ulong start, ulong end, ulong flags, ulong r5)
    {
        PacketBuffer message = MessageOf(run, context);
        if (flags != 0 || (uint)end <= (uint)start || (uint)end > message.Length)
            return Error(Errno.EINVAL);
        message.Publish(run);
        return 0;
    }

    private static ulong PushData(RunContext run, ulong context, ulong start, ulong length, ulong flags, ulong r5)
    {
        PacketBuffer message = MessageOf(run, context);
        if (flags != 0)
            return Error(Errno.EINVAL);
        if ((uint)length == 0)
            return 0;
        if ((uint)start > message.Length)
            return Error(Errno.EINVAL);
        if ((uint)length > SkbDataHelpers.MaximumLength)
            return Error(Errno.ENOMEM);
        int at = (int)start;
        int size = (int)length;
        message.EnsureRoom(0, size);
        message.EndOffset += size;
        Span<byte> data = message.Data;
        data[at..^size].CopyTo(data[(at + size)..]);
        data.Slice(at, size).Clear();
        message.Publish(run);
        return 0;
    }

    private static ulong PopData(RunContext run, ulong context, ulong start, ulong length, ulong flags, ulong r5)
    {
        PacketBuffer message = MessageOf(run, context);
        ulong end = (ulong)(uint)start + (uint)length;
        if (flags != 0 || end > (uint)message.Length)
            return Error(Errno.EINVAL);
        message.Data[(int)end..].CopyTo(message.Data[(int)start..]);
        message.EndOffset -= (int)(uint)length;
        message.Publish(run);
        return 0;
    }

    private static ulong StoreSocket(RunContext run, ulong context, ulong map, ulong key, ulong flags, ulong r5)
    {
        EventState state = run.State<EventState>(context);
        EmulatedMap target = run.MapOf(map);
        if (target is not SocketMap sockets || state.Socket is not { } view)
            return Error(Errno.EOPNOTSUPP);
        return (ulong)(long)sockets.Store(run.Read(key, target.KeySize), view.GetOrMakeStandIn(run.Kernel), flags);
    }

    private static ulong SetCallbackFlags(RunContext run, ulong context, ulong flags, ulong r3, ulong r4, ulong r5)
    {
        const ulong Known = 0x7f;
        const int FlagsField = 84; // bpf_sock_ops_cb_flags
        EventState state = run.State<EventState>(context);
        if (state.Socket is null)
            return Error(Errno.EINVAL);
        BitConverter.TryWriteBytes(state.Fields[FlagsField..], (uint)(flags & Known));
        return flags & ~Known & uint.MaxValue;
    }

    private static ulong SetOption(RunContext run, ulong context, ulong level, ulong name, ulong value, ulong size)
    {
        ReadOnlySpan<byte> bytes = run.ReadSpan(value, size);
        if (run.ContextState is not EventState state)
            return Error(Errno.EINVAL);
        if (!IsKnownLevel((int)level) || bytes.Length < sizeof(int))
            return Error(Errno.EINVAL);
        state.Options[((int)level, (int)name)] = bytes.ToArray();
        return 0;
    }

    private static ulong GetOption(RunContext run, ulong context, ulong level, ulong name, ulong value, ulong size)
    {
        Span<byte> target = run.WriteSpan(value, size);
        target.Clear();
        if (run.ContextState is not EventState state || !IsKnownLevel((int)level) || !state.Options.TryGetValue(((int)level, (int)name), out byte[]? known))
            return Error(Errno.EINVAL);
        known.AsSpan(0, Math.Min(known.Length, target.Length)).CopyTo(target);
        return 0;
    }

    // SOL_IP, SOL_SOCKET, SOL_TCP, SOL_IPV6.
    private static bool IsKnownLevel(int level) => level is 0 or 1 or 6 or 41;

    private static ulong Bind(RunContext run, ulong context, ulong address, ulong size, ulong r4, ulong r5)
    {
        const int Ip4 = 16, Ip6Minimum = 24;
        ReadOnlySpan<byte> bytes = run.ReadSpan(address, size);
        if (bytes.Length < sizeof(ushort))
            return Error(Errno.EINVAL);
        EventState state = run.State<EventState>(context);
        switch (BitConverter.ToUInt16(bytes))
        {
            case SocketView.FamilyInet when bytes.Length >= Ip4:
            case SocketView.FamilyInet6 when bytes.Length >= Ip6Minimum:
                state.Bound = bytes.ToArray();
                return 0;
            case SocketView.FamilyInet or SocketView.FamilyInet6:
                return Error(Errno.EINVAL);
            default:
                return Error((int)BpfErrno.EAFNOSUPPORT);
        }
    }

    private static ulong Select(RunContext run, ulong context, ulong map, ulong key, ulong flags, ulong r5)
    {
        EventState state = run.State<EventState>(context);
        EmulatedMap target = run.MapOf(map);
        if (target.GetSlotObject(run.Read(key, target.KeySize)) is not EmulatedSocket socket)
            return Error(Errno.ENOENT);
        state.Selected = new SocketView(socket);
        return 0;
    }
}
