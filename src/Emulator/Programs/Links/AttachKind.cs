namespace LibbpfSharp.Emulator;

/// <summary>What a program can be attached to, as the emulator tells events apart.</summary>
internal enum AttachKind
{
    /// <summary>A raw tracepoint by name; also tp_btf programs.</summary>
    RawTracepoint,

    /// <summary>A tracepoint as "category/name".</summary>
    Tracepoint,

    /// <summary>A kernel function's entry or return (fentry, fexit, fmod_ret, kprobe, kretprobe).</summary>
    KernelFunction,

    /// <summary>A place in a user program, as "path+0xoffset".</summary>
    UserFunction,

    /// <summary>A perf event that is no probe.</summary>
    PerfEvent,

    /// <summary>A security hook.</summary>
    SecurityHook,

    /// <summary>A network interface by index.</summary>
    Interface,

    /// <summary>A cgroup.</summary>
    Cgroup,

    /// <summary>A network namespace.</summary>
    NetworkNamespace,

    /// <summary>An iterator's target.</summary>
    Iterator,

    /// <summary>A socket map.</summary>
    SocketMap,

    /// <summary>A netfilter hook.</summary>
    Netfilter,

    /// <summary>A struct_ops map.</summary>
    StructOps,

    /// <summary>A socket, by setsockopt.</summary>
    Socket,

    /// <summary>Another program's function (freplace).</summary>
    Program,
}
