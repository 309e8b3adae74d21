using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Names of the functions behind system calls, which differ by architecture and configuration.</summary>
internal static class SystemCallFunction
{
    public static string Name(IBpfKernel kernel, string systemCall)
    {
        string wrapped = kernel.Facts.Architecture switch
        {
            "x86" => $"__x64_sys_{systemCall}",
            "arm64" => $"__arm64_sys_{systemCall}",
            "s390" => $"__s390x_sys_{systemCall}",
            "riscv" => $"__riscv_sys_{systemCall}",
            _ => $"__se_sys_{systemCall}",
        };

        // A kernel without wrappers, and one whose symbols cannot be read, are told apart by what is there.
        string plain = $"__se_sys_{systemCall}";
        bool hasPlain = false;
        foreach (KernelSymbol symbol in kernel.Facts.ReadSymbols())
        {
            if (symbol.Name == wrapped)
                return wrapped;
            hasPlain |= symbol.Name == plain;
        }

        return hasPlain ? plain : wrapped;
    }
}
