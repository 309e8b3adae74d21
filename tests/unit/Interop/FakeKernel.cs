using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Unit.Interop;

/// <summary>A kernel that counts closes and answers nothing else; tests override what they ask.</summary>
internal class FakeKernel : IBpfKernel
{
    private int _closed;

    public int Closed => Volatile.Read(ref _closed);

    public ulong? Capabilities { get; init; }

    public ProcessConfinement Confinement { get; init; }

    /// <summary>Version of the kernel.</summary>
    public Version Release { get; init; } = new(6, 18, 0);

    /// <summary>Programs that XdpQuery tells of; null for a kernel without a network.</summary>
    public XdpPrograms? Xdp { get; init; }

    public IKernelNetwork Network => Xdp is { } there ? new FakeNetwork(there) : NoNetwork.Instance;

    public virtual string Name => "fake kernel";

    public virtual bool IsEmulated => false;

    public IKernelFacts Facts => new FakeFacts(Capabilities, Confinement, Release);

    public virtual int Bpf(BpfCommand command, ref BpfAttr attr, uint size) => -(int)BpfErrno.ENOSYS;

    public virtual int MapMemory(int fd, nuint length, MemoryProtection protection, MemorySharing sharing, ulong offset, ref nint address) => -(int)BpfErrno.ENOSYS;

    public virtual int UnmapMemory(nint address, nuint length) => -(int)BpfErrno.ENOSYS;

    public int ProtectMemory(nint address, nuint length, MemoryProtection protection) => -(int)BpfErrno.ENOSYS;

    public virtual int CreateWaiter(out IKernelWaiter? waiter)
    {
        waiter = null;
        return -(int)BpfErrno.ENOSYS;
    }

    public virtual int Read(int fd, Span<byte> buffer) => -(int)BpfErrno.ENOSYS;

    public int OpenPerfEvent(ref byte attr, int processId, int cpu, int groupFd, uint flags) => -(int)BpfErrno.ENOSYS;

    public int ControlPerfEvent(int fd, uint request, ulong argument) => -(int)BpfErrno.ENOSYS;

    public virtual int Duplicate(int fd) => fd + 1;

    public virtual int Close(int fd)
    {
        Interlocked.Increment(ref _closed);
        return 0;
    }

    public int OpenPath(string path) => -(int)BpfErrno.ENOSYS;

    public int OpenProcess(int processId) => -(int)BpfErrno.ENOSYS;

    public int CreateDirectory(string path) => -(int)BpfErrno.ENOSYS;

    public int RemovePath(string path) => -(int)BpfErrno.ENOSYS;

    public int ListDirectory(string path, out IReadOnlyList<string> names)
    {
        names = [];
        return -(int)BpfErrno.ENOSYS;
    }

    public int SetSocketOption(int socket, int level, int option, ReadOnlySpan<byte> value) => -(int)BpfErrno.ENOSYS;

    private sealed class FakeNetwork(XdpPrograms xdp) : IKernelNetwork
    {
        public int XdpAttach(int interfaceIndex, int programFd, int expectedFd, uint flags, out string? explanation)
        {
            explanation = null;
            return -(int)BpfErrno.EBUSY;
        }

        public int XdpQuery(int interfaceIndex, out XdpPrograms programs)
        {
            programs = xdp;
            return 0;
        }

        public int TcCreateHook(int interfaceIndex, out string? explanation) => NoNetwork.Instance.TcCreateHook(interfaceIndex, out explanation);

        public int TcDestroyHook(int interfaceIndex, out string? explanation) => NoNetwork.Instance.TcDestroyHook(interfaceIndex, out explanation);

        public int TcAttach(int interfaceIndex, bool egress, int programFd, string name, bool replace, ref TcFilter filter, out string? explanation) =>
            NoNetwork.Instance.TcAttach(interfaceIndex, egress, programFd, name, replace, ref filter, out explanation);

        public int TcDetach(int interfaceIndex, bool egress, TcFilter filter, out string? explanation) => NoNetwork.Instance.TcDetach(interfaceIndex, egress, filter, out explanation);

        public int TcQuery(int interfaceIndex, bool egress, ref TcFilter filter, out string? explanation) => NoNetwork.Instance.TcQuery(interfaceIndex, egress, ref filter, out explanation);
    }

    private sealed class FakeFacts(ulong? capabilities, ProcessConfinement confinement, Version release) : IKernelFacts
    {
        public IReadOnlyList<int> PossibleCpus => [0, 1];

        public int PageSize => 4096;

        public Version Release => release;

        public string ReleaseText => "6.18.0-fake";

        public string Architecture => "x86";

        public IReadOnlyList<string> BtfModules => [];

        public ulong? EffectiveCapabilities => capabilities;

        public ProcessConfinement Confinement => confinement;

        public int ReadBtf(string? module, out KernelBlob? btf)
        {
            btf = null;
            return -(int)BpfErrno.ENOENT;
        }

        public string? ReadConfig() => null;

        public IEnumerable<KernelSymbol> ReadSymbols() => [];

        public int GetTracepointId(string category, string name) => -(int)BpfErrno.ENODEV;

        public int GetPmuType(string name) => -(int)BpfErrno.ENOENT;

        public int GetPmuFormatBit(string pmu, string format) => -(int)BpfErrno.ENOENT;

        public int GetInterfaceIndex(string name) => name switch
        {
            "eth0" => 2,
            "nk0" => 7,
            _ => -(int)BpfErrno.ENODEV,
        };

        public string? FindMount(string fileSystem) => null;
    }
}
