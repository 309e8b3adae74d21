using System.Runtime.CompilerServices;
using System.Text;

namespace LibbpfSharp.Interop;

/// <summary>char[BPF_OBJ_NAME_LEN]: at most 15 bytes and a NUL.</summary>
[InlineArray(16)]
internal struct bpf_obj_name
{
    private byte _first;

    /// <summary>Cut to 15 bytes, as libbpf does; bytes the kernel refuses stay as they are, so that it can say so.</summary>
    public static bpf_obj_name From(string? name)
    {
        bpf_obj_name result = default;
        if (!string.IsNullOrEmpty(name))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name);
            bytes.AsSpan(0, Math.Min(bytes.Length, 15)).CopyTo(result);
        }

        return result;
    }

    public readonly override string ToString()
    {
        ReadOnlySpan<byte> bytes = this;
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
