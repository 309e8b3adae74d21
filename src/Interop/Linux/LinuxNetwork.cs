using System.Runtime.Versioning;
using System.Text;

namespace LibbpfSharp.Interop;

/// <summary>rtnetlink: a socket a request, in the network namespace of the calling thread.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class LinuxNetwork : IKernelNetwork
{
    private const ushort RtmGetLink = 18;
    private const ushort RtmSetLink = 19;
    private const ushort RtmNewQdisc = 36;
    private const ushort RtmDelQdisc = 37;
    private const ushort RtmNewTFilter = 44;
    private const ushort RtmDelTFilter = 45;
    private const ushort RtmGetTFilter = 46;
    private const ushort NlmError = 2;
    private const ushort NlmDone = 3;

    private const ushort Request = 1;
    private const ushort Ack = 4;
    private const ushort Echo = 8;
    private const ushort Replace = 0x100;
    private const ushort Exclusive = 0x200;
    private const ushort Create = 0x400;

    private const ushort IflaXdp = 43;
    private const ushort XdpFd = 1;
    private const ushort XdpFlags = 3;
    private const ushort XdpDriverId = 5;
    private const ushort XdpGenericId = 6;
    private const ushort XdpOffloadedId = 7;
    private const ushort XdpExpectedFd = 8;
    private const uint XdpReplaceFlag = 16;

    private const ushort TcaKind = 1;
    private const ushort TcaOptions = 2;
    private const ushort TcaBpfFd = 6;
    private const ushort TcaBpfName = 7;
    private const ushort TcaBpfFlags = 8;
    private const ushort TcaBpfId = 11;
    private const uint ClsactParent = 0xFFFFFFF1;
    private const uint ClsactHandle = 0xFFFF0000;
    private const uint IngressParent = 0xFFFFFFF2;
    private const uint EgressParent = 0xFFFFFFF3;
    private const uint AllProtocols = 0x0300; // htons(ETH_P_ALL)
    private const int LinkFixedSize = 16;
    private const int TcFixedSize = 20;
    private const int ErrorCapped = 0x100;
    private const int ErrorHasAttributes = 0x200;

    public static LinuxNetwork Instance { get; } = new();

    public int XdpAttach(int interfaceIndex, int programFd, int expectedFd, uint flags, out string? explanation)
    {
        var message = new NetlinkMessage(stackalloc byte[256], RtmSetLink, Request | Ack);
        BitConverter.TryWriteBytes(message.Fixed(LinkFixedSize)[4..], interfaceIndex);
        int nest = message.Begin(IflaXdp);
        message.Add(XdpFd, (uint)programFd);
        if (flags != 0)
            message.Add(XdpFlags, flags);
        if ((flags & XdpReplaceFlag) != 0)
            message.Add(XdpExpectedFd, (uint)expectedFd);
        message.End(nest);
        return Send(message.Bytes, out _, out explanation);
    }

    public int XdpQuery(int interfaceIndex, out XdpPrograms programs)
    {
        programs = default;
        var message = new NetlinkMessage(stackalloc byte[64], RtmGetLink, Request);
        BitConverter.TryWriteBytes(message.Fixed(LinkFixedSize)[4..], interfaceIndex);
        int result = Send(message.Bytes, out byte[] reply, out _);
        if (result < 0)
            return result;
        ReadOnlySpan<byte> xdp = NetlinkMessage.Find(reply.AsSpan(NetlinkMessage.HeaderSize + LinkFixedSize), IflaXdp);
        programs = new XdpPrograms(
            NetlinkMessage.FindUInt32(xdp, XdpDriverId),
            NetlinkMessage.FindUInt32(xdp, XdpGenericId),
            NetlinkMessage.FindUInt32(xdp, XdpOffloadedId));
        return 0;
    }

    public int TcCreateHook(int interfaceIndex, out string? explanation) =>
        Qdisc(RtmNewQdisc, Request | Ack | Create | Exclusive, interfaceIndex, out explanation);

    public int TcDestroyHook(int interfaceIndex, out string? explanation) =>
        Qdisc(RtmDelQdisc, Request | Ack, interfaceIndex, out explanation);

    public int TcAttach(int interfaceIndex, bool egress, int programFd, string name, bool replace, ref TcFilter filter, out string? explanation)
    {
        var message = new NetlinkMessage(stackalloc byte[512], RtmNewTFilter, (ushort)(Request | Ack | Create | Echo | (replace ? Replace : Exclusive)));
        WriteTc(message.Fixed(TcFixedSize), interfaceIndex, filter.Handle, egress ? EgressParent : IngressParent, filter.Priority << 16 | AllProtocols);
        message.Add(TcaKind, "bpf");
        int nest = message.Begin(TcaOptions);
        message.Add(TcaBpfFd, (uint)programFd);
        message.Add(TcaBpfName, name.Length > 64 ? name[..64] : name);
        message.Add(TcaBpfFlags, 1); // direct action: the return value is the verdict
        message.End(nest);
        int result = Send(message.Bytes, out byte[] reply, out explanation);
        if (result == 0)
            filter = ReadFilter(reply, filter);
        return result;
    }

    public int TcDetach(int interfaceIndex, bool egress, TcFilter filter, out string? explanation)
    {
        var message = new NetlinkMessage(stackalloc byte[128], RtmDelTFilter, Request | Ack);
        WriteTc(message.Fixed(TcFixedSize), interfaceIndex, filter.Handle, egress ? EgressParent : IngressParent, filter.Priority << 16 | AllProtocols);
        message.Add(TcaKind, "bpf");
        return Send(message.Bytes, out _, out explanation);
    }

    public int TcQuery(int interfaceIndex, bool egress, ref TcFilter filter, out string? explanation)
    {
        var message = new NetlinkMessage(stackalloc byte[128], RtmGetTFilter, Request);
        WriteTc(message.Fixed(TcFixedSize), interfaceIndex, filter.Handle, egress ? EgressParent : IngressParent, filter.Priority << 16 | AllProtocols);
        message.Add(TcaKind, "bpf");
        int result = Send(message.Bytes, out byte[] reply, out explanation);
        if (result == 0)
            filter = ReadFilter(reply, filter);
        return result;
    }

    private static int Qdisc(ushort type, ushort flags, int interfaceIndex, out string? explanation)
    {
        var message = new NetlinkMessage(stackalloc byte[128], type, flags);
        WriteTc(message.Fixed(TcFixedSize), interfaceIndex, ClsactHandle, ClsactParent, 0);
        message.Add(TcaKind, "clsact");
        return Send(message.Bytes, out _, out explanation);
    }

    private static void WriteTc(Span<byte> tcmsg, int interfaceIndex, uint handle, uint parent, uint info)
    {
        BitConverter.TryWriteBytes(tcmsg[4..], interfaceIndex);
        BitConverter.TryWriteBytes(tcmsg[8..], handle);
        BitConverter.TryWriteBytes(tcmsg[12..], parent);
        BitConverter.TryWriteBytes(tcmsg[16..], info);
    }

    private static TcFilter ReadFilter(ReadOnlySpan<byte> reply, TcFilter filter)
    {
        if (reply.Length < NetlinkMessage.HeaderSize + TcFixedSize)
            return filter;
        ReadOnlySpan<byte> tcmsg = reply[NetlinkMessage.HeaderSize..];
        ReadOnlySpan<byte> options = NetlinkMessage.Find(tcmsg[TcFixedSize..], TcaOptions);
        return new TcFilter(BitConverter.ToUInt32(tcmsg[8..]), BitConverter.ToUInt32(tcmsg[16..]) >> 16, NetlinkMessage.FindUInt32(options, TcaBpfId));
    }

    /// <summary>Sends one request and reads until its acknowledgement or its single answer.</summary>
    private static int Send(ReadOnlySpan<byte> request, out byte[] reply, out string? explanation)
    {
        reply = [];
        explanation = null;
        int socket = libc.Errno(libc.socket(libc.AF_NETLINK, libc.SOCK_RAW_CLOEXEC, libc.NETLINK_ROUTE));
        if (socket < 0)
            return socket;
        try
        {
            int on = 1;
            libc.setsockopt(socket, libc.SOL_NETLINK, libc.NETLINK_EXT_ACK, (byte*)&on, sizeof(int));
            int sent;
            fixed (byte* data = request)
            {
                sent = libc.Errno(libc.send(socket, data, (nuint)request.Length, 0));
            }

            if (sent < 0)
                return sent;
            bool acknowledged = (BitConverter.ToUInt16(request[6..]) & Ack) != 0;
            byte[] buffer = new byte[64 * 1024];
            while (true)
            {
                int received;
                fixed (byte* data = buffer)
                {
                    received = libc.Errno(libc.recv(socket, data, (nuint)buffer.Length, 0));
                }

                if (received == -libc.EINTR)
                    continue;
                if (received <= 0)
                    return received == 0 ? -(int)BpfErrno.EPROTO : received;
                if (Read(buffer.AsSpan(0, received), acknowledged, ref reply, ref explanation, out int result))
                    return result;
            }
        }
        finally
        {
            libc.close(socket);
        }
    }

    /// <summary>Reads the messages of one datagram; true when the request is answered.</summary>
    private static bool Read(ReadOnlySpan<byte> datagram, bool acknowledged, ref byte[] reply, ref string? explanation, out int result)
    {
        result = 0;
        while (datagram.Length >= NetlinkMessage.HeaderSize)
        {
            int length = BitConverter.ToInt32(datagram);
            if (length < NetlinkMessage.HeaderSize || length > datagram.Length)
                break;
            ReadOnlySpan<byte> message = datagram[..length];
            ushort type = BitConverter.ToUInt16(message[4..]);
            ushort flags = BitConverter.ToUInt16(message[6..]);
            if (type == NlmError && length >= 20)
            {
                result = BitConverter.ToInt32(message[16..]);
                explanation = Explanation(message, flags, result);
                return true;
            }

            if (type == NlmDone)
                return true;
            reply = message.ToArray();
            if (!acknowledged)
                return true;
            datagram = datagram[Math.Min(NetlinkMessage.Align(length), datagram.Length)..];
        }

        return false;
    }

    private static string? Explanation(ReadOnlySpan<byte> message, ushort flags, int error)
    {
        if ((flags & ErrorHasAttributes) == 0)
            return null;
        // The attributes follow the request that the error repeats: whole for an error, its header alone when capped.
        int repeated = error != 0 && (flags & ErrorCapped) == 0 ? BitConverter.ToInt32(message[20..]) : NetlinkMessage.HeaderSize;
        int start = 20 + NetlinkMessage.Align(repeated);
        ReadOnlySpan<byte> text = start < message.Length ? NetlinkMessage.Find(message[start..], 1) : default;
        return text.IsEmpty ? null : Encoding.UTF8.GetString(text).TrimEnd('\0');
    }
}
