using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests;

/// <summary>A directory of one test in the kernel's pin name space, removed with all that is in it.</summary>
internal sealed class PinFolder : IDisposable
{
    private readonly IBpfKernel _kernel;

    /// <summary>Makes the directory; skips or fails as <see cref="RequireKernel"/> does where bpffs is not mounted.</summary>
    public PinFolder(IBpfKernel kernel)
    {
        _kernel = kernel;
        FolderPath = RequireKernel.Mount(kernel, "bpf") + "/" + UniqueNames.File("libbpfsharp-test");
        int result = kernel.CreateDirectory(FolderPath);
        if (result < 0)
            Assert.Fail($"mkdir {FolderPath}: {BpfErrnoText.Name((BpfErrno)(-result))}");
    }

    /// <summary>The directory.</summary>
    public string FolderPath { get; }

    /// <summary>Path of a name in the directory.</summary>
    public string PathOf(string name) => FolderPath + "/" + name;

    /// <inheritdoc/>
    public void Dispose() => Remove(FolderPath);

    private void Remove(string path)
    {
        if (_kernel.ListDirectory(path, out IReadOnlyList<string> names) == 0)
        {
            foreach (string name in names)
                Remove(path + "/" + name);
        }

        _kernel.RemovePath(path);
    }
}
