using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// A socket as programs see it: struct bpf_sock of the uapi in native memory, and the stand-in socket that it is, if any.
/// Programs hold it as a kernel object.
/// </summary>
internal sealed unsafe class SocketView : IDisposable
{
    /// <summary>Size of struct bpf_sock in bytes.</summary>
    public const int Size = 80;

    public const int FamilyInet = 2, FamilyInet6 = 10, ProtocolTcp = 6;
    private const uint StateClosed = 7;

    private uint* _fields;
    private long _cookie;

    public SocketView(EmulatedSocket? standIn = null)
    {
        _fields = (uint*)NativeMemory.AllocZeroed(Size);
        StandIn = standIn;
        State = StateClosed;
        _fields[19] = uint.MaxValue; // rx_queue_mapping: none
        if (standIn is null)
            return;
        Family = (uint)standIn.Family;
        Type = (uint)standIn.Type;
        Protocol = (uint)standIn.Protocol;
    }

    ~SocketView() => NativeMemory.Free(_fields);

    /// <summary>The stand-in; null for the socket of a test run.</summary>
    public EmulatedSocket? StandIn { get; private set; }

    /// <summary>The stand-in, made if there is none yet: local storage belongs to it.</summary>
    public EmulatedSocket GetOrMakeStandIn(EmulatedKernel kernel) => StandIn ??= new EmulatedSocket(kernel, (int)Family, (int)Type, (int)Protocol);

    public uint Family { get => _fields[1]; set => _fields[1] = value; }

    public uint Type { get => _fields[2]; set => _fields[2] = value; }

    public uint Protocol { get => _fields[3]; set => _fields[3] = value; }

    public uint LocalIp4 { get => _fields[6]; set => _fields[6] = value; }

    public uint RemoteIp4 { get => _fields[13]; set => _fields[13] = value; }

    public Span<uint> LocalIp6 => new(_fields + 7, 4);

    public Span<uint> RemoteIp6 => new(_fields + 14, 4);

    /// <summary>BPF_TCP_*.</summary>
    public uint State { get => _fields[18]; set => _fields[18] = value; }

    /// <summary>Owner of the socket.</summary>
    public uint UserId { get; set; }

    /// <summary>The address that a program holds.</summary>
    public ulong Address(RunContext run) => run.LeaseRegion(RegionKind.KernelObject, (byte*)_fields, Size, 0, this);

    /// <summary>The socket's cookie, given out when it is first asked for.</summary>
    public ulong Cookie(EmulatedKernel kernel)
    {
        if (StandIn is not null)
            return StandIn.Id;
        if (Volatile.Read(ref _cookie) == 0)
            Interlocked.CompareExchange(ref _cookie, (long)kernel.StandIns.NextNumber(), 0);
        return (ulong)_cookie;
    }

    public override string ToString() => "a socket";

    public void Dispose()
    {
        NativeMemory.Free(_fields);
        _fields = null;
        GC.SuppressFinalize(this);
    }
}
