namespace LibbpfSharp.Interop;

/// <summary>What stands between a process and the kernel, whatever its capabilities say.</summary>
[Flags]
public enum ProcessConfinement
{
    /// <summary>Nothing that is known.</summary>
    None = 0,

    /// <summary>
    /// The process is in a user namespace other than the first (a rootless container, <c>unshare -U</c>): its
    /// capabilities count there, and <c>bpf(2)</c> asks for those of the first (user_namespaces(7)).
    /// </summary>
    UserNamespace = 1,

    /// <summary>System calls are filtered (seccomp(2)), as container engines do: a filter may refuse <c>bpf(2)</c> with an errno of its choice.</summary>
    SeccompFilter = 2,
}
