using LibbpfSharp.Skeleton.Tasks.Clang;

namespace LibbpfSharp.Tests.Unit.SkeletonTasks;

public sealed class TargetArchitectureTests
{
    [Theory]
    [InlineData("x64", "x86", "x86_64-linux-gnu")]
    [InlineData("X86_64", "x86", "x86_64-linux-gnu")]
    [InlineData("Arm64", "arm64", "aarch64-linux-gnu")]
    [InlineData("aarch64", "arm64", "aarch64-linux-gnu")]
    [InlineData("riscv64", "riscv", "riscv64-linux-gnu")]
    [InlineData("s390x", "s390", "s390x-linux-gnu")]
    [InlineData("ppc64le", "powerpc", "powerpc64le-linux-gnu")]
    public void Names_of_dotnet_kernel_and_llvm(string name, string define, string folder) =>
        Assert.Equal(new TargetArchitecture(define, folder), TargetArchitecture.FromName(name));

    [Fact]
    public void Unknown_name_is_null() => Assert.Null(TargetArchitecture.FromName("pdp11"));
}
