using System.Diagnostics;

namespace LibbpfSharp.Tests.Integration.Attach;

/// <summary>Probes in binaries: uprobes, uprobe.multi, USDT.</summary>
public sealed class UserProbeAttachTests
{
    private const string Libc = "libc.so.6";

    public static TheoryData<BpfLoader> Loaders => AttachObject.Loaders;

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Uprobe_by_section_name(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "uprobe_getppid");
        attach.CountsWhile(attach.Program.Attach(), () => AttachObject.GetParent());
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Uprobe_with_cookie_in_one_process(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "uprobe_any");
        var options = new BpfUprobeOptions { Cookie = 11, ProcessId = Environment.ProcessId };
        BpfLink link = new BpfUprobeProgram(attach.Program).Attach(Libc, "getppid", options);
        BpfPerfEventLinkInfo info = Assert.IsType<BpfPerfEventLinkInfo>(link.GetInfo());
        attach.CountsWhile(link, () => AttachObject.GetParent());
        Assert.Equal(11u, attach.Last);
        if (TestKernels.Host.Facts.Release < new Version(6, 9))
            return;
        Assert.Equal((BpfPerfEventLinkKind.Uprobe, 11UL), (info.Kind, info.Cookie));
        Assert.EndsWith(Libc, info.Name, StringComparison.Ordinal);

        // The same place by its offset in the file, on return, and in a process that does not call it.
        attach.CountsWhile(new BpfUprobeProgram(attach.Program).Attach(Libc, info.Offset, new BpfUprobeOptions { OnReturn = true }), () => AttachObject.GetParent());
        using Process other = Process.Start(new ProcessStartInfo("sleep", ["60"]))!;
        try
        {
            ulong hits = attach.Hits;
            using (new BpfUprobeProgram(attach.Program).Attach(Libc, info.Offset, new BpfUprobeOptions { ProcessId = other.Id }))
                AttachObject.GetParent(10);
            Assert.Equal(hits, attach.Hits);
        }
        finally
        {
            other.Kill();
        }
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Uretprobe(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "uretprobe_getppid");
        attach.CountsWhile(attach.Program.Attach(), () => AttachObject.GetParent());
        Assert.NotEqual(0u, attach.Last);
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Missing_binaries_and_functions_are_named(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "uprobe_any");
        var program = new BpfUprobeProgram(attach.Program);
        Assert.Contains("no_such_library.so", Assert.Throws<BpfException>(() => program.Attach("no_such_library.so", "f")).Message, StringComparison.Ordinal);
        Assert.Contains("no_such_function", Assert.Throws<BpfException>(() => program.Attach(Libc, "no_such_function")).Message, StringComparison.Ordinal);
        Assert.Equal(BpfErrno.EINVAL, Assert.Throws<BpfException>(() => program.Attach("/etc/passwd", "f")).Errno);
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Uprobe_multi(BpfLoader loader)
    {
        Assert.SkipUnless(TestKernels.Host.Facts.Release >= new Version(6, 6), "uprobe.multi came with Linux 6.6.");
        using var attach = AttachObject.Load(loader, "uprobe_multi_any");
        BpfLink link = new BpfUprobeMultiProgram(attach.Program).Attach(Libc, "getpp*", cookies: [12]);
        BpfUprobeMultiLinkInfo info = Assert.IsType<BpfUprobeMultiLinkInfo>(link.GetInfo());
        if (TestKernels.Host.Facts.Release >= new Version(6, 8))
        {
            Assert.EndsWith(Libc, info.Path, StringComparison.Ordinal);
            Assert.Equal([12], info.Cookies);
            Assert.Equal(0, info.ProcessId);
            Assert.NotEqual(0UL, Assert.Single(info.Offsets));
        }

        attach.CountsWhile(link, () => AttachObject.GetParent());
        Assert.Equal(12u, attach.Last);
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Usdt_with_arguments(BpfLoader loader)
    {
        const string python = "/usr/bin/python3";
        RequireKernel.Check(File.Exists(python) ? null : $"{python} is missing (apt-get install python3-minimal: a program with USDT probes)");
        RequireKernel.Linux();
        if (loader == BpfLoader.Libbpf)
            RequireKernel.Libbpf();
        using BpfObjectOpen open = BpfObject.Open(TestObjects.GetPath("usdt"), new BpfObjectOptions { Loader = loader, Kernel = TestKernels.Host });
        using BpfObject obj = open.Load();
        using BpfLink link = new BpfUsdtProgram(obj.Programs["import_start"]).Attach(python, "python", "import__find__load__start", cookie: 77);
        ImportJson(python);
        Assert.True(obj.GetGlobal<ulong>("json_imports") > 0, "no import of json was seen: the argument was not read");
        Assert.Equal(77u, obj.GetGlobal<ulong>("cookie"));
        Assert.Equal(1, obj.GetGlobal<int>("argument_count"));
        link.Dispose();
        ulong seen = obj.GetGlobal<ulong>("json_imports");
        ImportJson(python);
        Assert.Equal(seen, obj.GetGlobal<ulong>("json_imports"));
        Assert.Contains("no_such_probe", Assert.Throws<BpfException>(() => new BpfUsdtProgram(obj.Programs["import_start"]).Attach(python, "python", "no_such_probe")).Message, StringComparison.Ordinal);
    }

    private static void ImportJson(string python)
    {
        using Process process = Process.Start(new ProcessStartInfo(python, ["-c", "import json"]))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
