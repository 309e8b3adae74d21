namespace LibbpfSharp.Emulator;

/// <summary>prog_flags of BPF_PROG_LOAD (uapi/linux/bpf.h, BPF_F_*).</summary>
internal static class ProgramFlags
{
    public const uint StrictAlignment = 1 << 0;
    public const uint AnyAlignment = 1 << 1;
    public const uint TestRandomHigh32 = 1 << 2;
    public const uint TestStateFrequency = 1 << 3;
    public const uint Sleepable = 1 << 4;
    public const uint XdpHasFragments = 1 << 5;
    public const uint XdpDeviceBoundOnly = 1 << 6;
    public const uint TestRegisterInvariants = 1 << 7;

    public const uint All = (1 << 8) - 1;
}
