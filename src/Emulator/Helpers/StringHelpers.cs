using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers that parse and compare strings.</summary>
internal static unsafe class StringHelpers
{
    private const int MaximumDigits = 63;

    public static void Declare(HelperTable table)
    {
        ReadOnlySpan<ArgumentKind> parse = [Memory, Size, Anything, ArgumentKind.Object];
        table.Add(BpfHelperId.Strtol, "5.2", ProgramTypeSet.All, ReturnKind.Integer, parse, &ParseSigned);
        table.Add(BpfHelperId.Strtoul, "5.2", ProgramTypeSet.All, ReturnKind.Integer, parse, &ParseUnsigned);
        table.Add(BpfHelperId.Strncmp, "5.17", ProgramTypeSet.All, ReturnKind.Integer, [Memory, Size, ConstantString], &Compare);
    }

    private static ulong ParseSigned(RunContext run, ulong buffer, ulong length, ulong flags, ulong result, ulong r5)
    {
        long* target = (long*)run.Write(result, sizeof(long));
        int consumed = Parse(run.ReadSpan(buffer, length), flags, out ulong value, out bool negative);
        *target = 0;
        if (consumed < 0)
            return (ulong)(long)consumed;
        if (negative ? value > 1UL << 63 : value > long.MaxValue)
            return Error(Errno.ERANGE);
        *target = negative ? unchecked(-(long)value) : (long)value;
        return (ulong)consumed;
    }

    private static ulong ParseUnsigned(RunContext run, ulong buffer, ulong length, ulong flags, ulong result, ulong r5)
    {
        ulong* target = (ulong*)run.Write(result, sizeof(ulong));
        int consumed = Parse(run.ReadSpan(buffer, length), flags, out ulong value, out bool negative);
        *target = 0;
        if (consumed < 0)
            return (ulong)(long)consumed;
        if (negative)
            return Error(Errno.EINVAL);
        *target = value;
        return (ulong)consumed;
    }

    // __bpf_strtoull
    private static int Parse(ReadOnlySpan<byte> text, ulong flags, out ulong value, out bool negative)
    {
        const ulong BaseMask = 0x1f;
        value = 0;
        negative = false;
        uint radix = (uint)(flags & BaseMask);
        if (text.IsEmpty || radix is not (0 or 8 or 10 or 16) || (flags & ~BaseMask) != 0)
            return -Errno.EINVAL;
        int start = 0;
        while (start < text.Length && text[start] is (byte)' ' or (>= 9 and <= 13) or 0xa0)
            start++;
        negative = start < text.Length && text[start] == '-';
        if (negative)
            start++;
        if (start == text.Length)
            return -Errno.EINVAL;
        ReadOnlySpan<byte> digits = text[start..Math.Min(text.Length, start + MaximumDigits)];
        int at = FixRadix(digits, ref radix);
        int first = at;
        bool overflow = false;
        for (; at < digits.Length; at++)
        {
            uint digit = Digit(digits[at]);
            if (digit >= radix)
                break;
            UInt128 next = ((UInt128)value * radix) + digit;
            overflow |= next > ulong.MaxValue;
            value = (ulong)next;
        }

        if (overflow)
            return -Errno.ERANGE;
        return at == first ? -Errno.EINVAL : start + at;
    }

    private static int FixRadix(ReadOnlySpan<byte> digits, ref uint radix)
    {
        bool hasPrefix = digits.Length > 1 && digits[0] == '0' && (digits[1] | 0x20) == 'x';
        if (radix == 0)
            radix = digits[0] != '0' ? 10u : hasPrefix && digits.Length > 2 && Digit(digits[2]) < 16 ? 16u : 8u;
        return radix == 16 && hasPrefix ? 2 : 0;
    }

    private static uint Digit(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => (uint)(c - '0'),
        >= (byte)'a' and <= (byte)'f' => (uint)(c - 'a' + 10),
        >= (byte)'A' and <= (byte)'F' => (uint)(c - 'A' + 10),
        _ => uint.MaxValue,
    };

    // strncmp of the kernel: -1, 0 or 1.
    private static ulong Compare(RunContext run, ulong left, ulong length, ulong right, ulong r4, ulong r5)
    {
        ReadOnlySpan<byte> a = run.ReadSpan(left, length);
        ReadOnlySpan<byte> b = run.ReadableSpan(right, a.Length);
        if (b.Length < a.Length && b.IndexOf((byte)0) < 0)
            run.FaultAccess(right, (uint)a.Length, write: false);
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i])
                return a[i] < b[i] ? ulong.MaxValue : 1;
            if (a[i] == 0)
                break;
        }

        return 0;
    }
}
