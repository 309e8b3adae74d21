using LibbpfSharp.Emulator;

namespace LibbpfSharp.Tests.Unit.Buffers;

/// <summary>Attaching, detaching and reading at once, on the emulator. Alone, since it measures the memory of the whole process.</summary>
[CollectionDefinition(nameof(StressTests), DisableParallelization = true)]
[Collection(nameof(StressTests))]
public sealed class StressTests
{
    private const ulong Call = 42;

    [Fact]
    public void Attach_detach_and_read()
    {
        using var kernel = new EmulatedKernel();
        Summary.Write($"stress, emulator: {BufferStress.Run(() => Load(kernel), _ => Raise(kernel))}");
    }

    private static BpfObject Load(EmulatedKernel kernel)
    {
        using BpfObjectOpen open = BpfObject.Open(TestObjects.GetPath("streams"), new BpfObjectOptions { Kernel = kernel, Loader = BpfLoader.Managed });
        open.SetGlobal("target_call", Call);
        return open.Load();
    }

    private static void Raise(EmulatedKernel kernel)
    {
        for (int i = 0; i < 10; i++)
            kernel.RaiseRawTracepoint("sys_enter", 0, Call);
    }
}
