using LibbpfSharp.Interop;
using LibbpfSharp.Maps;
using LibbpfSharp.Skeletons;
using LibbpfSharp.Tests.Integration.Objects;
using LibbpfSharp.Tests.Skeletons;

namespace LibbpfSharp.Tests.Integration.Skeleton;

/// <summary>Attaching with report and roll-back, pins, struct_ops.</summary>
public sealed class GeneratedLinkTests
{
    private const string Available = "/proc/sys/net/ipv4/tcp_available_congestion_control";

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Pinned_object_is_opened_with_its_links_and_data(string @case)
    {
        BpfObjectOptions options = LoaderCase.Options(@case);
        byte[] file = TestObjects.Read("skeleton_run");
        using PinFolder folder = new(options.Kernel!);
        string directory = folder.PathOf("object");
        using (SkeletonRunOpen open = SkeletonRun.Open(file, options))
        {
            open.Rodata.WatchedPid = (uint)Environment.ProcessId;
            open.Maps.ByName.MaxEntries = 3;
            using SkeletonRun skel = open.Load();
            skel.Data.Step = 7;
            skel.Attach();
            skel.Pin(directory);
            Assert.Equal(BpfErrno.EEXIST, Assert.Throws<BpfException>(() => skel.Pin(directory)).Errno);
            skel.Maps.ByName.UpdateElem("pinned", new() { Total = 9 });
        }

        using (SkeletonRun again = SkeletonRun.OpenPinned(file, directory, options))
        {
            Assert.Equal((7UL, (uint)Environment.ProcessId), (again.Data.Step, again.Rodata.WatchedPid));
            Assert.True(again.Maps.ByName.LookupElem("pinned", out SkeletonRun.Stats stats));
            Assert.Equal((9UL, 3u), (stats.Total, again.Maps.ByName.MaxEntries));
            Assert.NotNull(again.Links.OnEnter);
            Assert.Null(again.Links.Pass);
            Assert.Contains(again.Attach().Skipped, s => s == ("on_enter", "it has a link already"));
            again.Data.Step = 8;
        }

        // Another object does not fit what is there.
        BpfObjectOptions named = new() { Name = "skeleton_run", Kernel = options.Kernel };
        Exception e = Assert.ThrowsAny<BpfException>(() => BpfObject.OpenPinned(TestObjects.Read("skeleton/data_sections"), directory, named));
        Assert.Contains("is not", e.Message.Replace("Every map of the object must be pinned", "is not", StringComparison.Ordinal), StringComparison.Ordinal);

        using (SkeletonRun last = SkeletonRun.OpenPinned(file, directory, options))
        {
            Assert.Equal(8UL, last.Data.Step);
            last.Unpin(directory);
            Assert.True(last.Links.OnEnter!.IsAttached);
        }

        Assert.NotEqual(0, options.Kernel!.ListDirectory(directory, out _));
        Assert.Equal(BpfErrno.ENOENT, Assert.Throws<BpfException>(() => SkeletonRun.OpenPinned(file, directory, options)).Errno);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Pins_of_another_layout_are_refused_with_the_difference(string @case)
    {
        BpfObjectOptions options = LoaderCase.Options(@case);
        using PinFolder folder = new(options.Kernel!);
        string directory = folder.PathOf("object");
        using (BpfObjectOpen open = BpfObject.Open(TestObjects.Read("skeleton/data_changed"), new() { Name = "data_sections", Kernel = options.Kernel, Loader = options.Loader }))
        using (BpfObject changed = open.Load())
        {
            changed.Pin(directory);
            int made = 0;
            foreach (string name in (string[])["_data_special", "_rodata_text"])
            {
                using BpfMap map = BpfMap.Create(options.Kernel!, new() { Type = BpfMapType.Array, KeySize = 4, ValueSize = name == "_data_special" ? 4u : 8u, MaxEntries = 1, Flags = BpfMapFlags.MMapable });
                map.Pin($"{directory}/{name}");
                made++;
            }

            Assert.Equal(2, made);
        }

        BpfSkeletonMismatchException e = Assert.Throws<BpfSkeletonMismatchException>(() => DataSections.OpenPinned(TestObjects.Read("skeleton/data_sections"), directory, options));
        Assert.Contains(e.Differences, d => d == "program 'count' is of type Xdp, not SchedCls");
        Assert.Contains(e.Differences, d => d.Contains("struct counter is 24 bytes, not 16 bytes", StringComparison.Ordinal));
        Assert.Contains(e.Differences, d => d.Contains("'data_sec.data'", StringComparison.Ordinal) || d.Contains("variable 'step' is", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Callbacks_and_members_are_set_before_load(string @case)
    {
        string name = UniqueNames.Object("lbs");
        using StructOpsObjectOpen open = StructOpsObject.Open(TestObjects.Read("skeleton/struct_ops"), LoaderCase.Options(@case));
        open.StructOps.Linked.Definition.AutoCreate = false;
        Assert.Same(open.Programs.SsthreshTwo, open.StructOps.Table.Ssthresh);
        open.StructOps.Table.Name = name;
        open.StructOps.Table.Init = null;
        Assert.False(open.Programs.Init.AutoLoad);
        Assert.Throws<ArgumentException>(() => { open.StructOps.Table.CongAvoid = open.Programs.Undo; }); // is another callback
        if (@case == LoaderCase.Managed)
            open.StructOps.Table.Ssthresh = open.Programs.SsthreshFour;
        else
            open.Programs.SsthreshFour.AutoLoad = false;

        if (@case == LoaderCase.Libbpf && TestKernels.Host.Facts.Release < new Version(6, 9) && Libbpf.Version < new Version(1, 4))
        {
            // The kernel takes no type for a section "?.struct_ops" yet, and this libbpf does not hide it.
            string message = Assert.Throws<BpfException>(open.Load).Message;
            Assert.True(message.Contains("optional struct_ops (1.4)", StringComparison.Ordinal), message);
            return;
        }

        using StructOpsObject skel = open.Load();
        Assert.Equal(@case == LoaderCase.Managed, skel.Object.Programs.TryGet("ssthresh_four", out _));
        Assert.False(skel.Object.Programs.TryGet("init", out _));
        BpfAttachReport report = skel.Attach();
        Assert.Contains("table", report.Attached);
        Assert.Contains(report.Skipped, s => s == ("undo", "it is a callback of a struct_ops variable"));
        Assert.Contains(name, File.ReadAllText(Available), StringComparison.Ordinal);
        Assert.NotNull(skel.Links.Table);
        skel.Detach();
        Assert.DoesNotContain(name, File.ReadAllText(Available), StringComparison.Ordinal);
    }

    [Fact]
    public void Table_with_a_link_is_attached_again()
    {
        string name = UniqueNames.Object("lbs");
        using StructOpsObjectOpen open = StructOpsObject.Open(TestObjects.Read("skeleton/struct_ops"), LoaderCase.Options(LoaderCase.Managed));
        open.StructOps.Table.Definition.AutoCreate = false;
        open.Programs.SsthreshFour.AutoLoad = false;
        open.StructOps.Linked.Name = name;
        if (TestKernels.Host.Facts.Release < new Version(6, 4))
        {
            Assert.Equal(new Version(6, 4), Assert.Throws<BpfUnsupportedFeatureException>(open.Load).MinimumKernel);
            return;
        }

        using StructOpsObject skel = open.Load();
        for (int i = 0; i < 2; i++)
        {
            skel.Attach();
            Assert.True(skel.Links.Linked!.FileDescriptor >= 0);
            Assert.Contains(name, File.ReadAllText(Available), StringComparison.Ordinal);
            skel.Detach();
        }
    }

    [Fact]
    public void Libbpf_cannot_make_a_program_another_callback_and_says_so()
    {
        using StructOpsObjectOpen open = StructOpsObject.Open(TestObjects.Read("skeleton/struct_ops"), LoaderCase.Options(LoaderCase.Libbpf));
        open.StructOps.Linked.Definition.AutoCreate = false;
        open.StructOps.Table.Ssthresh = open.Programs.SsthreshFour;
        BpfException e = Assert.Throws<BpfException>(open.Load);
        Assert.Contains("libbpf goes by the file", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shadow_of_a_table_has_all_members()
    {
        using StructOpsObjectOpen open = StructOpsObject.Open(TestObjects.Read("skeleton/struct_ops"));
        StructOpsObjectOpen.MadeUpShadow shadow = open.StructOps.MadeUp;
        Assert.Equal((true, 3, 0, 1u, 2u, 3, 4), (shadow.Enabled, shadow.Mode, shadow.Level, shadow.Limits.Low, shadow.Limits.High, shadow.Limits.Deep.A, shadow.Limits.Deep.B));
        shadow.Enabled = false;
        shadow.Level = 9;
        shadow.Limits.Deep.B = 1;
        shadow.One = 0x10002;
        shadow.Values[1] = 5;
        shadow.Unaligned = 0xdeadbeef;
        Assert.Equal((false, 3, 9, 1, 2, 5UL, 0xdeadbeef), (shadow.Enabled, shadow.Mode, shadow.Level, shadow.Limits.Deep.B, shadow.Other, shadow.Values[1], shadow.Unaligned));
        Assert.Null(shadow.Start);
        shadow.Start = open.Programs.SsthreshFour;
        Assert.Same(open.Programs.SsthreshFour, shadow.Start);
        shadow.Start = null;
        Assert.False(open.Programs.SsthreshFour.AutoLoad);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Failure_rolls_back_or_is_reported(string @case)
    {
        using SkeletonRunOpen open = SkeletonRun.Open(TestObjects.Read("skeleton_run"), LoaderCase.Options(@case));
        using SkeletonRun skel = open.Load();
        BpfAttachReport report = skel.Attach();
        Assert.Equal(["on_enter"], report.Attached);
        Assert.Equal("pass", Assert.Single(report.Skipped).Name);
        Assert.Contains("'xdp' does not say where", report.ToString(), StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => { skel.Links.OnEnter = skel.Links.OnEnter; });
        skel.Detach();
        Assert.Null(skel.Links.OnEnter);

        // A link of one's own is left alone.
        skel.Links.OnEnter = skel.Programs.OnEnter.Program.Attach();
        Assert.Empty(skel.Attach().Attached);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Refused_program_takes_the_others_with_it_unless_failures_are_kept(string @case)
    {
        using AttachSomeOpen open = AttachSome.Open(TestObjects.Read("skeleton/attach_some"), LoaderCase.Options(@case));
        using AttachSome skel = open.Load();

        BpfException e = Assert.Throws<BpfException>(() => skel.Attach());
        Assert.Contains("no_such_tracepoint", e.Message, StringComparison.Ordinal);
        Assert.Null(skel.Links.First);

        BpfAttachReport report = skel.Attach(keepFailures: true);
        Assert.Equal(["first", "third"], report.Attached);
        Assert.Equal("second", Assert.Single(report.Failed).Name);
        Assert.True(skel.Links.First!.IsAttached && skel.Links.Third!.IsAttached);
        Assert.Null(skel.Links.Second);
    }
}
