using System.Diagnostics;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Integration.Attach;

/// <summary>Tracepoints, BTF tracing, kernel probes, security hooks, perf events.</summary>
public sealed class TracingAttachTests
{
    public static TheoryData<BpfLoader> Loaders => AttachObject.Loaders;

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Tracepoint(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "tracepoint_getppid");
        RequireKernel.Mount(TestKernels.Host, "tracefs");
        attach.CountsWhile(attach.Program.Attach(), () => AttachObject.GetParent());
        using BpfLink link = new BpfTracepointProgram(attach.Program).Attach("syscalls", "sys_enter_getppid", cookie: 42);
        AttachObject.GetParent();
        Assert.Equal(42u, attach.Last);
        BpfPerfEventLinkInfo info = Assert.IsType<BpfPerfEventLinkInfo>(link.GetInfo());
        if (TestKernels.Host.Facts.Release >= new Version(6, 9))
            Assert.Equal((BpfPerfEventLinkKind.Tracepoint, "sys_enter_getppid", 42UL), (info.Kind, info.Name, info.Cookie));
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void A_missing_tracepoint_is_named(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "tracepoint_getppid");
        RequireKernel.Mount(TestKernels.Host, "tracefs");
        var e = Assert.Throws<BpfException>(() => new BpfTracepointProgram(attach.Program).Attach("syscalls", "no_such_event"));
        Assert.Equal(BpfErrno.ENOENT, e.Errno);
        Assert.Contains("syscalls/no_such_event", e.Message, StringComparison.Ordinal);
        Assert.Contains("available_events", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Raw_tracepoint(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "raw_tracepoint_sys_enter");
        attach.CountsWhile(attach.Program.Attach(), () => AttachObject.GetParent());
        Assert.Equal(BpfErrno.ENOENT, Assert.Throws<BpfException>(() => new BpfRawTracepointProgram(attach.Program).Attach("no_such_event")).Errno);
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Tracepoint_by_btf(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "tp_btf_sys_enter");
        attach.CountsWhile(new BpfTracingProgram(attach.Program).Attach(), () => AttachObject.GetParent());
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Kprobe(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "kprobe_any");
        string function = SystemCallFunction.Name(TestKernels.Host, "getppid");
        BpfLink link = attach.AttachOrExcuse("kprobe attach", () => new BpfKprobeProgram(attach.Program).Attach(function, cookie: 7));
        BpfPerfEventLinkInfo info = Assert.IsType<BpfPerfEventLinkInfo>(link.GetInfo());
        if (TestKernels.Host.Facts.Release >= new Version(6, 9))
            Assert.Equal((BpfPerfEventLinkKind.Kprobe, function, 7UL), (info.Kind, info.Name, info.Cookie));
        attach.CountsWhile(link, () => AttachObject.GetParent());
        Assert.Equal(7u, attach.Last);
        var e = Assert.Throws<BpfException>(() => new BpfKprobeProgram(attach.Program).Attach("no_such_function"));
        Assert.Contains("no_such_function", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Kretprobe(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "kretprobe_any");
        string function = SystemCallFunction.Name(TestKernels.Host, "getppid");
        attach.CountsWhile(attach.AttachOrExcuse("kprobe attach", () => new BpfKprobeProgram(attach.Program).Attach(function, onReturn: true)), () => AttachObject.GetParent());
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void System_call_by_section_name(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "ksyscall_getppid");
        attach.CountsWhile(attach.AttachOrExcuse("kprobe attach", attach.Program.Attach), () => AttachObject.GetParent());
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Kprobe_multi(BpfLoader loader)
    {
        using var attach = AttachObject.LoadOrExcuse(loader, "kprobe_multi_any", "kprobe.multi load");
        string function = SystemCallFunction.Name(TestKernels.Host, "getppid");
        BpfLink link = attach.AttachOrExcuse("kprobe.multi attach", () => new BpfKprobeMultiProgram(attach.Program).Attach([function], cookies: [9]));
        BpfKprobeMultiLinkInfo multi = Assert.IsType<BpfKprobeMultiLinkInfo>(link.GetInfo());
        Assert.False(multi.OnReturn);
        Assert.Single(multi.Addresses);
        if (TestKernels.Host.Facts.Release >= new Version(6, 9))
            Assert.Equal([9], multi.Cookies);
        attach.CountsWhile(link, () => AttachObject.GetParent());
        Assert.Equal(9u, attach.Last);
        BpfException missing = Assert.Throws<BpfException>(() => new BpfKprobeMultiProgram(attach.Program).Attach([function, "no_such_function"]));
        Assert.Contains("'no_such_function' does not exist", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Fentry_and_fexit(BpfLoader loader)
    {
        using (var attach = AttachObject.LoadOrExcuse(loader, "fentry_test1", "fentry load"))
            attach.CountsWhile(attach.Program.Attach(), () => attach.Program.TestRun());
        using (var attach = AttachObject.LoadOrExcuse(loader, "fexit_test1", "fentry load"))
            attach.CountsWhile(attach.Program.Attach(), () => attach.Program.TestRun());
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Fmod_ret(BpfLoader loader)
    {
        using var attach = AttachObject.LoadOrExcuse(loader, "fmod_ret_file_open", "fentry load");
        attach.CountsWhile(attach.Program.Attach(), () => File.ReadAllText("/proc/self/comm"));
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Lsm(BpfLoader loader)
    {
        using var attach = AttachObject.LoadOrExcuse(loader, "lsm_file_open", "lsm load");
        BpfLink link = new BpfLsmProgram(attach.Program).Attach();
        BpfTracingLinkInfo info = Assert.IsType<BpfTracingLinkInfo>(link.GetInfo());
        Assert.Equal(BpfAttachType.LsmMac, info.AttachType);
        Assert.Equal(attach.Program.GetInfo().AttachBtfId, info.TargetBtfId);
        attach.CountsWhile(link, () => File.ReadAllText("/proc/self/comm"));
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Perf_event_of_this_process(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "perf_event_any");
        using BpfLink link = new BpfPerfEventProgram(attach.Program).Attach(new BpfPerfEvent { Frequency = 99, ProcessId = Environment.ProcessId, Cpu = -1 });

        // The event is of this thread: burn CPU until it has been sampled.
        var watch = Stopwatch.StartNew();
        while (attach.Hits == 0 && watch.Elapsed < TimeSpan.FromSeconds(20))
        {
            Thread.SpinWait(100_000);
            using BpfLink ofThread = new BpfPerfEventProgram(attach.Program).Attach(new BpfPerfEvent { Period = 10_000_000, ProcessId = 0 });
            Thread.SpinWait(5_000_000);
        }

        Assert.True(attach.Hits > 0);
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void A_program_of_another_kind_is_refused_by_name(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "xdp_pass");
        var e = Assert.Throws<BpfException>(() => new BpfKprobeProgram(attach.Program));
        Assert.Contains("'xdp_pass'", e.Message, StringComparison.Ordinal);
        Assert.Contains("Kprobe", e.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(BpfXdpProgram), Assert.Throws<BpfException>(attach.Program.Attach).Message, StringComparison.Ordinal);
    }
}
