namespace LibbpfSharp.Tests.Unit.Skeleton;

/// <summary>An object with one program, and a kernel's whole BTF for its own: as if it used every type of vmlinux.h.</summary>
internal static class WholeKernelObject
{
    /// <summary>Makes one.</summary>
    public static byte[] Make(byte[] btf)
    {
        Formats.Objects.ElfObjectBuilder elf = new();
        int code = elf.Section("xdp", [0xb7, 0, 0, 0, 2, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0], 6);
        elf.Section("license", [(byte)'G', (byte)'P', (byte)'L', 0], 3);
        elf.Section(".BTF", btf);
        elf.Symbol("pass", code, 0, 16, 2);
        return elf.ToArray();
    }
}
