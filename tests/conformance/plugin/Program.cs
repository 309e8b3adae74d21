using System.Globalization;
using LibbpfSharp.Tests.Conformance.Instructions;

// The plugin protocol of bpf_conformance: memory as hex in the first argument (absent without memory), the program as hex on
// stdin, r0 as hex on stdout, exit 0; or a message on stderr and exit 1.
try
{
    string memory = args.Length > 0 && !args[0].StartsWith('-') ? args[0] : "";
    if (args.Contains("--elf"))
        throw new NotSupportedException("ELF files are not read by this plugin; leave --elf out.");
    using var machine = new BareMachine();
    string? error = machine.Run(ReadHex(Console.In.ReadLine() ?? ""), ReadHex(memory), out ulong result);
    if (error is not null)
        throw new InvalidOperationException(error);
    Console.Out.WriteLine(result.ToString("x", CultureInfo.InvariantCulture));
    return 0;
}
catch (Exception e) when (e is FormatException or NotSupportedException or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static byte[] ReadHex(string text) => Convert.FromHexString(string.Concat(text.Where(c => !char.IsWhiteSpace(c))));
