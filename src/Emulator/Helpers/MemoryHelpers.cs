using System.Text;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers that read memory which the program may not read itself, and that print.</summary>
internal static unsafe class MemoryHelpers
{
    public static void Declare(HelperTable table)
    {
        ProgramTypeSet all = ProgramTypeSet.All;
        ReadOnlySpan<ArgumentKind> read = [ArgumentKind.WritableMemory, ArgumentKind.SizeOrZero, ArgumentKind.Anything];
        table.Add(4, "bpf_probe_read", "4.1", all, ReturnKind.Integer, read, &ProbeRead, gplOnly: true);
        table.Add(45, "bpf_probe_read_str", "4.11", all, ReturnKind.Integer, read, &ProbeReadString, gplOnly: true);
        table.Add(112, "bpf_probe_read_user", "5.5", all, ReturnKind.Integer, read, &ProbeRead, gplOnly: true);
        table.Add(113, "bpf_probe_read_kernel", "5.5", all, ReturnKind.Integer, read, &ProbeRead, gplOnly: true);
        table.Add(114, "bpf_probe_read_user_str", "5.5", all, ReturnKind.Integer, read, &ProbeReadString, gplOnly: true);
        table.Add(115, "bpf_probe_read_kernel_str", "5.5", all, ReturnKind.Integer, read, &ProbeReadString, gplOnly: true);
        table.Add(6, "bpf_trace_printk", "4.1", all, ReturnKind.Integer, [ArgumentKind.Memory, ArgumentKind.Size, ArgumentKind.Anything, ArgumentKind.Anything, ArgumentKind.Anything], &TracePrintk, gplOnly: true);
    }

    // A fault zeroes the destination and gives -EFAULT.
    private static ulong ProbeRead(RunContext run, ulong destination, ulong size, ulong source, ulong r4, ulong r5)
    {
        uint length = (uint)size;
        byte* target = run.Write(destination, length);
        if (length == 0)
            return 0;
        if (!run.TryTranslate(source, length, false, out byte* native))
        {
            new Span<byte>(target, (int)length).Clear();
            return RunContext.Error(Errno.EFAULT);
        }

        Buffer.MemoryCopy(native, target, length, length);
        return 0;
    }

    private static ulong ProbeReadString(RunContext run, ulong destination, ulong size, ulong source, ulong r4, ulong r5)
    {
        uint length = (uint)size;
        var target = new Span<byte>(run.Write(destination, length), (int)length);
        if (length == 0)
            return 0;
        ReadOnlySpan<byte> bytes = run.ReadableSpan(source, (int)length);
        int end = bytes.IndexOf((byte)0);
        if (end < 0 && bytes.Length < length)
        {
            target.Clear();
            return RunContext.Error(Errno.EFAULT);
        }

        int copied = end < 0 ? (int)length - 1 : end;
        bytes[..copied].CopyTo(target);
        target[copied] = 0;
        return (ulong)(copied + 1);
    }

    private static ulong TracePrintk(RunContext run, ulong format, ulong size, ulong a, ulong b, ulong c)
    {
        var text = new ReadOnlySpan<byte>(run.Read(format, (uint)size), (int)(uint)size);
        int end = text.IndexOf((byte)0);
        if (end < 0)
            return RunContext.Error(Errno.EINVAL);
        var line = new StringBuilder();
        ReadOnlySpan<ulong> arguments = [a, b, c];
        int error = FormatString.Append(run, line, text[..end], arguments);
        if (error < 0)
            return (ulong)(long)error;
        run.Kernel.Print(line.ToString());
        return (ulong)line.Length;
    }
}
