namespace LibbpfSharp.Emulator;

/// <summary>bpf_strcmp and its kin (6.17): strings of any memory, at most XATTR_SIZE_MAX bytes.</summary>
internal static unsafe class StringKfuncs
{
    private const int Limit = 65536;

    public static void Declare(KfuncTable table)
    {
        ProgramTypeSet all = ProgramTypeSet.All;
        table.Add("bpf_strcmp", "6.17", all, &Compare);
        table.Add("bpf_strlen", "6.17", all, &Length);
        table.Add("bpf_strnlen", "6.17", all, &LengthAtMost);
        table.Add("bpf_strchr", "6.17", all, &Find);
        table.Add("bpf_strrchr", "6.17", all, &FindLast);
        table.Add("bpf_strstr", "6.17", all, &FindString);
        table.Add("bpf_strnstr", "6.17", all, &FindStringAtMost);
        table.Add("bpf_strspn", "6.17", all, &Span);
        table.Add("bpf_strcspn", "6.17", all, &SpanOthers);
    }

    // The bytes before the NUL; an error for addresses of the lower half, for unreadable and for endless strings.
    private static int Read(RunContext run, ulong address, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!GuestAddress.IsTagged(address))
            return -Errno.ERANGE;
        ReadOnlySpan<byte> bytes = run.ReadableSpan(address, Limit);
        int end = bytes.IndexOf((byte)0);
        if (end < 0)
            return bytes.Length == Limit ? -Errno.E2BIG : -Errno.EFAULT;
        text = bytes[..end];
        return 0;
    }

    private static ulong Result(int value) => (uint)value;

    private static ulong Compare(RunContext run, ulong left, ulong right, ulong r3, ulong r4, ulong r5)
    {
        int error = Read(run, left, out ReadOnlySpan<byte> a);
        if (error == 0)
            error = Read(run, right, out ReadOnlySpan<byte> b) is var second && second != 0 ? second : Math.Sign(a.SequenceCompareTo(b));
        return Result(error);
    }

    private static ulong Length(RunContext run, ulong text, ulong r2, ulong r3, ulong r4, ulong r5) =>
        Read(run, text, out ReadOnlySpan<byte> bytes) is var error && error != 0 ? Result(error) : Result(bytes.Length);

    private static ulong LengthAtMost(RunContext run, ulong text, ulong count, ulong r3, ulong r4, ulong r5)
    {
        if (!GuestAddress.IsTagged(text))
            return Result(-Errno.ERANGE);
        ReadOnlySpan<byte> bytes = run.ReadableSpan(text, (int)Math.Min(count, Limit));
        int end = bytes.IndexOf((byte)0);
        return Result(end >= 0 ? end : (ulong)bytes.Length == count ? bytes.Length : bytes.Length == Limit ? -Errno.E2BIG : -Errno.EFAULT);
    }

    private static ulong Find(RunContext run, ulong text, ulong character, ulong r3, ulong r4, ulong r5)
    {
        int error = Read(run, text, out ReadOnlySpan<byte> bytes);
        if (error != 0)
            return Result(error);
        int at = (byte)character == 0 ? bytes.Length : bytes.IndexOf((byte)character);
        return Result(at < 0 ? -Errno.ENOENT : at);
    }

    private static ulong FindLast(RunContext run, ulong text, ulong character, ulong r3, ulong r4, ulong r5)
    {
        int error = Read(run, text, out ReadOnlySpan<byte> bytes);
        if (error != 0)
            return Result(error);
        int at = (byte)character == 0 ? bytes.Length : bytes.LastIndexOf((byte)character);
        return Result(at < 0 ? -Errno.ENOENT : at);
    }

    private static ulong FindString(RunContext run, ulong text, ulong wanted, ulong r3, ulong r4, ulong r5) => Search(run, text, wanted, int.MaxValue);

    private static ulong FindStringAtMost(RunContext run, ulong text, ulong wanted, ulong length, ulong r4, ulong r5) =>
        Search(run, text, wanted, (int)Math.Min(length, int.MaxValue));

    private static ulong Search(RunContext run, ulong text, ulong wanted, int length)
    {
        int error = Read(run, text, out ReadOnlySpan<byte> bytes);
        if (error != 0)
            return Result(error);
        error = Read(run, wanted, out ReadOnlySpan<byte> part);
        if (error != 0)
            return Result(error);
        int at = bytes[..Math.Min(bytes.Length, length)].IndexOf(part);
        return Result(at < 0 ? -Errno.ENOENT : at);
    }

    private static ulong Span(RunContext run, ulong text, ulong accepted, ulong r3, ulong r4, ulong r5) => Count(run, text, accepted, others: false);

    private static ulong SpanOthers(RunContext run, ulong text, ulong rejected, ulong r3, ulong r4, ulong r5) => Count(run, text, rejected, others: true);

    private static ulong Count(RunContext run, ulong text, ulong set, bool others)
    {
        int error = Read(run, text, out ReadOnlySpan<byte> bytes);
        if (error != 0)
            return Result(error);
        error = Read(run, set, out ReadOnlySpan<byte> characters);
        if (error != 0)
            return Result(error);
        int at = others ? bytes.IndexOfAny(characters) : bytes.IndexOfAnyExcept(characters);
        return Result(at < 0 ? bytes.Length : at);
    }
}
