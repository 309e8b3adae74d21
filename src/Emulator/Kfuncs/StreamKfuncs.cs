using System.Text;

namespace LibbpfSharp.Emulator;

/// <summary>Text from a program to whoever reads its streams.</summary>
internal static unsafe class StreamKfuncs
{
    private const int LongestText = 1023; // MAX_BPRINTF_BUF without the NUL

    public static void Declare(KfuncTable table) =>
        table.Add("bpf_stream_vprintk_impl", "6.18", ProgramTypeSet.All, &Print); // 6.17: without the suffix

    private static ulong Print(RunContext run, ulong stream, ulong format, ulong data, ulong length, ulong program)
    {
        ProgramStreams streams = run.Program.Streams;
        if (streams.Write((uint)stream, []) is not 0 and var missing)
            return (uint)missing;
        if (!PrintHelpers.TryReadArguments(run, data, length, out ulong[] arguments))
            return unchecked((uint)-Errno.EINVAL);
        ReadOnlySpan<byte> text = run.ReadableSpan(format, 4096);
        if (text.IndexOf((byte)0) is not (>= 0 and var end))
        {
            RunContext.FaultArgument("The format of bpf_stream_vprintk is no string that ends in a zero.");
            return 0;
        }

        var line = new StringBuilder();
        int error = FormatString.Append(run, line, text[..end], arguments);
        if (error == 0)
            error = streams.Write((uint)stream, Encoding.Latin1.GetBytes(line.ToString(0, Math.Min(line.Length, LongestText))));
        return (uint)error;
    }
}
