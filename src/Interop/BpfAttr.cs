using System.Runtime.InteropServices;

namespace LibbpfSharp.Interop;

/// <summary>
/// The bytes of <c>union bpf_attr</c> (linux/bpf.h), 168 bytes as Linux 6.18 has it. Zero-initialised it means
/// "all fields zero", which is what the kernel demands of every field that a command does not use.
/// Pointers in it are native addresses that the caller keeps alive and in place during the call.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = ByteSize)]
public partial struct BpfAttr
{
    /// <summary>Size of the union in bytes.</summary>
    public const int ByteSize = 168;
}
