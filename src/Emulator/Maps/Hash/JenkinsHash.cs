using System.Numerics;
using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>Bob Jenkins' lookup3, as Linux's hash maps and bloom filters use it: their order with seed 0 is reproducible.</summary>
internal static unsafe class JenkinsHash
{
    private const uint Initial = 0xdeadbeef;

    /// <summary>The hash of a key: over words when the length is a multiple of four, else over bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint OfKey(byte* key, uint length, uint seed) => length % 4 == 0 ? OfWords((uint*)key, length / 4, seed) : OfBytes(key, length, seed);

    /// <summary>Hash of 32-bit words in the machine's order.</summary>
    public static uint OfWords(uint* words, uint count, uint seed)
    {
        uint a = Initial + (count << 2) + seed, b = a, c = a;
        while (count > 3)
        {
            a += words[0];
            b += words[1];
            c += words[2];
            Mix(ref a, ref b, ref c);
            count -= 3;
            words += 3;
        }

        switch (count)
        {
            case 3:
                c += words[2];
                goto case 2;
            case 2:
                b += words[1];
                goto case 1;
            case 1:
                a += words[0];
                Final(ref a, ref b, ref c);
                break;
        }

        return c;
    }

    /// <summary>Hash of bytes.</summary>
    public static uint OfBytes(byte* bytes, uint length, uint seed)
    {
        uint a = Initial + length + seed, b = a, c = a;
        while (length > 12)
        {
            a += Unsafe.ReadUnaligned<uint>(bytes);
            b += Unsafe.ReadUnaligned<uint>(bytes + 4);
            c += Unsafe.ReadUnaligned<uint>(bytes + 8);
            Mix(ref a, ref b, ref c);
            length -= 12;
            bytes += 12;
        }

        if (length == 0)
            return c;
        uint* tail = stackalloc uint[3];
        tail[0] = tail[1] = tail[2] = 0;
        Unsafe.CopyBlockUnaligned(tail, bytes, length);
        a += tail[0];
        b += tail[1];
        c += tail[2];
        Final(ref a, ref b, ref c);
        return c;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ref uint a, ref uint b, ref uint c)
    {
        a -= c;
        a ^= BitOperations.RotateLeft(c, 4);
        c += b;
        b -= a;
        b ^= BitOperations.RotateLeft(a, 6);
        a += c;
        c -= b;
        c ^= BitOperations.RotateLeft(b, 8);
        b += a;
        a -= c;
        a ^= BitOperations.RotateLeft(c, 16);
        c += b;
        b -= a;
        b ^= BitOperations.RotateLeft(a, 19);
        a += c;
        c -= b;
        c ^= BitOperations.RotateLeft(b, 4);
        b += a;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Final(ref uint a, ref uint b, ref uint c)
    {
        c ^= b;
        c -= BitOperations.RotateLeft(b, 14);
        a ^= c;
        a -= BitOperations.RotateLeft(c, 11);
        b ^= a;
        b -= BitOperations.RotateLeft(a, 25);
        c ^= b;
        c -= BitOperations.RotateLeft(b, 16);
        a ^= c;
        a -= BitOperations.RotateLeft(c, 4);
        b ^= a;
        b -= BitOperations.RotateLeft(a, 14);
        c ^= b;
        c -= BitOperations.RotateLeft(b, 24);
    }
}
