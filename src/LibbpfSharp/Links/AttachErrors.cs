using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Refusals of attachments, with the target named and the remedy where it is known.</summary>
internal static class AttachErrors
{
    public const string MountTracefs = "tracefs is not mounted: mount -t tracefs tracefs /sys/kernel/tracing (or attach a raw tracepoint, which needs no tracefs).";

    /// <summary>Throws for a refused attachment.</summary>
    public static BpfException Refused(BpfProgram program, int result, string target, string? remedy = null) =>
        KernelErrors.Create(result, program.Kernel, $"attaching to {target}", program.Subject, remedy ?? KernelErrors.Remedy((BpfErrno)(-result), program.Kernel));

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
        BpfErrno.EBUSY or BpfErrno.EEXIST => XdpOccupant(kernel, interfaceIndex),
        BpfErrno.EOPNOTSUPP => "The driver has no native XDP: use BpfXdpMode.Generic or Automatic.",
        _ => null,
    };

    private static string XdpOccupant(IBpfKernel kernel, int interfaceIndex)
    {
        string who = "";
        if (kernel.Network.XdpQuery(interfaceIndex, out XdpPrograms there) == 0)
        {
            uint id = there.NativeId != 0 ? there.NativeId : there.GenericId != 0 ? there.GenericId : there.OffloadedId;
            who = id == 0 ? "" : $" (program id {id})";
        }

        return $"An XDP program is attached to the interface already{who}: detach it first.";
    }
}
