using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests;

/// <summary>The kernels that a test with one body runs on: theory data by name, and a kernel by its name.</summary>
public static class TestKernels
{
    /// <summary>The host's kernel.</summary>
    public const string Linux = "linux";

    /// <summary>The emulator.</summary>
    public const string Emulator = "emulator";

    /// <summary>Both, for <c>[MemberData(nameof(TestKernels.Both), MemberType = typeof(TestKernels))]</c>.</summary>
    public static TheoryData<string> Both { get; } = new(Linux, Emulator);

    /// <summary>The host's kernel, whatever it allows.</summary>
    internal static IBpfKernel Host => OperatingSystem.IsLinux() ? LinuxKernel.Instance : throw new PlatformNotSupportedException("The host is not Linux.");

    /// <summary>The kernel of a name: the host's (skips or fails where it may not be used), or a fresh emulator.</summary>
    public static IBpfKernel Get(string name)
    {
        if (name == Emulator)
            return new EmulatedKernel();
        Assert.Equal(Linux, name);
        RequireKernel.Linux();
        return Host;
    }
}
