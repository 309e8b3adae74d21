using System.Buffers.Binary;

namespace LibbpfSharp.Emulator;

/// <summary>LD_ABS and LD_IND: big-endian loads from the packet of a socket buffer into r0.</summary>
internal static unsafe class PacketLoads
{
    /// <summary>SKF_NET_OFF: offsets from here on are relative to the network header.</summary>
    private const int NetworkOffset = -0x100000;

    /// <summary>SKF_LL_OFF: offsets from here on are relative to the link layer header.</summary>
    private const int LinkOffset = -0x200000;

    /// <returns>False if the load lies outside the packet, which ends the program with 0.</returns>
    public static bool Execute(RunContext run, Op* op, ulong* r)
    {
        long offset = (int)op->Immediate;
        if (op->Code >= OpCode.PacketIndirect8)
            offset = (int)((uint)offset + (uint)r[op->Src]);
        int size = op->Code switch
        {
            OpCode.PacketAbsolute8 or OpCode.PacketIndirect8 => 1,
            OpCode.PacketAbsolute16 or OpCode.PacketIndirect16 => 2,
            _ => 4,
        };
        if (run.ContextState?.Packet is not { } packet)
            return false;
        if (offset < 0)
        {
            if (offset >= NetworkOffset)
                offset = offset - NetworkOffset + packet.NetworkOffset;
            else if (offset >= LinkOffset)
                offset = offset - LinkOffset + packet.LinkOffset;
            else
                return false;
        }

        // Relative to the start of the memory, since a link layer header may stand before data.
        long start = packet.DataOffset + offset;
        if (start < 0 || start + size > packet.EndOffset)
            return false;
        byte* at = packet.Memory + start;
        r[0] = size switch
        {
            1 => *at,
            2 => BinaryPrimitives.ReverseEndianness(*(ushort*)at),
            _ => BinaryPrimitives.ReverseEndianness(*(uint*)at),
        };
        r[1] = r[2] = r[3] = r[4] = r[5] = 0;
        return true;
    }
}
