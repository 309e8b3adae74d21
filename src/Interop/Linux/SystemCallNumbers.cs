using System.Runtime.InteropServices;

namespace LibbpfSharp.Interop;

/// <summary>Numbers of the system calls that the C library has no function for, by architecture.</summary>
internal static class SystemCallNumbers
{
    public static readonly nint Bpf = Of(x64: 321, x86: 357, arm: 386, s390x: 351, ppc64le: 361, generic: 280);
    public static readonly nint PerfEventOpen = Of(x64: 298, x86: 336, arm: 364, s390x: 331, ppc64le: 319, generic: 241);
    public static readonly nint PidFdOpen = 434;

    private static nint Of(int x64, int x86, int arm, int s390x, int ppc64le, int generic) => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => x64,
        Architecture.X86 => x86,
        Architecture.Arm => arm,
        Architecture.S390x => s390x,
        Architecture.Ppc64le => ppc64le,
        _ => generic,
    };
}
