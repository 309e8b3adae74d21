using System.Reflection;

namespace LibbpfSharp.Emulator;

/// <summary>The BTF that ships with the emulator, made from native/emulator_vmlinux.c (docs/emulator-btf.md).</summary>
internal static class ShippedBtf
{
    private static readonly Lazy<byte[]> s_bytes = new(Load);

    public static ReadOnlyMemory<byte> Bytes => s_bytes.Value;

    private static byte[] Load()
    {
        using Stream? stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("emulator_vmlinux.btf");
        if (stream is null)
            return [];
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
