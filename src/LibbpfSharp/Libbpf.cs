using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>The native libbpf of this host, if there is one. It is optional: see <see cref="BpfLoader"/>.</summary>
public static class Libbpf
{
    /// <summary>True if libbpf 1.x was found and can be used.</summary>
    public static bool IsSupported => LibbpfLibrary.IsSupported;

    /// <summary>Why it cannot be used and what to do about it, or null if it can.</summary>
    public static string? NotSupportedReason => LibbpfLibrary.NotSupportedReason;

    /// <summary>Version of the library found, such as 1.1; null if none was.</summary>
    public static Version? Version => LibbpfLibrary.Version;
}
