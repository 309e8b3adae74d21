using System.Text;
using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers that format text.</summary>
internal static class PrintHelpers
{
    private const int MaximumArgumentBytes = 12 * 8; // MAX_BPRINTF_VARARGS

    public static unsafe void Declare(HelperTable table)
    {
        ProgramTypeSet iterators = ProgramTypeSet.Of(BpfProgramType.Tracing);
        table.Add(BpfHelperId.TracePrintk, "4.1", ProgramTypeSet.All, ReturnKind.Integer, [Memory, Size, Anything, Anything, Anything], &TracePrintk, gplOnly: true);
        table.Add(BpfHelperId.TraceVprintk, "5.16", ProgramTypeSet.All, ReturnKind.Integer, [Memory, Size, MemoryOrNull, SizeOrZero], &TraceVprintk, gplOnly: true);
        table.Add(BpfHelperId.Snprintf, "5.13", ProgramTypeSet.All, ReturnKind.Integer, [WritableMemory, SizeOrZero, ConstantString, MemoryOrNull, SizeOrZero], &Snprintf, gplOnly: true);
        table.Add(BpfHelperId.SeqPrintf, "5.7", iterators, ReturnKind.Integer, [ArgumentKind.Object, Memory, Size, MemoryOrNull, SizeOrZero], &SeqPrintf, gplOnly: true, permit: HelperPermits.Iterator);
        table.Add(BpfHelperId.SnprintfBtf, "5.10", ProgramTypeSet.All, ReturnKind.Integer, [WritableMemory, Size, Memory, Size, Anything], &SnprintfBtf);
        table.Add(BpfHelperId.SeqPrintfBtf, "5.10", iterators, ReturnKind.Integer, [ArgumentKind.Object, Memory, SizeOrZero, Anything], &SeqPrintfBtf, gplOnly: true, permit: HelperPermits.Iterator);
        table.Add(BpfHelperId.SeqWrite, "5.7", iterators, ReturnKind.Integer, [ArgumentKind.Object, Memory, SizeOrZero], &SeqWrite, gplOnly: true, permit: HelperPermits.Iterator);
    }

    private static ulong TracePrintk(RunContext run, ulong format, ulong size, ulong a, ulong b, ulong c) =>
        Print(run, run.ReadSpan(format, size), [a, b, c]);

    private static ulong TraceVprintk(RunContext run, ulong format, ulong size, ulong data, ulong length, ulong r5)
    {
        ReadOnlySpan<byte> text = run.ReadSpan(format, size);
        return TryReadArguments(run, data, length, out ulong[] arguments) ? Print(run, text, arguments) : Error(Errno.EINVAL);
    }

    private static ulong Print(RunContext run, ReadOnlySpan<byte> format, ReadOnlySpan<ulong> arguments)
    {
        int end = format.IndexOf((byte)0);
        if (end < 0)
            return Error(Errno.EINVAL);
        var line = new StringBuilder();
        int error = FormatString.Append(run, line, format[..end], arguments);
        if (error < 0)
            return (ulong)(long)error;
        run.Kernel.Print(line.ToString());
        return (ulong)line.Length;
    }

    private static ulong Snprintf(RunContext run, ulong destination, ulong size, ulong format, ulong data, ulong length)
    {
        Span<byte> target = run.WriteSpan(destination, size);
        if (!TryReadArguments(run, data, length, out ulong[] arguments))
            return Error(Errno.EINVAL);
        ReadOnlySpan<byte> text = run.ReadableSpan(format, 4096);
        int end = text.IndexOf((byte)0);
        if (end < 0)
        {
            RunContext.FaultArgument("The format of bpf_snprintf is no string that ends in a zero.");
            return 0;
        }

        var result = new StringBuilder();
        int error = FormatString.Append(run, result, text[..end], arguments);
        if (error < 0)
            return (ulong)(long)error;
        CopyText(result.ToString(), target);
        return (ulong)result.Length + 1;
    }

    private static ulong SnprintfBtf(RunContext run, ulong destination, ulong size, ulong pointer, ulong pointerSize, ulong flags)
    {
        Span<byte> target = run.WriteSpan(destination, size);
        int error = PrintType(run, pointer, pointerSize, flags, out string text);
        CopyText(text, target);
        return error < 0 ? (ulong)(long)error : (ulong)text.Length;
    }

    private static ulong SeqPrintfBtf(RunContext run, ulong sequence, ulong pointer, ulong pointerSize, ulong flags, ulong r5)
    {
        SequenceFile file = SequenceFile.Of(run, sequence);
        int error = PrintType(run, pointer, pointerSize, flags, out string text);
        file.TryWrite(Encoding.Latin1.GetBytes(text));
        return (ulong)(long)error;
    }

    // struct btf_ptr: the address, the type in the kernel's BTF, flags that are not used.
    private static unsafe int PrintType(RunContext run, ulong pointer, ulong pointerSize, ulong flags, out string text)
    {
        const uint PointerSize = 16;
        text = "";
        ReadOnlySpan<byte> given = run.ReadSpan(pointer, pointerSize);
        if ((flags & ~TypePrinter.AllFlags) != 0 || given.Length != PointerSize || run.Kernel.KernelTypes.Btf is not { } btf)
            return -Errno.EINVAL;
        uint typeId = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(given[8..]);
        if (typeId == 0)
            return -Errno.EINVAL;
        return btf.IsValidId(typeId)
            ? new TypePrinter(run, btf, flags).Print(typeId, System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(given), out text)
            : -Errno.ENOENT;
    }

    private static void CopyText(string text, Span<byte> target)
    {
        if (target.IsEmpty)
            return;
        int copied = Math.Min(text.Length, target.Length - 1);
        Encoding.Latin1.GetBytes(text.AsSpan(0, copied), target);
        target[copied] = 0;
    }

    private static ulong SeqPrintf(RunContext run, ulong sequence, ulong format, ulong size, ulong data, ulong length)
    {
        SequenceFile file = SequenceFile.Of(run, sequence);
        ReadOnlySpan<byte> text = run.ReadSpan(format, size);
        if (!TryReadArguments(run, data, length, out ulong[] arguments) || text.IndexOf((byte)0) is not (>= 0 and var end))
            return Error(Errno.EINVAL);
        var result = new StringBuilder();
        int error = FormatString.Append(run, result, text[..end], arguments);
        return error < 0 ? (ulong)(long)error : file.TryWrite(Encoding.Latin1.GetBytes(result.ToString())) ? 0 : Error(Errno.EOVERFLOW);
    }

    private static ulong SeqWrite(RunContext run, ulong sequence, ulong data, ulong length, ulong r4, ulong r5) =>
        SequenceFile.Of(run, sequence).TryWrite(run.ReadSpan(data, length)) ? 0 : Error(Errno.EOVERFLOW);

    /// <summary>The arguments of a format, of 8 bytes each.</summary>
    /// <returns>False for a length that the kernel refuses.</returns>
    public static bool TryReadArguments(RunContext run, ulong data, ulong length, out ulong[] arguments)
    {
        arguments = [];
        uint bytes = (uint)length;
        if ((bytes & 7) != 0 || bytes > MaximumArgumentBytes || (bytes != 0 && data == 0))
            return false;
        arguments = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(run.ReadSpan(data, bytes)).ToArray();
        return true;
    }
}
