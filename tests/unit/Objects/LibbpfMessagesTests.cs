using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Unit.Interop;

namespace LibbpfSharp.Tests.Unit.Objects;

public sealed class LibbpfMessagesTests
{
    private const string Begin = "libbpf: prog 'refused': -- BEGIN PROG LOAD LOG --\n";
    private const string End = "-- END PROG LOAD LOG --\n";

    [Fact]
    public void Verifier_log_is_taken_out_of_the_messages()
    {
        var said = new LibbpfMessages();
        said.Add(LibbpfLogLevel.Warning, "libbpf: prog 'refused': BPF program load failed: Permission denied\n");
        said.Add(LibbpfLogLevel.Warning, Begin + "0: (95) exit\nR0 !read_ok\nprocessed 1 insns (limit 1000000)\n" + End);
        Assert.Equal("0: (95) exit\nR0 !read_ok\nprocessed 1 insns (limit 1000000)", said.VerifierLogOf("refused"));
        var refused = Assert.IsType<BpfVerifierException>(said.Explain(-(int)BpfErrno.EACCES, new FakeKernel(), "object 'o'", "loading"));
        Assert.Equal("refused", refused.Program);
        Assert.Equal("R0 !read_ok", refused.Report.Reason);
    }

    [Fact]
    public void Of_a_log_about_types_the_last_line_is_told()
    {
        var said = new LibbpfMessages();
        said.Add(LibbpfLogLevel.Warning, "libbpf: BTF loading error: -22\n");
        said.Add(LibbpfLogLevel.Warning, "libbpf: -- BEGIN BTF LOAD LOG ---\nmagic: 0xeb9f\n[1] INT int size=4\n[53] DATASEC ?.struct_ops size=63 vlen=1 Invalid name\n\n-- END BTF LOAD LOG --\n");
        string message = said.Explain(-(int)BpfErrno.EINVAL, new FakeKernel(), "object 'o'", "loading").Message;
        Assert.Contains("BTF loading error: -22; [53] DATASEC ?.struct_ops size=63 vlen=1 Invalid name.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("magic", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Misleading_ulimit_is_left_out_and_follow_ups_too()
    {
        var said = new LibbpfMessages();
        said.Add(LibbpfLogLevel.Warning, "libbpf: prog 'p': BPF program load failed: Operation not permitted\n");
        said.Add(LibbpfLogLevel.Warning, "libbpf: permission error while running as root; try raising 'ulimit -l'? current value: 8.0 MiB\n");
        said.Add(LibbpfLogLevel.Debug, "libbpf: something small\n");
        said.Add(LibbpfLogLevel.Warning, "libbpf: failed to load object 'o'\n");
        string message = said.Explain(-(int)BpfErrno.EPERM, new FakeKernel(), "object 'o'", "loading").Message;
        Assert.Contains("prog 'p': BPF program load failed", message, StringComparison.Ordinal);
        Assert.DoesNotContain("ulimit", message, StringComparison.Ordinal);
        Assert.DoesNotContain("failed to load object", message, StringComparison.Ordinal);
        Assert.DoesNotContain("something small", message, StringComparison.Ordinal);
        Assert.Contains("CAP_BPF", message, StringComparison.Ordinal);
    }
}
