using System.Globalization;
using System.Text;

namespace LibbpfSharp.Emulator;

/// <summary>The printf of the kernel as far as programs may use it (bpf_bprintf_prepare).</summary>
internal static class FormatString
{
    private const int MaximumString = 512;

    /// <summary>Formats.</summary>
    /// <param name="run">For strings and addresses.</param>
    /// <param name="output">Receives the text.</param>
    /// <param name="format">Format without its NUL.</param>
    /// <param name="arguments">One register each.</param>
    /// <returns>0, or -EINVAL for a format that Linux refuses.</returns>
    public static int Append(RunContext run, StringBuilder output, ReadOnlySpan<byte> format, ReadOnlySpan<ulong> arguments)
    {
        int next = 0;
        for (int i = 0; i < format.Length; i++)
        {
            byte c = format[i];
            if (c > 0x7e || (c < 0x20 && c is not (>= 9 and <= 13)))
                return -Errno.EINVAL;
            if (c != '%')
            {
                output.Append((char)c);
                continue;
            }

            if (At(format, i + 1) == '%')
            {
                output.Append('%');
                i++;
                continue;
            }

            i++;
            var layout = new Layout();
            for (; At(format, i) is '0' or '+' or '-' or ' ' or '#'; i++)
            {
                layout.Zero |= format[i] == '0';
                layout.Left |= format[i] == '-';
                layout.Plus |= format[i] == '+';
                layout.Space |= format[i] == ' ';
            }

            for (; At(format, i) is >= '0' and <= '9'; i++)
                layout.Width = Math.Min((layout.Width * 10) + format[i] - '0', 1024);
            if (next >= arguments.Length)
                return -Errno.EINVAL;
            int used = Convert(run, output, format[i..], arguments[next++], layout);
            if (used < 0)
                return used;
            i += used - 1;
        }

        return 0;
    }

    private static char At(ReadOnlySpan<byte> format, int index) => index < format.Length ? (char)format[index] : '\0';

    // Returns the characters of the conversion.
    private static int Convert(RunContext run, StringBuilder output, ReadOnlySpan<byte> format, ulong argument, Layout layout)
    {
        switch (At(format, 0))
        {
            case 'p':
                return Pointer(run, output, format, argument, layout);
            case 's':
                layout.Append(output, Text(run, argument), isNumber: false);
                return 1;
            case 'c':
                layout.Append(output, ((char)(byte)argument).ToString(), isNumber: false);
                return 1;
        }

        int longs = 0;
        while (longs < 2 && At(format, longs) == 'l')
            longs++;
        bool wide = longs > 0;
        CultureInfo culture = CultureInfo.InvariantCulture;
        string? text = At(format, longs) switch
        {
            'd' or 'i' => layout.Sign(wide ? (long)argument : (int)argument),
            'u' => (wide ? argument : (uint)argument).ToString(culture),
            'x' => (wide ? argument : (uint)argument).ToString("x", culture),
            'X' => (wide ? argument : (uint)argument).ToString("X", culture),
            _ => null,
        };
        if (text is null)
            return -Errno.EINVAL;
        layout.Append(output, text, isNumber: true);
        return longs + 1;
    }

    private static int Pointer(RunContext run, StringBuilder output, ReadOnlySpan<byte> format, ulong argument, Layout layout)
    {
        char kind = At(format, 1);
        if (kind is 'k' or 'u' && At(format, 2) == 's')
        {
            layout.Append(output, kind == 'k' ? Text(run, argument) : UserText(run, argument), isNumber: false);
            return 3;
        }

        if (kind == '\0' || char.IsWhiteSpace(kind) || char.IsPunctuation(kind) || char.IsSymbol(kind) || kind is 'K' or 'x' or 's' or 'S' or 'B')
        {
            layout.Append(output, argument.ToString("x16", CultureInfo.InvariantCulture), isNumber: true);
            return kind is 'K' or 'x' or 's' or 'S' or 'B' ? 2 : 1;
        }

        if (kind is not ('i' or 'I') || At(format, 2) is not ('4' or '6'))
            return -Errno.EINVAL;
        int length = At(format, 2) == '4' ? 4 : 16;
        ReadOnlySpan<byte> bytes = run.ReadableSpan(argument, length);
        Span<byte> address = stackalloc byte[length];
        address.Clear();
        if (bytes.Length == length)
            bytes.CopyTo(address);
        layout.Append(output, length == 4 ? Ip4(address, kind == 'i') : Ip6(address, kind == 'i'), isNumber: false);
        return 3;
    }

    private static string Ip4(ReadOnlySpan<byte> address, bool padded)
    {
        string format = padded ? "000" : "0";
        CultureInfo culture = CultureInfo.InvariantCulture;
        return string.Join('.', address[0].ToString(format, culture), address[1].ToString(format, culture), address[2].ToString(format, culture), address[3].ToString(format, culture));
    }

    private static string Ip6(ReadOnlySpan<byte> address, bool plain)
    {
        var text = new StringBuilder();
        for (int i = 0; i < 16; i++)
        {
            text.Append(address[i].ToString("x2", CultureInfo.InvariantCulture));
            if (!plain && (i & 1) != 0 && i < 15)
                text.Append(':');
        }

        return text.ToString();
    }

    // What cannot be read is an empty string.
    private static string Text(RunContext run, ulong address) => Text(run.ReadableSpan(address, MaximumString));

    private static string UserText(RunContext run, ulong address) => Text(run.Task.ReadUser(address));

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private struct Layout
    {
        public bool Left;
        public bool Zero;
        public bool Plus;
        public bool Space;
        public int Width;

        public readonly string Sign(long value)
        {
            string digits = value.ToString(CultureInfo.InvariantCulture);
            return value < 0 ? digits : Plus ? "+" + digits : Space ? " " + digits : digits;
        }

        public readonly void Append(StringBuilder output, string text, bool isNumber)
        {
            if (Left)
                output.Append(text.PadRight(Width));
            else if (Zero && isNumber && text.Length > 0 && text[0] is '-' or '+' or ' ')
                output.Append(text[0]).Append(text[1..].PadLeft(Math.Max(Width - 1, 0), '0'));
            else
                output.Append(text.PadLeft(Width, Zero && isNumber ? '0' : ' '));
        }
    }
}
