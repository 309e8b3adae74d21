using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Binaries;

namespace LibbpfSharp;

/// <summary>Finds and reads the binaries of user probes.</summary>
internal static class BinaryFiles
{
    private static readonly string[] s_libraryFolders =
    [
        "/usr/local/lib", "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu", "/lib/aarch64-linux-gnu", "/usr/lib/riscv64-linux-gnu",
    ];

    /// <summary>The path of a binary: itself if it has a slash, else a library by its name ("libc.so.6") or a program of PATH.</summary>
    /// <exception cref="BpfException">There is no such file.</exception>
    public static string Resolve(BpfProgram program, string binary)
    {
        ArgumentException.ThrowIfNullOrEmpty(binary);
        if (binary.Contains('/', StringComparison.Ordinal))
            return binary;
        IEnumerable<string> folders = binary.Contains(".so", StringComparison.Ordinal)
            ? (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(s_libraryFolders)
            : (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':', StringSplitOptions.RemoveEmptyEntries);
        foreach (string folder in folders)
        {
            string path = Path.Combine(folder, binary);
            if (File.Exists(path))
                return path;
        }

        throw AttachErrors.Refused(program, -(int)BpfErrno.ENOENT, $"binary '{binary}'", "It is in no folder of libraries nor of PATH: give its full path.");
    }

    /// <summary>Reads a binary.</summary>
    /// <exception cref="BpfException">It cannot be read, or is no ELF file that can be probed.</exception>
    public static ElfBinary Read(BpfProgram program, string path)
    {
        try
        {
            return ElfBinary.Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BpfObjectFormatException)
        {
            BpfErrno errno = e is BpfObjectFormatException ? BpfErrno.EINVAL : e is UnauthorizedAccessException ? BpfErrno.EACCES : BpfErrno.ENOENT;
            throw new BpfException(errno, $"attaching to binary '{path}'", program.Subject, e.Message, e);
        }
    }

    /// <summary>Offset in the file of a function.</summary>
    /// <exception cref="BpfException">The binary does not define it.</exception>
    public static ulong FindFunction(BpfProgram program, string path, string function)
    {
        try
        {
            if (Read(program, path).TryFindFunction(function, out ulong offset))
                return offset;
        }
        catch (BpfObjectFormatException e)
        {
            throw new BpfException(BpfErrno.EINVAL, $"attaching to '{function}' of '{path}'", program.Subject, e.Message, e);
        }

        throw AttachErrors.Refused(program, -(int)BpfErrno.ENOENT, $"'{function}' of '{path}'", "The binary defines no such function: it may be stripped or in another library (see nm -D). Give an offset instead.");
    }
}
