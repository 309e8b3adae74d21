using System.Buffers.Binary;
using System.Numerics;

namespace LibbpfSharp.Emulator;

/// <summary>The ones' complement sum of RFC 1071 in 32 bits, as csum_partial() and its kin keep it.</summary>
internal static class InternetChecksum
{
    /// <summary>Sum of bytes taken as 16-bit words of this machine's order, over a start value (csum_partial).</summary>
    public static uint Partial(ReadOnlySpan<byte> bytes, uint sum)
    {
        // By 64-bit words with the carry fed back, as x86-64 sums: the 32 bits that come out are one of several that
        // mean the same modulo 0xffff, and programs see which.
        ulong total = sum;
        while (bytes.Length >= sizeof(ulong))
        {
            total = AddWithCarry(total, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        if (!bytes.IsEmpty)
        {
            Span<byte> rest = stackalloc byte[sizeof(ulong)];
            rest.Clear();
            bytes.CopyTo(rest);
            total = AddWithCarry(total, BinaryPrimitives.ReadUInt64LittleEndian(rest));
        }

        return (uint)((total + BitOperations.RotateRight(total, 32)) >> 32);
    }

    /// <summary>Sum of a block that begins at an offset of a larger one: odd offsets swap the bytes.</summary>
    public static uint Block(ReadOnlySpan<byte> bytes, int offset)
    {
        uint sum = Partial(bytes, 0);
        return (offset & 1) != 0 ? BitOperations.RotateRight(sum, 8) : sum;
    }

    private static ulong AddWithCarry(ulong left, ulong right)
    {
        ulong sum = left + right;
        return sum + (sum < right ? 1UL : 0);
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
