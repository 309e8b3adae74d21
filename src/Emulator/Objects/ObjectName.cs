using System.Text;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>Names of maps and programs.</summary>
internal static class ObjectName
{
    /// <summary>Reads the 16-byte field: letters, digits, '_' and '.' up to the first NUL, which must be there.</summary>
    /// <returns>0 or -EINVAL.</returns>
    public static int Read(in bpf_obj_name field, out string name)
    {
        ReadOnlySpan<byte> bytes = field;
        int length = bytes.IndexOf((byte)0);
        name = string.Empty;
        if (length < 0)
            return -Errno.EINVAL;
        foreach (byte b in bytes[..length])
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'_' or (byte)'.'))
                return -Errno.EINVAL;
        }

        name = Encoding.ASCII.GetString(bytes[..length]);
        return 0;
    }

    /// <summary>The 16-byte field of a name read by <see cref="Read"/>.</summary>
    public static bpf_obj_name ToField(string name) => bpf_obj_name.From(name);
}
