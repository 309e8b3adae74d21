using System.Globalization;
using System.Text.RegularExpressions;

namespace LibbpfSharp.Formats.Binaries;

/// <summary>Parses the arguments of a USDT note: "-4@$5 8@%rdi -4@-20(%rbp)", each "[-]SIZE@PLACE" with the assembler's notation for the place.</summary>
internal static partial class UsdtArgumentParser
{
    private const int X64 = 62;
    private const int Arm64 = 183;
    private const int RiscV = 243;

    // struct pt_regs of x86-64: one 8-byte slot each, in this order; every name of a register leads to its slot.
    private static readonly string[][] s_x64 =
    [
        ["r15", "r15d", "r15w", "r15b"], ["r14", "r14d", "r14w", "r14b"], ["r13", "r13d", "r13w", "r13b"], ["r12", "r12d", "r12w", "r12b"],
        ["rbp", "ebp", "bp", "bpl"], ["rbx", "ebx", "bx", "bl"], ["r11", "r11d", "r11w", "r11b"], ["r10", "r10d", "r10w", "r10b"],
        ["r9", "r9d", "r9w", "r9b"], ["r8", "r8d", "r8w", "r8b"], ["rax", "eax", "ax", "al"], ["rcx", "ecx", "cx", "cl"],
        ["rdx", "edx", "dx", "dl"], ["rsi", "esi", "si", "sil"], ["rdi", "edi", "di", "dil"], [],
        ["rip", "eip", "ip"], [], [], ["rsp", "esp", "sp", "spl"],
    ];

    private static readonly string[] s_riscV =
    [
        "pc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7",
        "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
    ];

    public static IReadOnlyList<UsdtArgument> Parse(string text, int machine)
    {
        var arguments = new List<UsdtArgument>();
        // AArch64 puts a blank inside its brackets: "[sp, 12]".
        foreach (Match match in Argument().Matches(text))
        {
            int size = int.Parse(match.Groups["size"].ValueSpan, CultureInfo.InvariantCulture);
            if (size is not (1 or 2 or 4 or 8))
                throw Unsupported(match.Value, "its size is not 1, 2, 4 or 8 bytes");
            arguments.Add(machine switch
            {
                X64 => ParseX64(match, size),
                Arm64 => ParseArm64(match, size),
                RiscV => ParseRiscV(match, size),
                _ => throw new NotSupportedException($"USDT arguments of ELF machine {machine} cannot be read; x86-64, AArch64 and RISC-V can."),
            });
        }

        if (arguments.Count == 0 && !string.IsNullOrWhiteSpace(text))
            throw Unsupported(text, "it is not of the form SIZE@PLACE");
        return arguments;
    }

    private static UsdtArgument ParseX64(Match argument, int size)
    {
        string place = argument.Groups["place"].Value;
        bool signed = argument.Groups["sign"].Length > 0;
        if (place.StartsWith('$'))
            return Constant(argument, place[1..], size, signed);
        if (place.StartsWith('%'))
            return new UsdtArgument(UsdtArgumentKind.Register, size, signed, 0, X64Register(argument, place[1..]));
        Match memory = X64Memory().Match(place);
        if (!memory.Success)
            throw Unsupported(argument.Value, "its place is neither a constant, a register nor memory by registers");
        long displacement = memory.Groups["displacement"].Length == 0 ? 0 : Number(argument, memory.Groups["displacement"].Value);
        int register = X64Register(argument, memory.Groups["base"].Value);
        if (!memory.Groups["index"].Success)
            return new UsdtArgument(UsdtArgumentKind.Memory, size, signed, displacement, register);
        int shift = memory.Groups["scale"].Value switch
        {
            "" or "1" => 0,
            "2" => 1,
            "4" => 2,
            "8" => 3,
            _ => throw Unsupported(argument.Value, "its scale is not 1, 2, 4 or 8"),
        };
        return new UsdtArgument(UsdtArgumentKind.IndexedMemory, size, signed, displacement, register, X64Register(argument, memory.Groups["index"].Value), shift);
    }

    private static UsdtArgument ParseArm64(Match argument, int size)
    {
        string place = argument.Groups["place"].Value;
        bool signed = argument.Groups["sign"].Length > 0;
        if (place.StartsWith('['))
        {
            string[] parts = place.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries);
            long displacement = parts.Length > 1 ? Number(argument, parts[1].TrimStart('#')) : 0;
            return new UsdtArgument(UsdtArgumentKind.Memory, size, signed, displacement, Arm64Register(argument, parts[0]));
        }

        return char.IsAsciiLetter(place[0])
            ? new UsdtArgument(UsdtArgumentKind.Register, size, signed, 0, Arm64Register(argument, place))
            : Constant(argument, place, size, signed);
    }

    private static UsdtArgument ParseRiscV(Match argument, int size)
    {
        string place = argument.Groups["place"].Value;
        bool signed = argument.Groups["sign"].Length > 0;
        int open = place.IndexOf('(', StringComparison.Ordinal);
        if (open >= 0)
        {
            long displacement = open == 0 ? 0 : Number(argument, place[..open]);
            return new UsdtArgument(UsdtArgumentKind.Memory, size, signed, displacement, RiscVRegister(argument, place[(open + 1)..].TrimEnd(')')));
        }

        return char.IsAsciiLetter(place[0])
            ? new UsdtArgument(UsdtArgumentKind.Register, size, signed, 0, RiscVRegister(argument, place))
            : Constant(argument, place, size, signed);
    }

    private static UsdtArgument Constant(Match argument, string text, int size, bool signed) =>
        new(UsdtArgumentKind.Constant, size, signed, Number(argument, text));

    private static int X64Register(Match argument, string name)
    {
        int slot = Array.FindIndex(s_x64, names => names.Contains(name));
        return slot >= 0 ? slot * 8 : throw Unsupported(argument.Value, $"'{name}' is no general register");
    }

    private static int Arm64Register(Match argument, string name)
    {
        if (name == "sp")
            return 31 * 8;
        return name.Length > 1 && name[0] is 'x' or 'w' && int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < 31
            ? number * 8
            : throw Unsupported(argument.Value, $"'{name}' is no general register");
    }

    private static int RiscVRegister(Match argument, string name)
    {
        int slot = Array.IndexOf(s_riscV, name);
        return slot >= 0 ? slot * 8 : throw Unsupported(argument.Value, $"'{name}' is no general register");
    }

    private static long Number(Match argument, string text)
    {
        bool negative = text.StartsWith('-');
        ReadOnlySpan<char> digits = text.AsSpan(negative ? 1 : 0);
        bool parsed = digits.StartsWith("0x")
            ? ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        if (!parsed)
            throw Unsupported(argument.Value, $"'{text}' is no number");
        return negative ? -(long)value : (long)value;
    }

    private static NotSupportedException Unsupported(string argument, string why) => new($"The USDT argument '{argument.Trim()}' cannot be read: {why}.");

    [GeneratedRegex(@"(?<sign>-?)(?<size>\d+)(?:f)?@(?<place>\[[^\]]*\]|\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Argument();

    [GeneratedRegex(@"^(?<displacement>-?(0x)?[0-9a-fA-F]*)\(%(?<base>\w+)(,%(?<index>\w+)(,(?<scale>\d+))?)?\)$", RegexOptions.ExplicitCapture)]
    private static partial Regex X64Memory();
}
