namespace LibbpfSharp.Emulator;

/// <summary>Leaves the load-time checks; never seen outside the emulator.</summary>
internal sealed class LoadRefusedException(int errno, string message) : Exception(message)
{
    /// <summary>Positive errno.</summary>
    public int Errno { get; } = errno;
}
