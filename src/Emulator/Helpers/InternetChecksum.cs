namespace LibbpfSharp.Emulator;

/// <summary>The ones' complement sum of RFC 1071 in 32 bits, as csum_partial() and its kin keep it.</summary>
internal static class InternetChecksum
{
    /// <summary>Sum of bytes taken as 16-bit words of this machine's order, over a start value (csum_partial).</summary>
    public static uint Partial(ReadOnlySpan<byte> bytes, uint sum)
    {
        ulong total = sum;
        int i = 0;
        for (; i + 1 < bytes.Length; i += 2)
            total += (uint)(bytes[i] | (bytes[i + 1] << 8));
        if (i < bytes.Length)
            total += bytes[i];
        total = (total & uint.MaxValue) + (total >> 32);
        total = (total & uint.MaxValue) + (total >> 32);
        return (uint)total;
    }

    /// <summary>Sum of a block that begins at an offset of a larger one: odd offsets swap the bytes.</summary>
    public static uint Block(ReadOnlySpan<byte> bytes, int offset)
    {
        uint sum = Partial(bytes, 0);
        return (offset & 1) != 0 ? System.Numerics.BitOperations.RotateRight(sum, 8) : sum;
    }

    public static uint Add(uint left, uint right)
    {
        uint sum = left + right;
        return sum + (sum < right ? 1u : 0);
    }

    public static uint Subtract(uint left, uint right) => Add(left, ~right);

    /// <summary>csum_fold: 16 bits, complemented.</summary>
    public static ushort Fold(uint sum) => (ushort)~From32To16(sum);

    /// <summary>csum_from32to16.</summary>
    public static ushort From32To16(uint sum)
    {
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)sum;
    }

    /// <summary>csum_replace_by_diff.</summary>
    public static ushort ReplaceByDifference(ushort sum, uint difference) => Fold(Add(difference, (uint)(ushort)~sum));

    /// <summary>csum_replace2.</summary>
    public static ushort Replace2(ushort sum, ushort from, ushort to)
    {
        // csum16_add(csum16_sub(~sum, from), to), complemented.
        static ushort Add16(ushort a, ushort b)
        {
            uint r = (uint)a + b;
            return (ushort)((r & 0xffff) + (r >> 16));
        }

        return (ushort)~Add16(Add16((ushort)~sum, (ushort)~from), to);
    }

    /// <summary>csum_replace4.</summary>
    public static ushort Replace4(ushort sum, uint from, uint to) => Fold(Add(Subtract((ushort)~sum, from), to));
}
