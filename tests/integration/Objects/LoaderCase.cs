using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Integration.Objects;

/// <summary>The ways into a kernel that one test body runs on.</summary>
public static class LoaderCase
{
    /// <summary>Linux through libbpf.</summary>
    public const string Libbpf = "linux through libbpf";

    /// <summary>Linux through the managed loader.</summary>
    public const string Managed = "linux through the managed loader";

    /// <summary>The emulator.</summary>
    public const string Emulator = "emulator";

    /// <summary>Both loaders on Linux.</summary>
    public static TheoryData<string> Linux { get; } = new(Libbpf, Managed);

    /// <summary>Both loaders on Linux, and the emulator.</summary>
    public static TheoryData<string> All { get; } = new(Libbpf, Managed, Emulator);

    internal static BpfObjectOptions Options(string @case, string? pinRoot = null, string? kconfig = null, uint logLevel = 0)
    {
        IBpfKernel kernel = TestKernels.Get(@case == Emulator ? TestKernels.Emulator : TestKernels.Linux);
        if (@case == Libbpf)
            RequireKernel.Libbpf();
        return new BpfObjectOptions
        {
            Kernel = kernel,
            Loader = @case == Libbpf ? BpfLoader.Libbpf : BpfLoader.Managed,
            PinRoot = pinRoot,
            Kconfig = kconfig,
            LogLevel = logLevel,
        };
    }

    internal static BpfObjectOpen Open(string @case, string name, string? pinRoot = null, string? kconfig = null, uint logLevel = 0) =>
        BpfObject.Open(TestObjects.GetPath(name), Options(@case, pinRoot, kconfig, logLevel));
}
