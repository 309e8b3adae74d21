namespace LibbpfSharp.Emulator;

/// <summary>The process in whose place emulated programs run.</summary>
public sealed class EmulatedTask
{
    private string _comm = "test";

    /// <summary>Thread id (pid in the kernel's words).</summary>
    public int Pid { get; set; } = 1000;

    /// <summary>Process id (tgid in the kernel's words).</summary>
    public int Tgid { get; set; } = 1000;

    /// <summary>User id.</summary>
    public uint Uid { get; set; }

    /// <summary>Group id.</summary>
    public uint Gid { get; set; }

    /// <summary>Name of the executable, at most 15 bytes as UTF-8.</summary>
    /// <exception cref="ArgumentException">The name is longer.</exception>
    public string Comm
    {
        get => _comm;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (System.Text.Encoding.UTF8.GetByteCount(value) > 15)
                throw new ArgumentException($"'{value}' is longer than the 15 bytes that a comm can have.", nameof(value));
            _comm = value;
        }
    }

    /// <summary>Id of its cgroup in the default hierarchy.</summary>
    public ulong CgroupId { get; set; } = 1;
}
