using System.Buffers.Binary;

namespace LibbpfSharp.Emulator;

/// <summary>BPF_PROG_TEST_RUN of sk_lookup programs (bpf_prog_test_run_sk_lookup of net/bpf/test_run.c).</summary>
internal static unsafe class SocketLookupTest
{
    private const int Size = 72, Family = 8, Protocol = 12, RemoteIp4 = 16, RemoteIp6 = 20, RemotePort = 36, LocalIp4 = 40, LocalIp6 = 44, LocalPort = 60;
    private const int Ip6Size = 16;

    public static int Run(ProgramTestRun request)
    {
        ref Interop.bpf_attr_test attr = ref request.Attr;
        if (attr.flags != 0 || attr.cpu != 0 || attr.batch_size != 0)
            return -Errno.EINVAL;
        if (attr.data_in != 0 || attr.data_size_in != 0 || attr.data_out != 0 || attr.data_size_out != 0)
            return -Errno.EINVAL;
        Span<byte> user = stackalloc byte[Size];
        int error = request.ReadContext(user, out bool given);
        if (error != 0)
            return error;
        if (!given || user[..Family].ContainsAnyExcept((byte)0) || user[(LocalPort + 4)..].ContainsAnyExcept((byte)0))
            return -Errno.EINVAL;
        if (BinaryPrimitives.ReadUInt32LittleEndian(user[LocalPort..]) > ushort.MaxValue)
            return -Errno.ERANGE;
        ushort family = BinaryPrimitives.ReadUInt16LittleEndian(user[Family..]);
        if (family is not (SocketView.FamilyInet or SocketView.FamilyInet6))
            return -(int)BpfErrno.EAFNOSUPPORT;

        using var state = new EventState(Size);
        Span<byte> fields = state.Fields;
        BinaryPrimitives.WriteUInt32LittleEndian(fields[Family..], family);
        user.Slice(Protocol, 2).CopyTo(fields[Protocol..]);
        user.Slice(RemotePort, 2).CopyTo(fields[RemotePort..]);
        user.Slice(LocalPort, 2).CopyTo(fields[LocalPort..]);
        foreach ((int ip4, int ip6) in (ReadOnlySpan<(int, int)>)[(RemoteIp4, RemoteIp6), (LocalIp4, LocalIp6)])
        {
            if (family == SocketView.FamilyInet)
                user.Slice(ip4, 4).CopyTo(fields[ip4..]);
            else
                user.Slice(ip6, Ip6Size).CopyTo(fields[ip6..]);
        }

        error = request.Repeat(null, 0, state, attr.repeat, result => (uint)result == 0 ? 0u : 1u);
        if (error != 0)
            return error;
        BinaryPrimitives.WriteUInt64LittleEndian(user, state.Selected?.Cookie(request.Kernel) ?? 0);
        error = request.WriteResults([]);
        return error != 0 ? error : request.WriteContext(user);
    }
}
