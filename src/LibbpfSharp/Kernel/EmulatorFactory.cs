using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>The one place above the seam that names the emulator, so that trimming can remove it with its caller.</summary>
internal static class EmulatorFactory
{
    public static IBpfKernel Create() => new EmulatedKernel();
}
