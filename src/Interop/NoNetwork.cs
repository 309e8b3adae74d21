namespace LibbpfSharp.Interop;

/// <summary>The network of a kernel that has none: every call answers -EOPNOTSUPP.</summary>
internal sealed class NoNetwork : IKernelNetwork
{
    private const int Unsupported = -(int)BpfErrno.EOPNOTSUPP;

    public static NoNetwork Instance { get; } = new();

    public int XdpAttach(int interfaceIndex, int programFd, int expectedFd, uint flags, out string? explanation)
    {
        explanation = null;
        return Unsupported;
    }

    public int XdpQuery(int interfaceIndex, out XdpPrograms programs)
    {
        programs = default;
        return Unsupported;
    }

    public int TcCreateHook(int interfaceIndex, out string? explanation)
    {
        explanation = null;
        return Unsupported;
    }

    public int TcDestroyHook(int interfaceIndex, out string? explanation)
    {
        explanation = null;
        return Unsupported;
    }

    public int TcAttach(int interfaceIndex, bool egress, int programFd, string name, bool replace, ref TcFilter filter, out string? explanation)
    {
        explanation = null;
        return Unsupported;
    }

    public int TcDetach(int interfaceIndex, bool egress, TcFilter filter, out string? explanation)
    {
        explanation = null;
        return Unsupported;
    }

    public int TcQuery(int interfaceIndex, bool egress, ref TcFilter filter, out string? explanation)
    {
        explanation = null;
        return Unsupported;
    }
}
