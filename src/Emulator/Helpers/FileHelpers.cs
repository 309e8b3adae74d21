using System.Text;
using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers over files and programs that are started. The kernel has no IMA.</summary>
internal static unsafe class FileHelpers
{
    public static void Declare(HelperTable table)
    {
        table.Add(BpfHelperId.DPath, "5.10", Btf, ReturnKind.Integer, [ArgumentKind.Object, WritableMemory, SizeOrZero], &WritePath);
        table.Add(BpfHelperId.SockFromFile, "5.11", Btf, ReturnKind.ObjectOrNull, [ArgumentKind.Object], &FindSocket);
        table.Add(BpfHelperId.BprmOptsSet, "5.11", Lsm, ReturnKind.Integer, [ArgumentKind.Object, Anything], &SetOptions);
        table.Add(BpfHelperId.ImaInodeHash, "5.11", Lsm, ReturnKind.Integer, [ArgumentKind.Object, WritableMemory, Size], &Measure);
        table.Add(BpfHelperId.ImaFileHash, "5.18", Lsm, ReturnKind.Integer, [ArgumentKind.Object, WritableMemory, Size], &Measure);
    }

    // The path of a file that a test raised an event with (EventArgument.File); of any other object: none is known.
    private static ulong WritePath(RunContext run, ulong path, ulong buffer, ulong size, ulong r4, ulong r5)
    {
        Span<byte> target = run.WriteSpan(buffer, size);
        if (target.IsEmpty)
            return 0;
        if (run.OwnerOf(path) is not EventFile file)
            return Error(Errno.ENOENT);
        byte[] text = Encoding.UTF8.GetBytes(file.Path + "\0");
        if (text.Length > target.Length)
            return Error(Errno.ENAMETOOLONG);
        text.CopyTo(target);
        return (ulong)text.Length;
    }

    private static ulong FindSocket(RunContext run, ulong file, ulong r2, ulong r3, ulong r4, ulong r5) => 0;

    private static ulong SetOptions(RunContext run, ulong binary, ulong flags, ulong r3, ulong r4, ulong r5)
    {
        const ulong SecureExec = 1;
        return (flags & ~SecureExec) != 0 ? Error(Errno.EINVAL) : 0;
    }

    private static ulong Measure(RunContext run, ulong item, ulong buffer, ulong size, ulong r4, ulong r5)
    {
        _ = run.WriteSpan(buffer, size);
        return Error(Errno.EOPNOTSUPP);
    }
}
