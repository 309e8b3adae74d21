using LibbpfSharp.Skeleton.Tasks.Clang;

namespace LibbpfSharp.Skeleton.Tasks.Diagnostics;

/// <summary>What to install, in words.</summary>
internal static class InstallHints
{
    /// <summary>For want of a clang.</summary>
    /// <param name="rejected">Those that were tried, and why they will not do.</param>
    public static string Clang(IReadOnlyList<string> rejected) =>
        $"There is no clang that compiles for BPF ({(rejected.Count == 0 ? "none on the PATH" : string.Join(", ", rejected))}). "
        + $"Install clang (Debian, Ubuntu: apt-get install clang libbpf-dev; Fedora: dnf install clang libbpf-devel; Alpine: apk add clang libbpf-dev linux-headers), or name one in the property BpfClang or the variable {ClangFinder.Variable}.";

    /// <summary>For want of a header; empty if nothing helps but to find it.</summary>
    public static string Header(string header) => header switch
    {
        "vmlinux.h" => "vmlinux.h is made from the BTF of a kernel: bpftool btf dump file /sys/kernel/btf/vmlinux format c > vmlinux.h. Its folder belongs into IncludeDirectories.",
        _ when header.StartsWith("bpf/", StringComparison.Ordinal) => $"libbpf's header '{header}' is not installed (Debian, Ubuntu: apt-get install libbpf-dev; Fedora: dnf install libbpf-devel; Alpine: apk add libbpf-dev); or put its folder into IncludeDirectories.",
        _ when IsSystemHeader(header) => $"The kernel's header '{header}' is not installed (Debian, Ubuntu: apt-get install linux-libc-dev; Fedora: dnf install kernel-headers; Alpine: apk add linux-headers); or put its folder into IncludeDirectories.",
        _ => "",
    };

    /// <summary>Whether a header comes with a system's packages, not with the project.</summary>
    public static bool IsSystemHeader(string header) => header.Split('/')[0] is "bpf" or "linux" or "asm" or "asm-generic" && header.Contains('/', StringComparison.Ordinal);
}
