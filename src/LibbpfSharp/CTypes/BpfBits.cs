namespace LibbpfSharp.CTypes;

/// <summary>Bitfields as clang lays them out for little-endian BPF: bit 0 is the lowest of the first byte.</summary>
public static class BpfBits
{
    /// <summary>Reads an unsigned bitfield.</summary>
    /// <param name="bytes">The struct.</param>
    /// <param name="bitOffset">First bit, from the start of the struct.</param>
    /// <param name="bits">Width, 1 to 64.</param>
    /// <returns>The value.</returns>
    public static ulong Read(ReadOnlySpan<byte> bytes, int bitOffset, int bits)
    {
        ulong value = 0;
        int done = 0;
        while (done < bits)
        {
            int shift = (bitOffset + done) & 7;
            int take = Math.Min(8 - shift, bits - done);
            ulong part = (uint)(bytes[(bitOffset + done) >> 3] >> shift) & ((1u << take) - 1);
            value |= part << done;
            done += take;
        }

        return value;
    }

    /// <summary>Reads a signed bitfield.</summary>
    /// <param name="bytes">The struct.</param>
    /// <param name="bitOffset">First bit, from the start of the struct.</param>
    /// <param name="bits">Width, 1 to 64.</param>
    /// <returns>The value, sign-extended.</returns>
    public static long ReadSigned(ReadOnlySpan<byte> bytes, int bitOffset, int bits) =>
        (long)(Read(bytes, bitOffset, bits) << (64 - bits)) >> (64 - bits);

    /// <summary>Writes a bitfield and leaves the bits around it.</summary>
    /// <param name="bytes">The struct.</param>
    /// <param name="bitOffset">First bit, from the start of the struct.</param>
    /// <param name="bits">Width, 1 to 64.</param>
    /// <param name="value">The value; as in C, bits beyond the width are dropped.</param>
    public static void Write(Span<byte> bytes, int bitOffset, int bits, ulong value)
    {
        int done = 0;
        while (done < bits)
        {
            int shift = (bitOffset + done) & 7;
            int take = Math.Min(8 - shift, bits - done);
            int mask = ((1 << take) - 1) << shift;
            ref byte b = ref bytes[(bitOffset + done) >> 3];
            b = (byte)((b & ~mask) | ((int)(value >> done) << shift & mask));
            done += take;
        }
    }
}
