using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>The one place above the seam that names the emulator, so that trimming can remove it with its caller.</summary>
internal static class EmulatorFactory
{
    public static IBpfKernel Create()
    {
        var type = Type.GetType("LibbpfSharp.Emulator.EmulatedKernel, LibbpfSharp.Emulator") ?? throw new NotSupportedException("This build has no emulated kernel.");
        return (IBpfKernel)Activator.CreateInstance(type)!;
    }
}
