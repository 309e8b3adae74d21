using LibbpfSharp.Interop;
using LibbpfSharp.Maps;
using LibbpfSharp.Tests.Maps;

namespace LibbpfSharp.Tests.Integration.Maps;

/// <summary>Per-CPU maps on both kernels.</summary>
public sealed class PerCpuMapTests
{
    public static TheoryData<string> Kernels => TestKernels.Both;

    [Theory, MemberData(nameof(Kernels))]
    public void Values_of_odd_sizes_go_and_come(string kernel) => PerCpuBody.OddSizes(TestKernels.Get(kernel));

    [Theory, MemberData(nameof(Kernels))]
    public void Mistakes_are_named(string kernel) => PerCpuBody.Mistakes(TestKernels.Get(kernel));

    [Theory, MemberData(nameof(Kernels))]
    public void One_cpu_is_for_kernels_that_know_it(string kernel) => PerCpuBody.OneCpu(TestKernels.Get(kernel));
}
