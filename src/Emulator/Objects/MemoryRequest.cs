using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>What mmap(2) was asked for.</summary>
/// <param name="Length">Length in bytes, a multiple of the page size.</param>
/// <param name="Offset">Offset in bytes, a multiple of the page size.</param>
/// <param name="Protection">Access wanted.</param>
/// <param name="Sharing">Shared or private.</param>
/// <param name="Address">Address wanted, or 0.</param>
internal readonly record struct MemoryRequest(ulong Length, ulong Offset, MemoryProtection Protection, MemorySharing Sharing, nint Address)
{
    public bool IsWritable => (Protection & MemoryProtection.Write) != 0;
}
