using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <content>Memory of maps. It is the map's own memory: protection is kept in the books, not enforced by a page table.</content>
public sealed unsafe partial class EmulatedKernel
{
    /// <inheritdoc/>
    public int MapMemory(int fd, nuint length, MemoryProtection protection, MemorySharing sharing, ulong offset, ref nint address)
    {
        EpochSlot slot = Gate.Enter();
        try
        {
            return FindFile(fd) is { } file ? Mappings.Map(file, length, protection, sharing, offset, ref address) : -Errno.EBADF;
        }
        finally
        {
            Gate.Exit(slot);
        }
    }

    /// <inheritdoc/>
    public int UnmapMemory(nint address, nuint length) => Mappings.Unmap(address, length);

    /// <inheritdoc/>
    public int ProtectMemory(nint address, nuint length, MemoryProtection protection) => Mappings.Protect(address, length, protection);
}
