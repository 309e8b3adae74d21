using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>A mapping of a buffer, unmapped with its owner; at the latest when both are collected.</summary>
internal sealed class BufferMemory : IDisposable
{
    private readonly IBpfKernel _kernel;
    private readonly nuint _length;
    private nint _address;

    /// <summary>Maps.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="fd">The map or perf event.</param>
    /// <param name="length">Length in bytes.</param>
    /// <param name="protection">Access wanted.</param>
    /// <param name="offset">Offset in bytes.</param>
    /// <param name="operation">What this is, for messages.</param>
    /// <param name="subject">Of what, for messages.</param>
    /// <param name="remedy">What to do when the kernel refuses; null for what is usual with a map.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public BufferMemory(IBpfKernel kernel, int fd, nuint length, MemoryProtection protection, ulong offset, string operation, string subject, string? remedy = null)
    {
        _kernel = kernel;
        _length = length;
        int result = kernel.MapMemory(fd, length, protection, MemorySharing.Shared, offset, ref _address);
        if (result >= 0)
            return;
        _address = 0;
        GC.SuppressFinalize(this);
        KernelErrors.Throw(result, kernel, operation, subject, remedy ?? (BpfErrno)(-result) switch
        {
            BpfErrno.EPERM or BpfErrno.EACCES => "A buffer can be used only through a descriptor that was opened for reading and writing.",
            _ => null,
        });
    }

    ~BufferMemory() => Unmap();

    /// <summary>First byte.</summary>
    public nint Address => _address;

    public void Dispose()
    {
        Unmap();
        GC.SuppressFinalize(this);
    }

    private void Unmap()
    {
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address != 0)
            _kernel.UnmapMemory(address, _length);
    }
}
