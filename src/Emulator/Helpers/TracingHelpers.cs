using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers for programs that observe: attach cookie, the traced function, stacks, records for user space.</summary>
internal static unsafe class TracingHelpers
{
    private const ulong SkipMask = 0xff, UserStack = 1 << 8, BuildId = 1 << 11;

    public static void Declare(HelperTable table)
    {
        ProgramTypeSet tracing = ProgramTypeSet.Of(BpfProgramType.Tracing);
        table.Add(BpfHelperId.PerfEventOutput, "4.4", ProgramTypeSet.All.Except(ReusePort | FlowDissector | ProgramTypeSet.Of(BpfProgramType.Netfilter)), ReturnKind.Integer, [Context, Map, Anything, Memory, SizeOrZero], &PerfEventOutput, gplOnly: true);
        table.Add(BpfHelperId.SkbOutput, "5.5", Btf, ReturnKind.Integer, [ArgumentKind.Object, Map, Anything, Memory, SizeOrZero], &PerfEventOutput, gplOnly: true);
        table.Add(BpfHelperId.XdpOutput, "5.6", Btf, ReturnKind.Integer, [ArgumentKind.Object, Map, Anything, Memory, SizeOrZero], &PerfEventOutput, gplOnly: true);
        table.Add(BpfHelperId.GetStackid, "4.6", Observers, ReturnKind.Integer, [Context, Map, Anything], &GetStackId, gplOnly: true);
        table.Add(BpfHelperId.GetStack, "4.18", Observers, ReturnKind.Integer, [Context, WritableMemory, SizeOrZero, Anything], &GetStack, gplOnly: true);
        table.Add(BpfHelperId.GetTaskStack, "5.9", ProgramTypeSet.All, ReturnKind.Integer, [ArgumentKind.Object, WritableMemory, SizeOrZero, Anything], &GetStack);
        table.Add(BpfHelperId.GetAttachCookie, "5.15", ProgramTypeSet.Tracing, ReturnKind.Integer, [Context], &GetAttachCookie, permit: HelperPermits.Cookie);
        table.Add(BpfHelperId.GetFuncIp, "5.15", Observers, ReturnKind.Integer, [Context], &GetFunctionAddress, gplOnly: true, permit: HelperPermits.FunctionAddress);
        table.Add(BpfHelperId.GetFuncArg, "5.17", tracing | Lsm, ReturnKind.Integer, [Context, Anything, ArgumentKind.Object], &GetArgument, permit: HelperPermits.Trampoline);
        table.Add(BpfHelperId.GetFuncRet, "5.17", tracing, ReturnKind.Integer, [Context, ArgumentKind.Object], &GetResult, permit: HelperPermits.Trampoline);
        table.Add(BpfHelperId.GetFuncArgCnt, "5.17", tracing | Lsm, ReturnKind.Integer, [Context], &GetArgumentCount, permit: HelperPermits.Trampoline);
    }

    private static ulong PerfEventOutput(RunContext run, ulong context, ulong map, ulong flags, ulong data, ulong size)
    {
        const ulong IndexMask = 0xffffffff, CurrentCpu = IndexMask, ContextLengthMask = 0xfffffUL << 32;
        ReadOnlySpan<byte> bytes = run.ReadSpan(data, size);
        EmulatedMap target = run.MapOf(map);
        PacketBuffer? packet = run.ContextState?.Packet;
        if ((flags & ~(IndexMask | (packet is null ? 0 : ContextLengthMask))) != 0)
            return Error(Errno.EINVAL);
        int packetBytes = (int)((flags & ContextLengthMask) >> 32);
        if (packet is not null && packetBytes > packet.Length)
            return Error(Errno.EFAULT);
        int cpu = run.Kernel.Facts.PossibleCpus[run.Cpu];
        uint index = (flags & IndexMask) == CurrentCpu ? (uint)cpu : (uint)flags;
        if (index >= target.MaxEntries)
            return Error(Errno.E2BIG);
        if (target is not PerfEventArrayMap events || events.GetEvent(index) is not { } found)
            return Error(Errno.ENOENT);
        byte[] record = new byte[bytes.Length + packetBytes];
        bytes.CopyTo(record);
        packet?.Data[..packetBytes].CopyTo(record.AsSpan(bytes.Length));
        return (ulong)(long)run.Kernel.OutputPerfRecord(found, cpu, record);
    }

