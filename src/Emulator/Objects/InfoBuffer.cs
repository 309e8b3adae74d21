using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>How BPF_OBJ_GET_INFO_BY_FD takes and gives its structures, of which the caller may know a shorter or longer form.</summary>
internal static unsafe class InfoBuffer
{
    private const uint Largest = 4096;

    /// <summary>Checks the caller's buffer and reads what it holds.</summary>
    /// <param name="user">Address of the buffer.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="known">Bytes of the structure that the kernel knows.</param>
    /// <param name="info">What the buffer holds, zero beyond it.</param>
    /// <param name="keepsUnknown">Whether fields that the kernel does not set keep what the caller put there; else they start as zero.</param>
    /// <returns>0, -EFAULT, or -E2BIG for a buffer that is longer than known and not zero there.</returns>
    public static int Read<T>(ulong user, uint length, uint known, out T info, bool keepsUnknown)
        where T : unmanaged
    {
        info = default;
        if (length > Largest)
            return -Errno.E2BIG;
        if (length > 0 && !UserMemory.IsValid(user))
            return -Errno.EFAULT;
        if (length > known && new ReadOnlySpan<byte>((byte*)user + known, (int)(length - known)).ContainsAnyExcept((byte)0))
            return -Errno.E2BIG;
        if (keepsUnknown)
        {
            fixed (T* target = &info)
                Unsafe.CopyBlockUnaligned(target, (void*)user, Math.Min(Math.Min(length, known), (uint)sizeof(T)));
        }

        return 0;
    }

    /// <summary>Writes a structure, as much of it as the caller has room for, and tells how much.</summary>
    public static int Write<T>(ref bpf_attr_info attr, uint known, ref T info)
        where T : unmanaged
    {
        uint length = Math.Min(attr.info_len, known);
        fixed (T* source = &info)
            Unsafe.CopyBlockUnaligned((void*)attr.info, source, length);
        attr.info_len = length;
        return 0;
    }
}
