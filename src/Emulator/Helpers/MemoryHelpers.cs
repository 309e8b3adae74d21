using System.Text;
using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers that read memory which the program may not read itself.</summary>
internal static unsafe class MemoryHelpers
{
    // Addresses below the kernel's half of the address space.
    private const ulong FirstKernelAddress = 0xffff_0000_0000_0000;

    public static void Declare(HelperTable table)
    {
        ProgramTypeSet all = ProgramTypeSet.All;
        ReadOnlySpan<ArgumentKind> read = [WritableMemory, SizeOrZero, Anything];
        table.Add(BpfHelperId.ProbeRead, "4.1", Observers, ReturnKind.Integer, read, &ProbeRead, gplOnly: true);
        table.Add(BpfHelperId.ProbeReadStr, "4.11", Observers, ReturnKind.Integer, read, &ProbeReadString, gplOnly: true);
        table.Add(BpfHelperId.ProbeReadUser, "5.5", all, ReturnKind.Integer, read, &ProbeReadUser, gplOnly: true);
        table.Add(BpfHelperId.ProbeReadKernel, "5.5", all, ReturnKind.Integer, read, &ProbeReadKernel, gplOnly: true);
        table.Add(BpfHelperId.ProbeReadUserStr, "5.5", all, ReturnKind.Integer, read, &ProbeReadUserString, gplOnly: true);
        table.Add(BpfHelperId.ProbeReadKernelStr, "5.5", all, ReturnKind.Integer, read, &ProbeReadKernelString, gplOnly: true);
        table.Add(BpfHelperId.CopyFromUser, "5.10", all, ReturnKind.Integer, read, &CopyFromUser, permit: HelperPermits.Sleepable);
        table.Add(
            BpfHelperId.CopyFromUserTask, "5.18", all, ReturnKind.Integer, [WritableMemory, SizeOrZero, Anything, ArgumentKind.Object, Anything],
            &CopyFromUserTask, gplOnly: true, permit: HelperPermits.Sleepable);
    }

    // The old helper takes the address for whichever half of the address space it is in.
    private static ulong ProbeRead(RunContext run, ulong destination, ulong size, ulong source, ulong r4, ulong r5) =>
        source < FirstKernelAddress ? ProbeReadUser(run, destination, size, source, r4, r5) : ProbeReadKernel(run, destination, size, source, r4, r5);

    private static ulong ProbeReadString(RunContext run, ulong destination, ulong size, ulong source, ulong r4, ulong r5) =>
        source < FirstKernelAddress ? ProbeReadUserString(run, destination, size, source, r4, r5) : ProbeReadKernelString(run, destination, size, source, r4, r5);

    // copy_from_kernel_nofault: a user address is out of range before it is bad, even for no bytes at all.
    private static ulong ProbeReadKernel(RunContext run, ulong destination, ulong size, ulong source, ulong r4, ulong r5)
    {
        Span<byte> target = run.WriteSpan(destination, size);
        if (source >= FirstKernelAddress && run.TryTranslate(source, (uint)target.Length, false, out byte* native))
        {
            if (!target.IsEmpty)
                new ReadOnlySpan<byte>(native, target.Length).CopyTo(target);
            return 0;
        }

        target.Clear();
        return Error(source < FirstKernelAddress ? Errno.ERANGE : Errno.EFAULT);
    }

    private static ulong ProbeReadKernelString(RunContext run, ulong destination, ulong size, ulong source, ulong r4, ulong r5)
    {
        Span<byte> target = run.WriteSpan(destination, size);
        if (target.IsEmpty)
            return 0;
        if (source < FirstKernelAddress)
        {
            target.Clear();
            return Error(Errno.ERANGE);
        }

        return CopyString(target, run.ReadableSpan(source, target.Length));
    }

    private static ulong ProbeReadUser(RunContext run, ulong destination, ulong size, ulong source, ulong r4, ulong r5)
    {
        Span<byte> target = run.WriteSpan(destination, size);
        ReadOnlySpan<byte> user = run.Task.ReadUser(source);
        if (user.Length >= target.Length)
        {
            user[..target.Length].CopyTo(target);
            return 0;
        }

        target.Clear();
        return Error(Errno.EFAULT);
    }

    private static ulong ProbeReadUserString(RunContext run, ulong destination, ulong size, ulong source, ulong r4, ulong r5)
    {
        Span<byte> target = run.WriteSpan(destination, size);
        ReadOnlySpan<byte> user = run.Task.ReadUser(source);
        return target.IsEmpty ? 0 : CopyString(target, user[..Math.Min(user.Length, target.Length)]);
    }

    private static ulong CopyString(Span<byte> target, ReadOnlySpan<byte> source)
    {
        int end = source.IndexOf((byte)0);
        if (end < 0 && source.Length < target.Length)
        {
            target.Clear();
            return Error(Errno.EFAULT);
        }

        int copied = end < 0 ? target.Length - 1 : end;
        source[..copied].CopyTo(target);
        target[copied] = 0;
        return (ulong)(copied + 1);
    }

    private static ulong CopyFromUser(RunContext run, ulong destination, ulong size, ulong source, ulong r4, ulong r5)
    {
        if ((uint)size == 0)
            return 0;
        return ProbeReadUser(run, destination, size, source, r4, r5);
    }

    private static ulong CopyFromUserTask(RunContext run, ulong destination, ulong size, ulong source, ulong task, ulong flags)
    {
        if (flags != 0)
            return Error(Errno.EINVAL);
        return CopyFromUser(run, destination, size, source, 0, 0);
    }
}
