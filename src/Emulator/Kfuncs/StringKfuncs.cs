namespace LibbpfSharp.Emulator;

/// <summary>bpf_strcmp and its kin (6.17): strings of any memory, at most XATTR_SIZE_MAX bytes.</summary>
internal static unsafe class StringKfuncs
{
    private const int Limit = 65536;

    public static void Declare(KfuncTable table)
    {
        ProgramTypeSet all = ProgramTypeSet.All;
        table.Add("bpf_strcmp", "6.17", all, &Compare);
        table.Add("bpf_strcasecmp", "6.18", all, &CompareWithoutCase);
        table.Add("bpf_strchrnul", "6.17", all, &FindOrEnd);
        table.Add("bpf_strnchr", "6.17", all, &FindAtMost);
        table.Add("bpf_copy_from_user_str", "6.12", all, &CopyFromUser, KfuncFlags.Sleepable);
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

    private static ulong CompareWithoutCase(RunContext run, ulong left, ulong right, ulong r3, ulong r4, ulong r5)
    {
        int error = Read(run, left, out ReadOnlySpan<byte> a);
        if (error != 0)
            return Result(error);
        error = Read(run, right, out ReadOnlySpan<byte> b);
        if (error != 0)
            return Result(error);
        for (int i = 0; i < a.Length && i < b.Length; i++)
        {
            int difference = ToLower(a[i]) - ToLower(b[i]);
            if (difference != 0)
                return Result(Math.Sign(difference));
        }

        return Result(a.Length.CompareTo(b.Length));
    }

    // The kernel's table of characters is that of Latin-1.
    private static int ToLower(byte character) =>
        character is (>= (byte)'A' and <= (byte)'Z') or (>= 0xC0 and <= 0xDE and not 0xD7) ? character + 32 : character;

    private static ulong FindOrEnd(RunContext run, ulong text, ulong character, ulong r3, ulong r4, ulong r5)
    {
        int error = Read(run, text, out ReadOnlySpan<byte> bytes);
        if (error != 0)
            return Result(error);
        int at = bytes.IndexOf((byte)character);
        return Result(at < 0 ? bytes.Length : at);
    }

    private static ulong FindAtMost(RunContext run, ulong text, ulong count, ulong character, ulong r4, ulong r5)
    {
        int error = Read(run, text, out ReadOnlySpan<byte> bytes);
        if (error != 0)
            return Result(error);
        int at = (byte)character == 0 ? bytes.Length : bytes.IndexOf((byte)character);
        return Result(at < 0 || (ulong)at >= count ? -Errno.ENOENT : at);
    }

    private static ulong CopyFromUser(RunContext run, ulong target, ulong size, ulong source, ulong flags, ulong r5)
    {
        const ulong PadZeros = 1;
        Span<byte> bytes = run.WriteSpan(target, size);
        if ((flags & ~PadZeros) != 0)
            return Result(-Errno.EINVAL);
        if (bytes.IsEmpty)
            return 0;
        ReadOnlySpan<byte> user = run.Task.ReadUser(source);
        int length = user[..Math.Min(user.Length, bytes.Length - 1)].IndexOf((byte)0);
        if (length < 0 && user.Length < bytes.Length - 1)
        {
            if ((flags & PadZeros) != 0)
                bytes.Clear();
            return Result(-Errno.EFAULT);
        }

        if (length < 0)
            length = bytes.Length - 1;
        user[..length].CopyTo(bytes);
        if ((flags & PadZeros) != 0)
            bytes[length..].Clear();
        else
            bytes[length] = 0;
        return Result(length + 1);
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
