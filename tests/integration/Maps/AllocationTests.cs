using LibbpfSharp.Tests.Maps;

namespace LibbpfSharp.Tests.Integration.Maps;

public sealed class AllocationTests
{
    [Theory]
    [MemberData(nameof(TestKernels.Both), MemberType = typeof(TestKernels))]
    public void Hot_paths_allocate_nothing(string kernel) => AllocationBody.Check(TestKernels.Get(kernel));
}
