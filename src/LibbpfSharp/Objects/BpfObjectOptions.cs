using LibbpfSharp.Interop;
using Microsoft.Extensions.Logging;

namespace LibbpfSharp;

/// <summary>How an object is opened and loaded. Every member has a default that fits.</summary>
public sealed class BpfObjectOptions
{
    /// <summary>Name of the object, the start of the kernel's names of its data maps; null for the file's name.</summary>
    public string? Name { get; init; }

    /// <summary>The kernel to load into; null for <see cref="BpfKernel.Default"/>, asked for when the object is loaded.</summary>
    public IBpfKernel? Kernel { get; init; }

    /// <summary>What loads it.</summary>
    public BpfLoader Loader { get; init; }

    /// <summary>
    /// Verifier log level of all programs: 0 fetches a log only after a refusal, 1 and 2 always (see <see cref="BpfProgram.VerifierLog"/>), 4 adds statistics.
    /// </summary>
    public uint LogLevel { get; init; }

    /// <summary>The most bytes that a verifier log may take (managed loader; libbpf has a limit of its own).</summary>
    public int MaxLogSize { get; init; } = 128 << 20;

    /// <summary>A file with the BTF of the kernel that CO-RE relocations are resolved against (raw, or an ELF file with .BTF); null for the kernel's own.</summary>
    public string? BtfPath { get; init; }

    /// <summary>Lines "CONFIG_X=value" that go before the kernel's configuration for .kconfig externs.</summary>
    public string? Kconfig { get; init; }

    /// <summary>Directory for maps that are pinned by name; null for where bpffs is mounted.</summary>
    public string? PinRoot { get; init; }

    /// <summary>Where this object's loading logs; null for <see cref="BpfLogging.LoggerFactory"/>.</summary>
    public ILogger? Logger { get; init; }
}
