using System.Reflection;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Interop;

/// <summary>Where the names in DllImport attributes of this assembly lead: the C library and libbpf.</summary>
internal static class NativeLibraries
{
    public const string Libc = "libc";
    public const string Libbpf = "libbpf";

    /// <summary>Environment variable that names another libbpf.so.1 (a path).</summary>
    public const string LibbpfPathVariable = "LIBBPFSHARP_LIBBPF";

    private static int s_installed;

    /// <summary>For tests: every load fails, as on a host that is not Linux.</summary>
    public static bool DenyAll { get; set; }

    /// <summary>Installs the resolver; every class with imports calls it first.</summary>
    public static void Install()
    {
        if (Interlocked.Exchange(ref s_installed, 1) == 0)
            NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);
    }

    /// <summary>Loads a library by the names tried for it.</summary>
    public static bool TryLoad(string name, out nint handle, out string tried)
    {
        handle = 0;
        string[] candidates = name switch
        {
            Libc => ["libc.so.6", "libc.so", "libc"],
            Libbpf when Environment.GetEnvironmentVariable(LibbpfPathVariable) is { Length: > 0 } path => [path],
            // Never libbpf.so: the development link may lead to a 0.x with another ABI.
            Libbpf => ["libbpf.so.1"],
            _ => [name],
        };
        tried = string.Join(", ", candidates);
        if (DenyAll)
            return false;
        foreach (string candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out handle))
                return true;
        }

        return false;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        TryLoad(name, out nint handle, out string tried)
            ? handle
            : throw new DllNotFoundException(DenyAll ? $"{name}: native libraries are denied in this process." : $"{name} was not found (tried {tried}).");
}
