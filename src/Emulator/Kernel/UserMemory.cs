using System.Runtime.CompilerServices;
using System.Text;

namespace LibbpfSharp.Emulator;

/// <summary>
/// Addresses in attributes, which are addresses of this process. Only what can never be mapped is told apart (the first
/// 64 KiB and what is beyond user space): anything else is trusted, as the caller of a library is.
/// </summary>
internal static unsafe class UserMemory
{
    private const ulong Lowest = 0x10000;
    private const ulong Highest = 0x00ff_ffff_ffff_ffff;

    /// <summary>Whether copying from or to the address can succeed; false is EFAULT.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsValid(ulong address) => address - Lowest <= Highest - Lowest;

    /// <summary>Reads a string that ends in NUL.</summary>
    /// <param name="address">The string.</param>
    /// <param name="limit">Most bytes, with the NUL.</param>
    /// <param name="text">The string, as UTF-8.</param>
    /// <returns>0, -EFAULT or -ENAMETOOLONG.</returns>
    public static int ReadString(ulong address, int limit, out string text)
    {
        text = string.Empty;
        if (!IsValid(address))
            return -Errno.EFAULT;
        int length = 0;
        while (((byte*)address)[length] != 0)
        {
            if (++length >= limit)
                return -Errno.ENAMETOOLONG;
        }

        text = Encoding.UTF8.GetString((byte*)address, length);
        return 0;
    }
}
