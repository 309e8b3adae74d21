using System.Diagnostics.CodeAnalysis;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>
/// The kernel of this process: Linux where it lets the process make maps and load programs, else the emulator.
/// Decided once, at first use; <c>LIBBPFSHARP_KERNEL=linux|emulator</c> or <see cref="Preference"/> decide instead.
/// </summary>
public static class BpfKernel
{
    private static readonly Lock s_lock = new();
    private static BpfKernelSelection? s_selection;
    private static BpfKernelPreference s_preference;

    /// <summary>
    /// Whether the emulator is part of this program: the switch <c>LibbpfSharp.Emulator.Enabled</c>, true by default.
    /// False in a trimmed program removes it.
    /// </summary>
    [FeatureSwitchDefinition("LibbpfSharp.Emulator.Enabled")]
    public static bool IsEmulatorEnabled => !AppContext.TryGetSwitch("LibbpfSharp.Emulator.Enabled", out bool enabled) || enabled;

    /// <summary>The kernel wanted; the environment variable LIBBPFSHARP_KERNEL goes before it. Set it before the first use.</summary>
    /// <exception cref="InvalidOperationException">The kernel has been decided.</exception>
    public static BpfKernelPreference Preference
    {
        get => s_preference;
        set
        {
            lock (s_lock)
            {
                if (s_selection is not null && value != s_preference)
                    throw new InvalidOperationException($"The kernel of this process has been decided ({s_selection}). Set {nameof(Preference)} before the first use of the library.");
                s_preference = value;
            }
        }
    }

    /// <summary>The kernel that everything uses which is not given one.</summary>
    /// <exception cref="BpfException">Linux was demanded, or is the only one, and refuses; the message says why.</exception>
    public static IBpfKernel Default => Selection.Kernel;

    /// <summary>The choice and its reason.</summary>
    /// <exception cref="BpfException">Linux was demanded, or is the only one, and refuses; the message says why.</exception>
    public static BpfKernelSelection Selection
    {
        get
        {
            if (Volatile.Read(ref s_selection) is { } known)
                return known;
            lock (s_lock)
            {
                return s_selection ?? Decide();
            }
        }
    }

    /// <summary>Asks the default kernel, or one that is given, what it lets this process do.</summary>
    /// <param name="kernel">The kernel; null for the default.</param>
    /// <returns>The answers, asked for as they are read.</returns>
    public static BpfKernelFeatures Probe(IBpfKernel? kernel = null) => new(kernel ?? Default);

    private static BpfKernelSelection Decide()
    {
        BpfKernelPreference? variable = KernelChooser.ParseVariable(Environment.GetEnvironmentVariable(KernelChooser.Variable));
        IBpfKernel? linux = OperatingSystem.IsLinux() ? LinuxKernel.Instance : null;
        string origin = variable is not null ? $"{KernelChooser.Variable}={variable.Value.ToString().ToLowerInvariant()}" : $"{nameof(BpfKernel)}.{nameof(Preference)}";
        BpfKernelSelection selection = KernelChooser.Choose(variable ?? s_preference, origin, linux, IsEmulatorEnabled ? EmulatorFactory.Create : null);
        Volatile.Write(ref s_selection, selection);
        if (selection.IsFallback)
            BpfLogging.Kernel.KernelFallback(selection.Reason);
        else
            BpfLogging.Kernel.KernelChosen(selection.Kernel.Name, selection.Reason);
        return selection;
    }
}
