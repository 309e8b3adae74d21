using System.Runtime.InteropServices;

namespace LibbpfSharp.Interop;

/// <summary>Finds libbpf once per process and says what is there.</summary>
internal static unsafe class LibbpfLibrary
{
    /// <summary>How to get it; part of every message about its absence.</summary>
    public const string HowToInstall =
        "Install it (Debian, Ubuntu: 'apt-get install libbpf1'; Fedora: 'dnf install libbpf'; Alpine: 'apk add libbpf') " +
        "or name one in the environment variable " + NativeLibraries.LibbpfPathVariable + ".";

    private static readonly Lazy<LibbpfProbe> s_probe = new(() => Probe(Environment.GetEnvironmentVariable(NativeLibraries.LibbpfPathVariable)));

    public static bool IsSupported => s_probe.Value.Reason is null;

    public static string? NotSupportedReason => s_probe.Value.Reason;

    public static Version? Version => s_probe.Value.Version;

    /// <summary>Whether the library has a function that came after 1.0.</summary>
    public static bool HasExport(string name) => s_probe.Value.Handle != 0 && NativeLibrary.TryGetExport(s_probe.Value.Handle, name, out _);

    /// <summary>Looks for libbpf, without touching the state of the process.</summary>
    /// <param name="overridePath">The path that the environment names, or null.</param>
    internal static LibbpfProbe Probe(string? overridePath)
    {
        if (!OperatingSystem.IsLinux())
            return new LibbpfProbe(0, null, "libbpf exists on Linux only.");
        if (NativeLibraries.DenyAll)
            return new LibbpfProbe(0, null, "libbpf is denied in this process.");
        bool named = !string.IsNullOrEmpty(overridePath);
        string library = named ? overridePath! : "libbpf.so.1";
        if (!NativeLibrary.TryLoad(library, out nint handle))
        {
            return new LibbpfProbe(0, null, named
                ? $"{NativeLibraries.LibbpfPathVariable} names '{library}', which {(File.Exists(library) ? "is no library that this process can load" : "does not exist")}. Correct or unset it. {HowToInstall}"
                : $"libbpf.so.1 was not found. {HowToInstall}");
        }

        if (!NativeLibrary.TryGetExport(handle, "libbpf_major_version", out nint major) ||
            !NativeLibrary.TryGetExport(handle, "libbpf_minor_version", out nint minor))
        {
            bool isLibbpf = NativeLibrary.TryGetExport(handle, "bpf_object__open", out _);
            return new LibbpfProbe(0, null, isLibbpf
                ? $"{library} is a libbpf older than 1.0, whose interface differs. {HowToInstall}"
                : $"{library} is not libbpf. {HowToInstall}");
        }

        var version = new Version((int)((delegate* unmanaged[Cdecl]<uint>)major)(), (int)((delegate* unmanaged[Cdecl]<uint>)minor)());
        return version.Major == 1
            ? new LibbpfProbe(handle, version, null)
            : new LibbpfProbe(0, version, $"{library} is libbpf {version}; 1.x is needed. {HowToInstall}");
    }
}
