using LibbpfSharp.Emulator;

namespace LibbpfSharp.UnitTests.Emulator.Helpers;

/// <summary>tests/objects/emulated.bpf.c: what has no test run, over events; and what Linux would refuse, with the fault and the C line.</summary>
public sealed class EmulatedObjectTests : IDisposable
{
    private static readonly string s_path = Path.Combine(AppContext.BaseDirectory, "objects", "emulated.bpf.o");

    private readonly EmulatedKernel _kernel = new();
    private readonly BpfObject _loaded;

    public EmulatedObjectTests() => _loaded = BpfObject.OpenAndLoad(s_path, new BpfObjectOptions { Kernel = _kernel, Loader = BpfLoader.Managed });

    /// <summary>Programs that do one thing wrong, and the kind of fault that it is.</summary>
    public static TheoryData<string, BpfFaultKind> Wrong { get; } = new()
    {
        { "no_lock", BpfFaultKind.UnbalancedLock },
        { "not_owned", BpfFaultKind.UnbalancedReference },
        { "after_unlock", BpfFaultKind.UseAfterRelease },
        { "other_type", BpfFaultKind.InvalidArgument },
        { "no_node", BpfFaultKind.InvalidArgument },
        { "not_dropped", BpfFaultKind.UnbalancedReference },
        { "dropped_twice", BpfFaultKind.UnbalancedReference },
        { "after_drop", BpfFaultKind.UseAfterRelease },
        { "no_reference_count", BpfFaultKind.InvalidArgument },
        { "pointer_stored", BpfFaultKind.ReadOnly },
        { "pointer_in_part", BpfFaultKind.InvalidAddress },
        { "no_pointer", BpfFaultKind.InvalidArgument },
    };

    public void Dispose()
    {
        _loaded.Dispose();
        _kernel.Dispose();
    }

    [Fact]
    public void A_function_s_entry_and_return_see_its_arguments()
    {
        using BpfLink entry = _loaded.Programs["entry"].Attach();
        using BpfLink leave = _loaded.Programs["leave"].Attach();
        IReadOnlyList<EmulatedRun> runs = _kernel.RaiseFunction("bpf_fentry_test3", [4, 5, 6], returnValue: -7);
        Assert.Equal(["entry", "leave"], runs.Select(r => r.Program));
        Assert.All(runs, run => Assert.Null(run.Fault));
        Assert.Equal([3, 0, 6, -(int)BpfErrno.EINVAL, -(int)BpfErrno.EOPNOTSUPP, 1], Results(0, 6));
        Assert.Equal([3, 0, -7, 0, 4], Results(10, 5));
    }

    [Fact]
    public void A_file_of_an_event_has_its_path()
    {
        using BpfLink link = _loaded.Programs["open"].Attach();
        EmulatedRun run = Assert.Single(_kernel.RaiseSecurityHook("file_open", EventArgument.File("/etc/hosts")));
        Assert.Null(run.Fault);
        Assert.Equal(["/etc/hosts".Length + 1, -36], Results(20, 2)); // ENAMETOOLONG
        Assert.StartsWith("/etc/hosts\0", System.Text.Encoding.ASCII.GetString(_loaded.Sections[".bss"].Bytes), StringComparison.Ordinal);
        Assert.Null(Assert.Single(_kernel.RaiseSecurityHook("file_open", EventArgument.PointerTo(new byte[256]))).Fault);
        Assert.Equal([-(int)BpfErrno.ENOENT], Results(20, 1));
    }

    [Fact]
    public void A_probe_overrides_what_the_function_returns()
    {
        using BpfLink link = _loaded.Programs["override"].Attach();
        byte[] registers = new byte[168];
        Assert.Null(Assert.Single(_kernel.RaiseKprobe("vfs_read", registers)).OverriddenReturn);
        registers[96] = 7; // rdx
        Assert.Equal(unchecked((ulong)-13), Assert.Single(_kernel.RaiseKprobe("vfs_read", registers)).OverriddenReturn);
        Assert.Equal([0], Results(30, 1));
    }

    [Fact]
    public void Header_options_are_reserved_written_and_found()
    {
        byte[] header = new byte[20];
        using var length = new EmulatedEvent(BpfProgramType.SockOps) { ["op"] = 14, OptionRoom = 40 };
        Run(length);
        Assert.Equal([0, -(int)BpfErrno.ENOSPC, -(int)BpfErrno.EINVAL, -(int)BpfErrno.EPERM, -(int)BpfErrno.EPERM], Results(40, 5));
        Assert.Equal(36, length.OptionRoom);

        using var write = new EmulatedEvent(BpfProgramType.SockOps) { ["op"] = 15, OptionRoom = 6, Data = header };
        Run(write);
        Assert.Equal([0, -(int)BpfErrno.ENOSPC, 4, -(int)BpfErrno.EINVAL, -(int)BpfErrno.ENOSPC, -(int)BpfErrno.EPERM], Results(45, 6));
        Assert.Equal([.. header, 254, 4, 0xeb, 0x9f], write.Data);
        Assert.Equal(2, write.OptionRoom);
        write.OptionRoom = 10;
        Run(write);
        Assert.Equal([-(int)BpfErrno.EEXIST], Results(45, 1));

        using var parse = new EmulatedEvent(BpfProgramType.SockOps) { ["op"] = 13, Data = [.. header, 1, 2, 4, 5, 180], SavedSyn = [.. header, 3, 3, 7] };
        Run(parse);
        Assert.Equal([4, 1460, -(int)BpfErrno.EINVAL, -42, -(int)BpfErrno.ENOSPC, -42], Results(51, 6)); // ENOMSG
        using var broken = new EmulatedEvent(BpfProgramType.SockOps) { ["op"] = 13, Data = [.. header, 9, 1] };
        Run(broken);
        Assert.Equal([-(int)BpfErrno.EFAULT, -(int)BpfErrno.ENOENT], [.. Results(51, 1), .. Results(55, 1)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => parse.OptionRoom = 41);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_program_ends_with_its_fault_at_its_line(string name, BpfFaultKind kind)
    {
        BpfException error = Assert.Throws<BpfException>(() => _loaded.Programs[name].TestRun(new byte[64]));
        Assert.Equal(BpfErrno.EFAULT, error.Errno);
        BpfProgramFault fault = _kernel.LastFault!;
        Assert.Equal(kind, fault.Kind);
        Assert.Contains("/* wrong */", fault.SourceText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tree_is_whole_after_a_comparison_faulted()
    {
        Assert.Throws<BpfException>(() => _loaded.Programs["fault_in_comparison"].TestRun(new byte[64]));
        Assert.Equal(BpfFaultKind.NullPointer, _kernel.LastFault!.Kind);
        Assert.Equal(1u, _loaded.Programs["count_tree"].TestRun(new byte[64]).ReturnValue);
        Assert.Equal(0u, _loaded.Programs["count_tree"].TestRun(new byte[64]).ReturnValue);
    }

    private void Run(EmulatedEvent happened)
    {
        EmulatedRun run = _kernel.Run(_loaded.Programs["header_options"].FileDescriptor, happened);
        Assert.Null(run.Fault);
        Assert.Equal(1u, run.Result);
    }

    private long[] Results(int first, int count)
    {
        var results = _loaded.Maps["results"].AsArray<long>();
        return [.. Enumerable.Range(first, count).Select(i => results.LookupElem(i, out long value) ? value : throw new InvalidOperationException())];
    }
}
