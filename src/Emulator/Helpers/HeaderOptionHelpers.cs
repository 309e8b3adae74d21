using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>
/// TCP header options of sockops programs: room for them is reserved at BPF_SOCK_OPS_HDR_OPT_LEN_CB, they are written at
/// BPF_SOCK_OPS_WRITE_HDR_OPT_CB, and read from the event's data, a TCP header with its options, or from the SYN that was saved.
/// </summary>
internal static unsafe class HeaderOptionHelpers
{
    private const uint LengthCallback = 14, WriteCallback = 15;
    private const int TcpHeader = 20;
    private const byte EndOfOptions = 0, NoOperation = 1, Experimental = 254, Experimental2 = 253;

    public static void Declare(HelperTable table)
    {
        table.Add(BpfHelperId.LoadHdrOpt, "5.10", SockOps, ReturnKind.Integer, [Context, WritableMemory, Size, Anything], &Load);
        table.Add(BpfHelperId.StoreHdrOpt, "5.10", SockOps, ReturnKind.Integer, [Context, Memory, Size, Anything], &Store);
        table.Add(BpfHelperId.ReserveHdrOpt, "5.10", SockOps, ReturnKind.Integer, [Context, Anything, Anything], &Reserve);
    }

    private static ulong Reserve(RunContext run, ulong context, ulong length, ulong flags, ulong r4, ulong r5)
    {
        EventState state = run.State<EventState>(context);
        if (Operation(state) != LengthCallback)
            return Error(Errno.EPERM);
        if (flags != 0 || (uint)length < 2)
            return Error(Errno.EINVAL);
        if ((uint)length > state.OptionRoom)
            return Error(Errno.ENOSPC);
        state.OptionRoom -= (uint)length;
        return 0;
    }

    private static ulong Store(RunContext run, ulong context, ulong from, ulong length, ulong flags, ulong r5)
    {
        EventState state = run.State<EventState>(context);
        ReadOnlySpan<byte> option = run.ReadSpan(from, length);
        if (Operation(state) != WriteCallback)
            return Error(Errno.EPERM);
        if (option.Length < 2 || flags != 0 || option[1] > option.Length || option[0] is NoOperation or EndOfOptions)
            return Error(Errno.EINVAL);
        if (option[1] > state.OptionRoom)
            return Error(Errno.ENOSPC);
        bool hasMagic = option[0] is Experimental or Experimental2;
        if (hasMagic && option[1] < 4)
            return Error(Errno.EINVAL);
        if (state.Packet is not { Length: >= TcpHeader } packet)
            return Error(Errno.EFAULT);
        int found = Search(packet.Data[TcpHeader..], option[0], hasMagic ? option[2..4] : default, out bool isEnded);
        if (found >= 0)
            return Error(Errno.EEXIST);
        if (found != -Errno.ENOMSG)
            return (ulong)(long)found;
        if (isEnded)
            return Error(Errno.ENOSPC);
        option = option[..option[1]];
        packet.EnsureRoom(0, option.Length);
        packet.EndOffset += option.Length;
        option.CopyTo(packet.Data[^option.Length..]);
        state.OptionRoom -= (uint)option.Length;
        packet.Publish(run);
        return 0;
    }

    private static ulong Load(RunContext run, ulong context, ulong result, ulong length, ulong flags, ulong r5)
    {
        const ulong FromSyn = 1;
        EventState state = run.State<EventState>(context);
        Span<byte> wanted = run.WriteSpan(result, length);
        if (wanted.Length < 2 || (flags & ~FromSyn) != 0 || wanted[1] > wanted.Length || wanted[0] is NoOperation or EndOfOptions)
            return Error(Errno.EINVAL);
        bool hasMagic = wanted[0] is Experimental or Experimental2;
        if (hasMagic ? wanted[1] is not (4 or 6) : wanted[1] != 0)
            return Error(Errno.EINVAL);
        ReadOnlySpan<byte> header;
        if (flags == FromSyn)
        {
            if (state.SavedSyn.Length < TcpHeader)
                return Error(Errno.ENOENT);
            header = state.SavedSyn;
        }
        else if (state.Packet is not { Length: >= TcpHeader } packet || Operation(state) == LengthCallback)
        {
            return Error(Errno.EPERM);
        }
        else
        {
            header = packet.Data;
        }

        ReadOnlySpan<byte> options = header[TcpHeader..];
        int found = Search(options, wanted[0], hasMagic ? wanted[2..wanted[1]] : default, out _);
        if (found < 0)
            return (ulong)(long)found;
        ReadOnlySpan<byte> option = options.Slice(found, options[found + 1]);
        option[..Math.Min(option.Length, wanted.Length)].CopyTo(wanted);
        return option.Length > wanted.Length ? Error(Errno.ENOSPC) : (ulong)option.Length;
    }

    // Where an option is, or -errno: -ENOMSG for none.
    private static int Search(ReadOnlySpan<byte> options, byte kind, ReadOnlySpan<byte> magic, out bool isEnded)
    {
        isEnded = false;
        for (int at = 0; at < options.Length;)
        {
            if (options[at] == EndOfOptions)
            {
                isEnded = true;
                break;
            }

            if (options[at] == NoOperation)
            {
                at++;
                continue;
            }

            int left = options.Length - at;
            if (left < 2 || options[at + 1] < 2 || left < options[at + 1])
                return -Errno.EFAULT;
            if (options[at] == kind)
            {
                ReadOnlySpan<byte> rest = options.Slice(at + 2, options[at + 1] - 2);
                if (rest.Length < magic.Length)
                    break;
                if (rest.StartsWith(magic))
                    return at;
            }

            at += options[at + 1];
        }

        return -Errno.ENOMSG;
    }

    private static uint Operation(EventState state) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(state.Fields);
}
