using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Values of .kconfig externs: of the kernel's configuration, of the text that goes before it, and the few that libbpf defines.</summary>
internal static class KconfigValues
{
    /// <summary>Writes all values of an object into the .kconfig section's bytes.</summary>
    public static void Fill(BpfObjectOpen open, IBpfKernel kernel, Span<byte> section)
    {
        var configuration = new Lazy<Dictionary<string, string>>(() => Read(kernel.Facts.ReadConfig(), open.Options.Kconfig));
        foreach (BpfExternSpec wanted in open.File.Externs)
        {
            if (wanted.Kind != BpfExternKind.Kconfig)
                continue;
            Span<byte> place = section.Slice(checked((int)wanted.Offset), checked((int)wanted.Size));
            if (Defined(wanted.Name, kernel) is { } number)
            {
                Write(wanted, place, number.ToString(CultureInfo.InvariantCulture), open.Name);
                continue;
            }

            if (configuration.Value.TryGetValue(wanted.Name, out string? value))
                Write(wanted, place, value, open.Name);
            else if (!wanted.IsWeak)
                throw Failure(wanted, open.Name, BpfErrno.ESRCH, "The kernel's configuration does not have it, or cannot be read: declare it __weak, or give it a value with BpfObjectOptions.Kconfig.");
        }
    }

    /// <summary>The lines CONFIG_X=value of both texts; those of the second go first.</summary>
    internal static Dictionary<string, string> Read(string? configuration, string? overrides)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string? text in (ReadOnlySpan<string?>)[configuration, overrides])
        {
            foreach (ReadOnlySpan<char> line in (text ?? "").AsSpan().EnumerateLines())
            {
                int equals = line.IndexOf('=');
                if (equals > 0 && line.StartsWith("CONFIG_", StringComparison.Ordinal))
                    values[line[..equals].ToString()] = line[(equals + 1)..].Trim().ToString();
            }
        }

        return values;
    }

    /// <summary>Writes one value in the form that the program declares.</summary>
    internal static void Write(BpfExternSpec wanted, Span<byte> place, string value, string @object)
    {
        switch (value)
        {
            case "y" or "n" or "m":
                WriteTristate(wanted, place, value[0], @object);
                break;
            case ['"', ..]:
                WriteString(wanted, place, value, @object);
                break;
            default:
                WriteNumber(wanted, place, value, @object);
                break;
        }
    }

    private static ulong? Defined(string name, IBpfKernel kernel) => name switch
    {
        "LINUX_KERNEL_VERSION" => (ulong)(kernel.Facts.Release.Major << 16 | kernel.Facts.Release.Minor << 8 | Math.Clamp(kernel.Facts.Release.Build, 0, 255)),
        "LINUX_HAS_BPF_COOKIE" => kernel.Facts.Release >= new Version(5, 15) ? 1u : 0u,

        // System calls take a struct pt_regs on these architectures since 4.17, which is older than what this library supports.
        "LINUX_HAS_SYSCALL_WRAPPER" => kernel.Facts.Architecture is "x86" or "arm64" or "s390" or "riscv" ? 1u : 0u,
        _ => null,
    };

    private static void WriteTristate(BpfExternSpec wanted, Span<byte> place, char value, string @object)
    {
        switch (wanted.KconfigType)
        {
            case BpfKconfigType.Bool when value == 'm':
                throw Failure(wanted, @object, BpfErrno.EINVAL, "Its value is 'm', which a bool cannot hold: declare it enum libbpf_tristate or char.");
            case BpfKconfigType.Bool:
                place[0] = value == 'y' ? (byte)1 : (byte)0;
                break;
            case BpfKconfigType.Tristate:
                BinaryPrimitives.WriteInt32LittleEndian(place, value switch { 'y' => 1, 'm' => 2, _ => 0 });
                break;
            case BpfKconfigType.Char:
                place[0] = (byte)value;
                break;
            default:
                throw Failure(wanted, @object, BpfErrno.EINVAL, $"Its value is '{value}', which a {wanted.KconfigType} cannot hold.");
        }
    }

    private static void WriteString(BpfExternSpec wanted, Span<byte> place, string value, string @object)
    {
        if (wanted.KconfigType != BpfKconfigType.CharArray)
            throw Failure(wanted, @object, BpfErrno.EINVAL, $"Its value is the text {value}: declare it char[].");
        if (value.Length < 2 || value[^1] != '"')
            throw Failure(wanted, @object, BpfErrno.EINVAL, $"Its value {value} has no closing quote.");

        // Cut to the array with its NUL, as libbpf does.
        byte[] text = Encoding.UTF8.GetBytes(value[1..^1]);
        int length = Math.Min(text.Length, Math.Max(place.Length - 1, 0));
        text.AsSpan(0, length).CopyTo(place);
    }

    private static void WriteNumber(BpfExternSpec wanted, Span<byte> place, string value, string @object)
    {
        if (wanted.KconfigType is not (BpfKconfigType.Integer or BpfKconfigType.Char or BpfKconfigType.Bool))
            throw Failure(wanted, @object, BpfErrno.EINVAL, $"Its value is the number {value}, which a {wanted.KconfigType} cannot hold.");
        bool negative = value.StartsWith('-');
        ReadOnlySpan<char> digits = negative ? value.AsSpan(1) : value;
        bool parsed = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(digits[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong magnitude)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out magnitude);
        if (!parsed)
            throw Failure(wanted, @object, BpfErrno.EINVAL, $"Its value '{value}' is no number.");
        if (!Fits(magnitude, negative, place.Length, wanted))
            throw Failure(wanted, @object, BpfErrno.ERANGE, $"Its value {value} does not fit in {place.Length} bytes.");
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, negative ? (ulong)-(long)magnitude : magnitude);
        bytes[..Math.Min(8, place.Length)].CopyTo(place);
    }

    private static bool Fits(ulong magnitude, bool negative, int size, BpfExternSpec wanted)
    {
        int bits = size * 8;
        if (wanted.KconfigType == BpfKconfigType.Bool)
            return !negative && magnitude <= 1;
        if (negative)
            return wanted.IsSigned && magnitude <= 1ul << (bits - 1);
        return bits >= 64 ? !wanted.IsSigned || magnitude <= long.MaxValue : magnitude < 1ul << (wanted.IsSigned ? bits - 1 : bits);
    }

    private static BpfException Failure(BpfExternSpec wanted, string @object, BpfErrno errno, string remedy) =>
        new(errno, $"resolving the configuration value '{wanted.Name}'", $"object '{@object}'", remedy);
}