    private static IReadOnlyList<ulong>? FindStack(RunContext run, ulong flags) =>
        (flags & UserStack) != 0 ? run.Task.UserStack : run.Task.KernelStack;

    private static ulong GetStackId(RunContext run, ulong context, ulong map, ulong flags, ulong r4, ulong r5)
    {
        const ulong FastCompare = 1 << 9, ReuseId = 1 << 10;
        if ((flags & ~(SkipMask | UserStack | FastCompare | ReuseId)) != 0)
            return Error(Errno.EINVAL);
        if (run.MapOf(map) is not StackTraceMap traces)
        {
            RunContext.FaultArgument($"{run.MapOf(map).Description} is no stack trace map.");
            return 0;
        }

        // A machine without a stack to walk gives what Linux gives when the walk fails.
        ulong[] frames = [.. FindStack(run, flags)!.Skip((int)(flags & SkipMask))];
        if (frames.Length == 0)
            return Error(Errno.EFAULT);
        frames = [.. frames.Take(traces.MaximumFrames)];
        return (ulong)(long)traces.Store(System.Runtime.InteropServices.MemoryMarshal.AsBytes(frames.AsSpan()), flags);
    }

    private static ulong GetStack(RunContext run, ulong context, ulong buffer, ulong size, ulong flags, ulong r5)
    {
        Span<byte> target = run.WriteSpan(buffer, size);
        if ((flags & ~(SkipMask | UserStack | BuildId)) != 0 || ((flags & BuildId) != 0 && (flags & UserStack) == 0) || (target.Length & 7) != 0)
        {
            target.Clear();
            return Error(Errno.EINVAL);
        }

        target.Clear();
        IReadOnlyList<ulong> stack = FindStack(run, flags)!;
        int skip = (int)(flags & SkipMask);
        if (stack.Count <= skip)
            return Error(Errno.EFAULT);
        Span<ulong> frames = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(target);
        int count = Math.Min(frames.Length, stack.Count - skip);
        for (int i = 0; i < count; i++)
            frames[i] = stack[skip + i];
        return (ulong)(count * sizeof(ulong));
    }

    private static ulong GetAttachCookie(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5) => run.AttachCookie;

    private static ulong GetFunctionAddress(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5) =>
        run.HookState is TracedCall call ? call.Address : 0;

    private static ulong GetArgument(RunContext run, ulong context, ulong index, ulong value, ulong r4, ulong r5)
    {
        TracedCall call = CallOf(run);
        if ((uint)index >= (uint)call.ArgumentCount)
            return Error(Errno.EINVAL);
        *(ulong*)run.Write(value, sizeof(ulong)) = *(ulong*)run.Read(context + ((uint)index * sizeof(ulong)), sizeof(ulong));
        return 0;
    }

    private static ulong GetResult(RunContext run, ulong context, ulong value, ulong r3, ulong r4, ulong r5)
    {
        TracedCall call = CallOf(run);
        if (run.Program.ExpectedAttachType == BpfAttachType.TraceFentry)
            return Error(Errno.EOPNOTSUPP);
        *(ulong*)run.Write(value, sizeof(ulong)) = *(ulong*)run.Read(context + ((uint)call.ArgumentCount * sizeof(ulong)), sizeof(ulong));
        return 0;
    }

    private static ulong GetArgumentCount(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5) => (ulong)CallOf(run).ArgumentCount;

    private static TracedCall CallOf(RunContext run)
    {
        if (run.HookState is TracedCall call)
            return call;
        RunContext.FaultArgument("The program was started without a traced call; raise it with the function's arguments.");
        return null!;
    }
}
