using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Conformance.Kernel;

/// <summary>A kernel with two possible CPUs whose current CPU a test chooses.</summary>
internal abstract class TestMachine : IDisposable
{
    /// <summary>The kernel.</summary>
    public abstract IBpfKernel Kernel { get; }

    /// <summary>Following system calls and programs run on this CPU.</summary>
    public abstract void SetCpu(int cpu);

    /// <summary>The machine of a kernel's name; the calling thread is on CPU 0.</summary>
    public static TestMachine Create(string kernel) => kernel == TestKernels.Emulator ? new EmulatedMachine() : new LinuxMachine(TestKernels.Get(kernel));

    /// <inheritdoc/>
    public abstract void Dispose();

    private sealed class LinuxMachine(IBpfKernel kernel) : TestMachine
    {
        private readonly CpuPinning _pinning = new(0);

        public override IBpfKernel Kernel => kernel;

        public override void SetCpu(int cpu) => CpuPinning.Move(cpu);

        public override void Dispose() => _pinning.Dispose();
    }

    private sealed class EmulatedMachine : TestMachine
    {
        private readonly EmulatedKernel _kernel = new(new EmulatedKernelOptions { PossibleCpuCount = 2 });

        public override IBpfKernel Kernel => _kernel;

        public override void SetCpu(int cpu) => _kernel.CurrentCpu = cpu;

        public override void Dispose() => _kernel.Dispose();
    }
}
