namespace LibbpfSharp;

/// <summary>Which kernel a process wants.</summary>
public enum BpfKernelPreference
{
    /// <summary>Linux where it allows BPF, else the emulator with a warning.</summary>
    Automatic = 0,

    /// <summary>Linux, or an exception.</summary>
    Linux = 1,

    /// <summary>The emulator.</summary>
    Emulator = 2,
}
