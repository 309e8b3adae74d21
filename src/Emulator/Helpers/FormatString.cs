using System.Globalization;
using System.Text;

namespace LibbpfSharp.Emulator;

/// <summary>The printf of the kernel as far as programs may use it (bpf_bprintf_prepare).</summary>
internal static class FormatString
{
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
            if (format[i] > 0x7e || (format[i] < 0x20 && format[i] is not ((byte)'\n' or (byte)'\t' or (byte)'\r')))
                return -Errno.EINVAL;
            if (format[i] != '%')
            {
                output.Append((char)format[i]);
                continue;
            }

            if (++i == format.Length)
                return -Errno.EINVAL;
            if (format[i] == '%')
            {
                output.Append('%');
                continue;
            }

            bool left = false;
            bool zero = false;
            for (; i < format.Length && format[i] is (byte)'0' or (byte)'-' or (byte)'+' or (byte)' '; i++)
            {
                left |= format[i] == '-';
                zero |= format[i] == '0';
            }

            int width = 0;
            for (; i < format.Length && char.IsAsciiDigit((char)format[i]); i++)
                width = Math.Min((width * 10) + format[i] - '0', 1024);
            if (next >= arguments.Length || i >= format.Length)
                return -Errno.EINVAL;
            ulong argument = arguments[next++];
            int longs = 0;
            for (; i < format.Length && format[i] == 'l'; i++)
                longs++;
            if (i >= format.Length || longs > 2)
                return -Errno.EINVAL;
            if (Convert(run, (char)format[i], longs, argument) is not { } text)
                return -Errno.EINVAL;
            if (left)
                output.Append(text.PadRight(width));
            else if (zero && text.StartsWith('-'))
                output.Append('-').Append(text[1..].PadLeft(width - 1, '0'));
            else
                output.Append(text.PadLeft(width, zero ? '0' : ' '));
        }

        return 0;
    }

    private static string? Convert(RunContext run, char conversion, int longs, ulong argument)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        switch (conversion)
        {
            case 'd' or 'i':
                return longs > 0 ? ((long)argument).ToString(culture) : ((int)argument).ToString(culture);
            case 'u':
                return longs > 0 ? argument.ToString(culture) : ((uint)argument).ToString(culture);
            case 'x':
                return longs > 0 ? argument.ToString("x", culture) : ((uint)argument).ToString("x", culture);
            case 'X':
                return longs > 0 ? argument.ToString("X", culture) : ((uint)argument).ToString("X", culture);
            case 'c' when longs == 0:
                return ((char)(byte)argument).ToString();
            case 'p' when longs == 0:
                return argument.ToString("x16", culture);
            case 's' when longs == 0:
                ReadOnlySpan<byte> bytes = run.ReadableSpan(argument, 512);
                int end = bytes.IndexOf((byte)0);
                return Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]);
            default:
                return null;
        }
    }
}
