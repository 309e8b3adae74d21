using System.Text;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>kprobes and uprobes as perf events of their PMU (4.17), which leave no name in tracefs behind.</summary>
internal static unsafe class ProbeAttach
{
    private const int ReferenceCounterShift = 32;

    /// <summary>A kernel function, at its entry, at an offset or on return.</summary>
    public static BpfLink Kprobe(BpfProgram program, string function, ulong offset, bool onReturn, ulong cookie)
    {
        AttachErrors.RequireType(program, "a kernel function", BpfProgramType.Kprobe);
        ArgumentException.ThrowIfNullOrEmpty(function);
        string target = $"{(onReturn ? "return of " : "")}kernel function '{function}'{(offset == 0 ? "" : $"+0x{offset:x}")}";
        return Open(program, "kprobe", function, offset, onReturn, 0, -1, target, cookie, errno => errno switch
        {
            BpfErrno.ENOENT => $"The kernel has no function of this name that can be probed (it may be inlined or marked notrace): look for it in /proc/kallsyms.",
            BpfErrno.EINVAL => onReturn && offset != 0 ? "A return probe is at a function's entry: the offset must be 0." : "The offset is not at the start of an instruction.",
            _ => null,
        });
    }

    /// <summary>An instruction of a file, in one process or in all.</summary>
    public static BpfLink Uprobe(BpfProgram program, string path, ulong fileOffset, bool onReturn, int processId, ulong cookie, ulong referenceCounterOffset, string target) =>
        Open(program, "uprobe", path, fileOffset, onReturn, referenceCounterOffset, processId, target, cookie, errno => errno switch
        {
            BpfErrno.ENOENT => $"There is no file '{path}'.",
            BpfErrno.ESRCH => $"There is no process {processId}.",
            BpfErrno.EINVAL => "The offset is outside the file, not at the start of an instruction, or the file cannot be probed (not a regular file).",
            _ => null,
        });

    private static BpfLink Open(BpfProgram program, string pmu, string name, ulong offset, bool onReturn, ulong referenceCounterOffset, int processId, string target, ulong cookie, Func<BpfErrno, string?> remedy)
    {
        IKernelFacts facts = program.Kernel.Facts;
        int type = facts.GetPmuType(pmu);
        if (type < 0)
        {
            string option = pmu == "kprobe" ? "CONFIG_KPROBE_EVENTS" : "CONFIG_UPROBE_EVENTS";
            throw AttachErrors.Refused(program, type, target, $"{program.Kernel.Name} has no {pmu} events: it was built without {option}, or is older than 4.17.");
        }

        PerfEventAttr attr = default;
        attr.Type = (uint)type;
        attr.Size = PerfEventAttr.ByteSize;
        attr.Config2 = offset;
        if (onReturn)
            attr.Config |= 1UL << Math.Max(facts.GetPmuFormatBit(pmu, "retprobe"), 0);
        attr.Config |= referenceCounterOffset << ReferenceCounterShift;
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(name) + 1];
        Encoding.UTF8.GetBytes(name, bytes);
        fixed (byte* pointer = bytes)
        {
            attr.Config1 = (ulong)pointer;
            return PerfEventLink.Open(program, attr, processId, processId < 0 ? 0 : -1, target, cookie, remedy);
        }
    }
}
