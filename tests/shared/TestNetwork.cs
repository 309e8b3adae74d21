using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Tests;

/// <summary>
/// A network namespace of the test's own with a veth pair, "veth0" and "veth1", both up, the second one in a second
/// namespace so that packets between them are real. Both go with Dispose.
/// </summary>
internal sealed partial class TestNetwork : IDisposable
{
    private static int s_count;
    private readonly string _peer;

    public TestNetwork()
    {
        RequireKernel.Capabilities("a network namespace of the test's own", (12, "CAP_NET_ADMIN"), (21, "CAP_SYS_ADMIN"));
        Name = $"lbs-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
        _peer = $"{Name}-peer";
        try
        {
            Ip($"netns add {Name}");
            Ip($"netns add {_peer}");
            Ip($"-n {Name} link set lo up");
            Ip($"-n {Name} link add veth0 type veth peer name veth1 netns {_peer}");
            Ip($"-n {Name} addr add {Address}/24 dev veth0");
            Ip($"-n {_peer} addr add {PeerAddress}/24 dev veth1");
            Ip($"-n {Name} link set veth0 up");
            Ip($"-n {_peer} link set veth1 up");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Name of the namespace with veth0.</summary>
    public string Name { get; }

    public string Path => $"/var/run/netns/{Name}";

    public static string Address => "10.77.0.1";

    public static string PeerAddress => "10.77.0.2";

    /// <summary>Runs on a thread of its own inside the namespace.</summary>
    public void Run(Action action) => RunIn(Name, action);

    /// <summary>Runs on a thread of its own inside the peer's namespace.</summary>
    public void RunAtPeer(Action action) => RunIn(_peer, action);

    public void Dispose()
    {
        TryIp($"netns del {_peer}");
        TryIp($"netns del {Name}");
    }

    private static void RunIn(string name, Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle($"/var/run/netns/{name}");
                const int CloneNewNet = 0x40000000;
                if (SetNs((int)file.DangerousGetHandle(), CloneNewNet) != 0)
                    throw new InvalidOperationException($"setns failed: errno {Marshal.GetLastPInvokeError()}");
                action();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private static void Ip(string arguments)
    {
        (int code, string error) = TryIp(arguments);
        if (code != 0)
            throw new InvalidOperationException($"ip {arguments}: {error}");
    }

    private static (int Code, string Error) TryIp(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNs(int fd, int type);
}
