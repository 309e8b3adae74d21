using System.Globalization;
using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp;

/// <summary>Attaches a program as the name of its section says, for all kinds whose names can say it.</summary>
internal static class SectionAttach
{
    /// <summary>Whether the section name, with the program's attach target, says where.</summary>
    public static bool CanAttach(BpfProgram program)
    {
        var section = BpfSectionName.Parse(program.SectionName);
        string target = program.AttachTarget;
        return section.AttachKind switch
        {
            BpfAttachKind.Kprobe or BpfAttachKind.KprobeMulti or BpfAttachKind.Ksyscall or BpfAttachKind.RawTracepoint => target.Length > 0,
            BpfAttachKind.Uprobe or BpfAttachKind.UprobeMulti => target.Contains(':', StringComparison.Ordinal),
            BpfAttachKind.Usdt => target.Split(':').Length == 3,
            BpfAttachKind.Tracepoint => target.Contains('/', StringComparison.Ordinal),
            BpfAttachKind.Tracing or BpfAttachKind.Replace => true,
            BpfAttachKind.Lsm => program.ExpectedAttachType == BpfAttachType.LsmMac,
            // Iterators over a map's elements need the map.
            BpfAttachKind.Iterator => target is not ("bpf_map_elem" or "bpf_sk_storage_map" or "sockmap"),
            _ => false,
        };
    }

    public static BpfLink Attach(BpfProgram program)
    {
        if (!CanAttach(program))
            throw new BpfException(BpfErrno.EINVAL, "attaching by section name", program.Subject, $"Section '{program.SectionName}' ({program.Type}) does not say where to attach: {ExplicitCall(program)}.");
        var section = BpfSectionName.Parse(program.SectionName);
        string target = program.AttachTarget;
        bool onReturn = section.Prefix.StartsWith("kret", StringComparison.Ordinal) || section.Prefix.StartsWith("uret", StringComparison.Ordinal);
        switch (section.AttachKind)
        {
            case BpfAttachKind.Kprobe:
                (string function, ulong offset) = SplitOffset(program, target);
                return ProbeAttach.Kprobe(program, function, offset, onReturn, 0);
            case BpfAttachKind.Ksyscall:
                return ProbeAttach.Kprobe(program, SystemCallFunction.Name(program.Kernel, target), 0, onReturn, 0);
            case BpfAttachKind.KprobeMulti:
                return MultiProbeAttach.Kprobes(program, target, onReturn);
            case BpfAttachKind.Uprobe:
                (string binary, string symbol) = SplitBinary(target);
                (string name, ulong distance) = SplitOffset(program, symbol);
                var options = new BpfUprobeOptions { OnReturn = onReturn, Offset = distance };
                return TryNumber(name, out ulong place)
                    ? new BpfUprobeProgram(program).Attach(binary, place, options)
                    : new BpfUprobeProgram(program).Attach(binary, name, options);
            case BpfAttachKind.UprobeMulti:
                (string file, string pattern) = SplitBinary(target);
                return new BpfUprobeMultiProgram(program).Attach(file, pattern, onReturn);
            case BpfAttachKind.Usdt:
                string[] probe = target.Split(':');
                return UsdtAttach.Attach(program, probe[0], probe[1], probe[2], -1, 0);
            case BpfAttachKind.Tracepoint:
                string[] tracepoint = target.Split('/', 2);
                return TracingAttach.Tracepoint(program, tracepoint[0], tracepoint[1], 0);
            case BpfAttachKind.RawTracepoint:
                return TracingAttach.RawTracepoint(program, target, 0);
            case BpfAttachKind.Iterator:
                return BpfIteratorTarget.Attach(program, null);
            default:
                return TracingAttach.LoadedTarget(program, 0);
        }
    }

    /// <summary>"function+0x10" is function and 16.</summary>
    private static (string Name, ulong Offset) SplitOffset(BpfProgram program, string text)
    {
        int plus = text.LastIndexOf('+');
        if (plus < 0)
            return (text, 0);
        return TryNumber(text[(plus + 1)..], out ulong offset)
            ? (text[..plus], offset)
            : throw new BpfException(BpfErrno.EINVAL, "attaching by section name", program.Subject, $"'{text[(plus + 1)..]}' of section '{program.SectionName}' is no offset; write 16 or 0x10.");
    }

    /// <summary>"/path:function" at the last colon, since a path may have some.</summary>
    private static (string Binary, string Function) SplitBinary(string target)
    {
        int colon = target.LastIndexOf(':');
        return (target[..colon], target[(colon + 1)..]);
    }

    private static bool TryNumber(string text, out ulong number) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string ExplicitCall(BpfProgram program) => program.Type switch
    {
        BpfProgramType.Xdp => $"use {nameof(BpfXdpProgram)} with an interface",
        BpfProgramType.SchedCls or BpfProgramType.SchedAct => $"use {nameof(BpfTcProgram)} with an interface",
        BpfProgramType.SocketFilter => $"use {nameof(BpfSocketFilterProgram)} with a socket",
        BpfProgramType.Tracepoint => $"use {nameof(BpfTracepointProgram)} with category and name",
        BpfProgramType.RawTracepoint or BpfProgramType.RawTracepointWritable => $"use {nameof(BpfRawTracepointProgram)} with a name",
        BpfProgramType.Kprobe => $"use {nameof(BpfKprobeProgram)}, {nameof(BpfUprobeProgram)} or their kin with a function",
        BpfProgramType.PerfEvent => $"use {nameof(BpfPerfEventProgram)} with an event",
        BpfProgramType.SkMsg or BpfProgramType.SkSkb => $"use {nameof(BpfSocketMapProgram)} with a map",
        BpfProgramType.SkLookup => $"use {nameof(BpfSkLookupProgram)} with a network namespace",
        BpfProgramType.FlowDissector => $"use {nameof(BpfFlowDissectorProgram)} with a network namespace",
        BpfProgramType.SkReusePort => $"use {nameof(BpfSkReusePortProgram)} with a socket",
        BpfProgramType.Netfilter => $"use {nameof(BpfNetfilterProgram)} with a hook",
        BpfProgramType.Tracing => $"use {nameof(BpfIteratorProgram)} with the map",
        BpfProgramType.Lsm => $"use {nameof(BpfLsmCgroupProgram)} with a cgroup",
        BpfProgramType.Syscall => $"run it, with {nameof(BpfSyscallProgram)}",
        BpfProgramType.CgroupSkb or BpfProgramType.CgroupSock or BpfProgramType.CgroupSockAddr or BpfProgramType.CgroupSockopt or
            BpfProgramType.CgroupSysctl or BpfProgramType.CgroupDevice or BpfProgramType.SockOps => $"use {nameof(BpfCgroupProgram)} with a cgroup",
        _ => "use the attach call of its kind",
    };
}
