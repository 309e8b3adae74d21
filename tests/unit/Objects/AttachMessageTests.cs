using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Unit.Interop;

namespace LibbpfSharp.Tests.Unit.Objects;

/// <summary>What is said where a file system is not mounted.</summary>
public sealed class AttachMessageTests
{
    [Fact]
    public void Tracepoint_without_tracefs_says_how_to_mount_it()
    {
        using BpfProgram program = NewProgram(new FakeKernel(), "tracepoint/syscalls/sys_enter_openat", BpfProgramType.Tracepoint);
        BpfException refused = Assert.Throws<BpfException>(program.Attach);
        Assert.Equal(BpfErrno.ENODEV, refused.Errno);
        Assert.Contains("mount -t tracefs", refused.Message, StringComparison.Ordinal);
        Assert.Contains("syscalls/sys_enter_openat", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pin_without_bpffs_says_how_to_mount_it()
    {
        using BpfProgram program = NewProgram(new RefusingKernel(emulated: false), "xdp", BpfProgramType.Xdp);
        BpfException refused = Assert.Throws<BpfException>(() => program.Pin("/sys/fs/bpf/p"));
        Assert.Contains("mount -t bpf", refused.Message, StringComparison.Ordinal);
        Assert.Contains("/sys/fs/bpf/p", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Interface_that_is_not_there_is_named()
    {
        using BpfProgram program = NewProgram(new FakeKernel(), "xdp", BpfProgramType.Xdp);
        Assert.Contains("no interface 'eth99'", Assert.Throws<BpfException>(() => new BpfXdpProgram(program).Attach("eth99")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Attach_call_of_another_kind_names_both()
    {
        using BpfProgram program = NewProgram(new FakeKernel(), "xdp", BpfProgramType.Xdp);
        string message = Assert.Throws<BpfException>(() => new BpfRawTracepointProgram(program).Attach("sys_enter")).Message;
        Assert.Contains("Xdp", message, StringComparison.Ordinal);
        Assert.Contains("RawTracepoint", message, StringComparison.Ordinal);
    }

    [Fact]
    public void View_of_another_attach_type_names_both()
    {
        using BpfProgram program = NewProgram(new FakeKernel(), "lsm_cgroup/socket_bind", BpfProgramType.Lsm, BpfAttachType.LsmCgroup);
        string message = Assert.Throws<BpfException>(() => new BpfLsmProgram(program)).Message;
        Assert.Contains("LsmCgroup", message, StringComparison.Ordinal);
        Assert.Contains("LsmMac", message, StringComparison.Ordinal);
        Assert.Same(program, new BpfLsmCgroupProgram(program).Program);
        using BpfProgram iterator = NewProgram(new FakeKernel(), "iter/task", BpfProgramType.Tracing, BpfAttachType.TraceIter);
        Assert.Contains("TraceIter", Assert.Throws<BpfException>(() => new BpfTracingProgram(iterator)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Attaching_lives_in_the_kinds_only()
    {
        string[] calls = [.. typeof(BpfProgram).GetMethods().Select(m => m.Name).Where(n => n.StartsWith("Attach", StringComparison.Ordinal)).Distinct()];
        Assert.Equal([nameof(BpfProgram.Attach)], calls);
    }

    [Fact]
    public void Disposed_program_says_so()
    {
        BpfProgram program = NewProgram(new FakeKernel(), "xdp", BpfProgramType.Xdp);
        program.Dispose();
        Assert.Contains("program 'p'", Assert.Throws<ObjectDisposedException>(() => program.TestRun()).Message, StringComparison.Ordinal);
    }

    private static BpfProgram NewProgram(FakeKernel kernel, string section, BpfProgramType type, BpfAttachType attachType = 0) =>
        new(new KernelHandle(kernel, 9, "program 'p'"), "p", section, type, attachType);
}
