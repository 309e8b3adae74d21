namespace LibbpfSharp.Skeleton.Tasks.Clang;

/// <summary>The machine whose kernel a program is compiled for.</summary>
/// <param name="Define">As in __TARGET_ARCH_x86 of bpf_tracing.h.</param>
/// <param name="Multiarch">The folder below /usr/include where Debian and Ubuntu keep asm/types.h.</param>
internal sealed record TargetArchitecture(string Define, string Multiarch)
{
    /// <summary>The names that .NET, the kernel, LLVM and Debian use; null for an unknown one.</summary>
    public static TargetArchitecture? FromName(string name) => name.Trim().ToLowerInvariant() switch
    {
        "x64" or "x86_64" or "x86" or "amd64" => new("x86", "x86_64-linux-gnu"),
        "arm64" or "aarch64" => new("arm64", "aarch64-linux-gnu"),
        "arm" or "armv6" or "armv7" => new("arm", "arm-linux-gnueabihf"),
        "riscv64" or "riscv" => new("riscv", "riscv64-linux-gnu"),
        "s390x" or "s390" => new("s390", "s390x-linux-gnu"),
        "ppc64le" or "powerpc" => new("powerpc", "powerpc64le-linux-gnu"),
        "loongarch64" or "loongarch" => new("loongarch", "loongarch64-linux-gnu"),
        "mips" or "mips64" => new("mips", "mips64el-linux-gnuabi64"),
        _ => null,
    };
}
