using System.Runtime.InteropServices;
using System.Text;

namespace LibbpfSharp.Emulator;

/// <summary>The log buffers of BPF_BTF_LOAD and BPF_PROG_LOAD.</summary>
internal static unsafe class VerifierLog
{
    /// <summary>Writes a whole log as the kernel leaves it: it ends in NUL, and a buffer that is too small keeps the end.</summary>
    /// <param name="buffer">Address of the caller's buffer; 0 for none.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="level">Log level; 0 writes nothing. Bit 3 (BPF_LOG_FIXED) keeps the beginning instead of the end.</param>
    /// <param name="text">The log.</param>
    /// <param name="trueSize">Bytes that the whole log takes with its NUL.</param>
    /// <returns>0, -ENOSPC if it did not fit, -EFAULT.</returns>
    public static int Write(ulong buffer, uint size, uint level, string text, out uint trueSize)
    {
        trueSize = 0;
        if (level == 0)
            return 0;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        trueSize = (uint)bytes.Length + 1;
        if (buffer == 0 || size == 0)
            return trueSize > size && buffer != 0 ? -Errno.ENOSPC : 0;
        if (!UserMemory.IsValid(buffer))
            return -Errno.EFAULT;
        int kept = (int)Math.Min((uint)bytes.Length, size - 1);
        int from = (level & 8) != 0 ? 0 : bytes.Length - kept;
        Marshal.Copy(bytes, from, (nint)buffer, kept);
        ((byte*)buffer)[kept] = 0;
        return trueSize > size ? -Errno.ENOSPC : 0;
    }
}
