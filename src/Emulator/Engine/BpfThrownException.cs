namespace LibbpfSharp.Emulator;

/// <summary>bpf_throw: all frames of the program end, and its result is the cookie.</summary>
internal sealed class BpfThrownException(ulong cookie) : Exception
{
    /// <summary>What the program threw.</summary>
    public ulong Cookie => cookie;
}
