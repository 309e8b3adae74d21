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
}
