using LibbpfSharp.Formats;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Refusals of attachments, with the target named and the remedy where it is known.</summary>
internal static class AttachErrors
{
    public const string MountTracefs = "tracefs is not mounted: mount -t tracefs tracefs /sys/kernel/tracing (or attach a raw tracepoint, which needs no tracefs).";

    private const int CapNetAdmin = 12;
    private const int CapSysAdmin = 21;
    private const int CapPerfmon = 38;

    /// <summary>Makes the exception for a refused attachment. A missing capability goes before any other explanation of EPERM and EACCES.</summary>
    public static BpfException Refused(BpfProgram program, int result, string target, string? remedy = null)
    {
        var errno = (BpfErrno)(-result);
        if (errno is BpfErrno.EPERM or BpfErrno.EACCES && MissingCapability(program) is { } missing)
            remedy = missing;
        return KernelErrors.Create(result, program.Kernel, $"attaching to {target}", program.Subject, remedy ?? KernelErrors.Remedy(errno, program.Kernel));
    }

    /// <summary>Makes the exception for a refused link: an older kernel than the attach type is named with the one that has it.</summary>
    public static BpfException LinkRefused(BpfProgram program, int result, BpfAttachType attachType, string target, string? remedy)
    {
        var errno = (BpfErrno)(-result);
        Version? since = KernelVersions.OfLink((uint)attachType);
        return errno is BpfErrno.EINVAL or BpfErrno.EOPNOTSUPP && since is not null && program.Kernel.Facts.Release < since
            ? new BpfUnsupportedFeatureException($"attaching to {target}", since, program.Kernel.Name, program.Subject, errno)
            : Refused(program, result, target, remedy);
    }

    /// <summary>Throws unless the program is of a kind that an attach call serves.</summary>
    public static void RequireType(BpfProgram program, string what, params ReadOnlySpan<BpfProgramType> types)
    {
        if (!types.Contains(program.Type))
            throw new BpfException(BpfErrno.EINVAL, $"attaching to {what}", program.Subject, $"It is a {program.Type} program; this wants {string.Join(" or ", types.ToArray())}.");
    }

    /// <summary>The index of an interface.</summary>
    public static int InterfaceIndex(BpfProgram program, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        int index = program.Kernel.Facts.GetInterfaceIndex(name);
        return index > 0 ? index : throw Refused(program, index, $"interface '{name}'", $"There is no interface '{name}' in this network namespace.");
    }

    /// <summary>What to do about a refused XDP program: who is there, what the driver cannot.</summary>
    public static string? Xdp(IBpfKernel kernel, BpfErrno errno, int interfaceIndex) => errno switch
    {
        BpfErrno.ENODEV => "There is no interface of this index in this network namespace.",

        // BPF_LINK_CREATE says EINVAL of an interface that does not exist, as of flags that contradict each other.
        BpfErrno.EINVAL => "There is no interface of this index in this network namespace, or the program or the mode does not suit it (offload to a card needs a program loaded for it).",
        BpfErrno.EBUSY or BpfErrno.EEXIST => XdpOccupant(kernel, interfaceIndex),
        BpfErrno.EOPNOTSUPP => "The driver has no native XDP: use BpfXdpMode.Generic or Automatic.",
        BpfErrno.ENOTSUPP or BpfErrno.ERANGE => "The driver's native XDP does not take the interface as it is set (MTU, offloads, queues): use BpfXdpMode.Generic, or a program for frames in parts (SEC(\"xdp.frags\")).",
        _ => null,
    };

    private static string XdpOccupant(IBpfKernel kernel, int interfaceIndex)
    {
        const string Remedy = "detach it first (ip link set dev NAME xdp off, or bpftool link detach), or replace it with Update or AttachWithoutLink(replace:)";
        if (kernel.Network.XdpQuery(interfaceIndex, out XdpPrograms there) != 0)
            return $"An XDP program is attached to the interface already: {Remedy}.";
        (uint id, string mode) = there.NativeId != 0 ? (there.NativeId, "native") : there.GenericId != 0 ? (there.GenericId, "generic") : (there.OffloadedId, "offloaded");
        return id == 0
            ? $"An XDP program is attached to the interface already: {Remedy}."
            : $"Program id {id}{NameOf(kernel, id)} is attached to the interface already, in {mode} mode{LinkOf(kernel, id, interfaceIndex)}: {Remedy}. Native and generic mode exclude each other.";
    }

    // Names and links of others are extras: what cannot be read is left out.
    private static string NameOf(IBpfKernel kernel, uint id)
    {
        try
        {
            using var program = BpfProgram.OpenById(id, kernel);
            return program.Name.Length > 0 ? $" ('{program.Name}')" : "";
        }
        catch (BpfException)
        {
            return "";
        }
    }

    private static string LinkOf(IBpfKernel kernel, uint programId, int interfaceIndex)
    {
        try
        {
            BpfLinkInfo? link = BpfLink.Enumerate(kernel).FirstOrDefault(l => l.ProgramId == programId && l is BpfXdpLinkInfo xdp && xdp.InterfaceIndex == interfaceIndex);
            return link is null ? " without a link" : $" by link {link.Id}";
        }
        catch (BpfException)
        {
            return "";
        }
    }

    /// <summary>The capability that attaching this kind of program needs and this process lacks, in words; null if none is known to be lacking.</summary>
    private static string? MissingCapability(BpfProgram program)
    {
        if (program.Kernel.IsEmulated || program.Kernel.Facts.EffectiveCapabilities is not { } held || Has(held, CapSysAdmin))
            return null;
        (int capability, string name) = program.Type switch
        {
            BpfProgramType.Kprobe or BpfProgramType.Tracepoint or BpfProgramType.PerfEvent or BpfProgramType.RawTracepoint or BpfProgramType.RawTracepointWritable or
                BpfProgramType.Tracing or BpfProgramType.Lsm or BpfProgramType.Ext => (CapPerfmon, "CAP_PERFMON"),
            BpfProgramType.SocketFilter or BpfProgramType.SkReusePort or BpfProgramType.Syscall => (-1, ""),
            _ => (CapNetAdmin, "CAP_NET_ADMIN"),
        };
        return capability < 0 || Has(held, capability) ? null : $"This process lacks {name}, which attaching {program.Type} programs needs: run as root or grant it.";
    }

    private static bool Has(ulong capabilities, int capability) => (capabilities >> capability & 1) != 0;
}
