namespace LibbpfSharp.Emulator;

/// <summary>
/// What happens to a socket, a sysctl, a device or a message: the context that programs of a type receive, as
/// uapi/linux/bpf.h lays it out, and what its pointers lead to. Programs change it; what they did can be read afterwards.
/// </summary>
public sealed class EmulatedEvent : IDisposable
{
    private readonly EventKind _kind;

    /// <summary>Makes an event with a context of zeros.</summary>
    /// <param name="type">The type of the programs that see it: CgroupSock, CgroupSockAddr, CgroupSockopt, CgroupSysctl, CgroupDevice, SockOps, SkMsg, SkLookup or SkReusePort.</param>
    /// <exception cref="ArgumentException">The type has no such context: its programs run over packets, arguments or plain memory.</exception>
    public EmulatedEvent(BpfProgramType type)
    {
        _kind = ProgramKinds.Find(type) as EventKind
            ?? throw new ArgumentException($"{type} programs have no context of fields; raise packets, arguments or plain memory for them.", nameof(type));
        State = new EventState((int)_kind.ContextSize);
    }

    /// <summary>The program type.</summary>
    public BpfProgramType Type => _kind.Type;

    /// <summary>The context's bytes. Fields that are pointers (sk, data, data_end, optval) are not kept here.</summary>
    public Span<byte> Context => State.Fields;

    /// <summary>A field by its name in C; an element of an array as "user_ip6[2]". 4 bytes wide unless the uapi says otherwise.</summary>
    /// <param name="field">The name.</param>
    /// <exception cref="ArgumentException">The context has no such field, or it is a pointer.</exception>
    public ulong this[string field]
    {
        get
        {
            Span<byte> bytes = stackalloc byte[8];
            bytes.Clear();
            Find(field).CopyTo(bytes);
            return System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        }

        set
        {
            Span<byte> bytes = stackalloc byte[8];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            Span<byte> target = Find(field);
            bytes[..target.Length].CopyTo(target);
        }
    }

    /// <summary>The packet, message or option value that data and data_end (optval and optval_end) lead to; empty without.</summary>
    public byte[] Data
    {
        get => State.Packet is { } packet ? packet.Data.ToArray() : [];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            var buffer = new PacketBuffer(256, value.Length, 320);
            value.CopyTo(buffer.Data);
            State.SetPacket(buffer);
        }
    }

    /// <summary>Name of the sysctl below /proc/sys, such as "net/ipv4/ip_forward".</summary>
    public string SysctlName
    {
        get => State.SysctlName;
        set => State.SysctlName = value;
    }

    /// <summary>The sysctl's value as it is.</summary>
    public byte[] SysctlCurrent
    {
        get => State.SysctlCurrent;
        set => State.SysctlCurrent = value;
    }

    /// <summary>The value that is being written; null for a read. A program may replace it.</summary>
    public byte[]? SysctlNew
    {
        get => State.SysctlNew;
        set => State.SysctlNew = value;
    }

    /// <summary>Socket options by level and name, for bpf_getsockopt and bpf_setsockopt.</summary>
    public IDictionary<(int Level, int Name), byte[]> SocketOptions => State.Options;

    /// <summary>
    /// For sockops: the TCP header and options of the SYN that a listener saved, for bpf_load_hdr_opt with BPF_LOAD_HDR_OPT_TCP_SYN; empty
    /// for none. The header of the packet itself, with its options, is <see cref="Data"/>.
    /// </summary>
    public byte[] SavedSyn
    {
        get => State.SavedSyn;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            State.SavedSyn = value;
        }
    }

    /// <summary>For sockops: bytes left for TCP header options, at most 40. Reserving them, and writing them, takes of it.</summary>
    public int OptionRoom
    {
        get => (int)State.OptionRoom;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 40);
            State.OptionRoom = (uint)value;
        }
    }

    /// <summary>What bpf_set_retval set: the errno, negative, that the system call is to give.</summary>
    public int ReturnValue
    {
        get => State.ReturnValue;
        set => State.ReturnValue = value;
    }

    /// <summary>The address that bpf_bind bound to, as struct sockaddr; empty for none.</summary>
    public ReadOnlyMemory<byte> BoundAddress => State.Bound;

    internal EventState State { get; }

    /// <summary>Frees the context.</summary>
    public void Dispose() => State.Dispose();

    private Span<byte> Find(string field)
    {
        ArgumentException.ThrowIfNullOrEmpty(field);
        if (!_kind.TryFindField(field, out uint offset, out uint size))
            throw new ArgumentException($"The context of {Type} programs has no field '{field}'; it has {string.Join(", ", _kind.Fields.Select(f => f.Name))}.", nameof(field));
        return State.Fields.Slice((int)offset, (int)size);
    }
}
