using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Decides between Linux and the emulator. Pure but for the two kernels it is given, so that it can be tested.</summary>
internal static class KernelChooser
{
    public const string Variable = "LIBBPFSHARP_KERNEL";

    /// <summary>Reads the environment variable; null if it is not set.</summary>
    public static BpfKernelPreference? ParseVariable(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        null or "" => null,
        "linux" => BpfKernelPreference.Linux,
        "emulator" => BpfKernelPreference.Emulator,
        _ => throw new BpfException(BpfErrno.EINVAL, $"choosing the kernel from {Variable}='{text}'", null, $"Set {Variable} to 'linux' or 'emulator', or unset it."),
    };

    /// <summary>Decides.</summary>
    /// <param name="preference">What is wanted.</param>
    /// <param name="origin">Who wants it, for the reason.</param>
    /// <param name="linux">The Linux kernel; null off Linux.</param>
    /// <param name="emulator">Makes the emulator; null if it was trimmed away.</param>
    public static BpfKernelSelection Choose(BpfKernelPreference preference, string origin, IBpfKernel? linux, Func<IBpfKernel>? emulator)
    {
        if (preference == BpfKernelPreference.Emulator)
        {
            return emulator is null
                ? throw new BpfException(BpfErrno.EOPNOTSUPP, "choosing the emulated kernel", null, $"{origin} asks for it, but this program was built without it (LibbpfSharp.Emulator.Enabled is false).")
                : new BpfKernelSelection(emulator(), $"{origin} asks for it.", isFallback: false);
        }

        if (linux is null)
        {
            const string NotLinux = "this system is not Linux";
            if (preference == BpfKernelPreference.Linux || emulator is null)
                throw new BpfException(BpfErrno.ENOSYS, "choosing the Linux kernel", null, $"{Capitalized(NotLinux)}. {NoEmulator(emulator)}");
            return new BpfKernelSelection(emulator(), $"{NotLinux}.", isFallback: true);
        }

        (int result, string obstacle) = Try(linux);
        if (result >= 0)
            return new BpfKernelSelection(linux, preference == BpfKernelPreference.Linux ? $"{origin} asks for it." : "it lets this process make maps and load programs.", isFallback: false);
        string remedy = KernelErrors.Remedy((BpfErrno)(-result), linux) ?? "";
        if (preference == BpfKernelPreference.Linux || emulator is null)
            throw new BpfException((BpfErrno)(-result), obstacle, linux.Name, preference == BpfKernelPreference.Linux ? $"{origin} allows no other kernel. {remedy}" : $"{NoEmulator(emulator)} {remedy}");
        return new BpfKernelSelection(emulator(), $"{linux.Name} refuses {obstacle} ({BpfErrnoText.Name((BpfErrno)(-result))}). {remedy}".TrimEnd(), isFallback: true);
    }

    /// <summary>A map, and at least one program of the kinds that real use needs: where only maps and socket filters are allowed, nothing of use would load.</summary>
    private static (int Result, string Obstacle) Try(IBpfKernel kernel)
    {
        int map = KernelProbes.TryCreateMap(kernel, BpfMapType.Array);
        if (map < 0)
            return (map, "making a map");
        ReadOnlySpan<BpfProgramType> types = [BpfProgramType.Xdp, BpfProgramType.SchedCls, BpfProgramType.Tracepoint];
        int first = 0;
        foreach (BpfProgramType type in types)
        {
            int result = KernelProbes.TryLoadProgram(kernel, type);
            if (result >= 0)
                return (0, "");
            if (first == 0)
                first = result;
        }

        return (first, "loading an XDP, traffic control or tracepoint program");
    }

    private static string NoEmulator(Func<IBpfKernel>? emulator) =>
        emulator is null ? "This program was built without the emulated kernel (LibbpfSharp.Emulator.Enabled is false)." : $"Set {Variable}=emulator or nothing to run without it.";

    private static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
