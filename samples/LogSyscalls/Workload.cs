using System.Diagnostics;
using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Samples;

/// <summary>What happens while system calls are counted.</summary>
internal static class Workload
{
    /// <summary>
    /// On the emulator, which has no processes of its own: recorded calls. On Linux: one run of cat, or as many seconds as
    /// were asked for.
    /// </summary>
    public static void Run(IBpfKernel kernel, Options options)
    {
        // The first half is for the trimmer: without the emulator nothing may name its type.
        if (BpfKernel.IsEmulatorEnabled && kernel is EmulatedKernel emulated)
            RecordedEvents.Replay(emulated);
        else if (options.Name is null && options.Seconds == 0)
            RunCat();
        else
            Thread.Sleep(TimeSpan.FromSeconds(options.Seconds == 0 ? 5 : options.Seconds));
    }

    private static void RunCat()
    {
        var start = new ProcessStartInfo("cat", [Environment.ProcessPath!]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("cat did not start.");
        process.StandardOutput.BaseStream.CopyTo(Stream.Null);
        process.WaitForExit();
    }
}
