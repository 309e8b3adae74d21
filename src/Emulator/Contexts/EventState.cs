using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// A context of the uapi in native memory (struct bpf_sock_addr, bpf_sock_ops, ...), with what its pointers lead to.
/// <see cref="EventKind"/> says which of its fields programs may read and write.
/// </summary>
internal sealed unsafe class EventState(int size) : ContextState, IDisposable
{
    private byte* _fields = (byte*)NativeMemory.AllocZeroed((nuint)size);
    private PacketBuffer? _packet;

    ~EventState() => NativeMemory.Free(_fields);

    /// <summary>The context's bytes as the uapi lays them out; fields that are pointers are not kept here.</summary>
    public Span<byte> Fields => new(_fields, size);

    /// <summary>First byte of <see cref="Fields"/>.</summary>
    public byte* Pointer => _fields;

    /// <summary>The packet or message, or the option value of a sockopt context.</summary>
    public override PacketBuffer? Packet => _packet;

    /// <summary>The socket (field sk).</summary>
    public SocketView? Socket { get; set; }

    /// <summary>The socket that bpf_sk_assign or bpf_sk_select_reuseport chose.</summary>
    public SocketView? Selected { get; set; }

    /// <summary>What bpf_set_retval set.</summary>
    public int ReturnValue { get; set; }

    /// <summary>Name of a sysctl, below /proc/sys.</summary>
    public string SysctlName { get; set; } = "";

    /// <summary>Value of a sysctl as it is.</summary>
    public byte[] SysctlCurrent { get; set; } = [];

    /// <summary>Value to be written; null for reads.</summary>
    public byte[]? SysctlNew { get; set; }

    /// <summary>A program replaced the value.</summary>
    public bool SysctlChanged { get; set; }

    /// <summary>Socket options by level and name, for bpf_getsockopt and bpf_setsockopt.</summary>
    public Dictionary<(int Level, int Name), byte[]> Options { get; } = [];

    /// <summary>The TCP header and options of the SYN that a listener saved; empty for none.</summary>
    public byte[] SavedSyn { get; set; } = [];

    /// <summary>Bytes left for TCP header options.</summary>
    public uint OptionRoom { get; set; }

    /// <summary>The address that bpf_bind bound to; null for none.</summary>
    public byte[]? Bound { get; set; }

    /// <summary>Where the message or packet goes.</summary>
    public object? RedirectTarget { get; set; }

    /// <summary>Bytes that bpf_msg_apply_bytes and bpf_msg_cork_bytes named.</summary>
    public uint ApplyBytes { get; set; }

    /// <summary>See <see cref="ApplyBytes"/>.</summary>
    public uint CorkBytes { get; set; }

    /// <summary>Gives the context data: the packet, message or option value. The state disposes of it.</summary>
    public void SetPacket(PacketBuffer packet)
    {
        _packet?.Dispose();
        _packet = packet;
    }

    public override void Enter(RunContext run) => _packet?.Open(run, writable: true);

    public void Dispose()
    {
        _packet?.Dispose();
        NativeMemory.Free(_fields);
        _fields = null;
        GC.SuppressFinalize(this);
    }
}
