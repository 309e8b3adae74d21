using LibbpfSharp.Tests.Integration.Objects;
using LibbpfSharp.Tests.Skeletons;

namespace LibbpfSharp.Tests.Integration.Skeleton;

/// <summary>Data sections before and after load, views of other objects, objects that do not fit.</summary>
public sealed class GeneratedSectionTests
{
    private static readonly byte[] s_packet = new byte[64];

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Variables_are_set_before_load_and_shared_after(string @case)
    {
        using DataSectionsOpen open = DataSections.Open(TestObjects.Read("skeleton/data_sections"), LoaderCase.Options(@case));
        open.Data.Step = 5;
        open.Rodata.Limit = 100;
        open.DataSpecial.Special = 1000;
        open.RodataText.Greeting = "\u0001";
        open.Programs.Count.AutoAttach = false;
        using DataSections skel = open.Load();
        Assert.Throws<ObjectDisposedException>(() => open.Data.Step = 1);
        Assert.Throws<ObjectDisposedException>(() => open.Bss.Bytes[0]);
        Assert.Throws<ObjectDisposedException>(() => open.Data.Resize(100));
        Assert.Throws<ObjectDisposedException>(open.Load);
        Assert.Throws<ObjectDisposedException>(() => open.Programs.Count.AutoLoad = false);

        ref ulong hits = ref skel.Bss.Counter.Hits;
        skel.Programs.Count.Program.TestRun(s_packet);
        Assert.Equal(5UL, hits);
        skel.Data.Step = 2;
        skel.Programs.Count.Program.TestRun(s_packet);
        Assert.Equal((7UL, 64u), (hits, skel.Bss.Counter.Size));

        // 100 + 1000 + 1 + weak 4 + hidden 5 + private 3 + calls 2
        Assert.Equal(1115UL, skel.Bss.Zeroed);
        Assert.Equal((100u, "\u0001", 1000u), (skel.Rodata.Limit, skel.RodataText.Greeting.ToString(), skel.DataSpecial.Special));
        Assert.Equal(BitConverter.GetBytes(7UL), skel.Bss.Bytes.Slice(skel.Bss.Bytes.IndexOf(BitConverter.GetBytes(7UL)), 8).ToArray());
        Assert.Equal(4, skel.Rodata.ReadOnlyBytes.Length);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Section_that_ends_in_an_array_grows(string @case)
    {
        using DataSectionsOpen open = DataSections.Open(TestObjects.Read("skeleton/data_sections"), LoaderCase.Options(@case));
        Assert.Equal([1UL, 2UL], open.DataTable.TableElements.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => open.DataTable.Resize(16));
        open.DataTable.Resize(8 + (8 * 10));
        open.DataTable.TableElements[9] = 90;
        open.DataTable.TableSize = 10;
        using DataSections skel = open.Load();

        skel.Programs.Count.Program.TestRun(s_packet);

        Assert.Equal([1UL, 3, 0, 0, 0, 0, 0, 0, 0, 90], skel.DataTable.TableElements.ToArray());
        Assert.Equal(10u, skel.DataTable.TableSize);
        Assert.Equal(88, skel.DataTable.Bytes.Length);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Kernel_configuration_can_be_read(string @case)
    {
        using KconfigOpen open = Tests.Skeletons.Kconfig.Open(TestObjects.Read("skeleton/kconfig"), LoaderCase.Options(@case, kconfig: "CONFIG_HZ=250\nCONFIG_NOT_THERE=m\nCONFIG_ONE=y\nCONFIG_BPF_SYSCALL=y\nCONFIG_CC_VERSION_TEXT=\"cc\"\n"));
        using Kconfig skel = open.Load();

        skel.Programs.Look.Program.TestRun(s_packet);

        Assert.True(skel.Kconfig2.LinuxKernelVersion >= 0x050000);
        Assert.True(skel.Kconfig2.ConfigBpfSyscall);
        Assert.Equal((Kconfig.LibbpfTristate.Module, 250UL, "cc", (byte)'y'), (skel.Kconfig2.ConfigNotThere, skel.Kconfig2.ConfigHz, skel.Kconfig2.ConfigCcVersionText.ToString(), (byte)skel.Kconfig2.ConfigOne));
        Assert.Equal((ulong)skel.Kconfig2.LinuxKernelVersion + 1 + 2 + 'c' + 250 + 'y', skel.Bss.Seen);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void View_of_another_object(string @case)
    {
        using BpfObject other = LoaderCase.Open(@case, "skeleton/data_sections").Load();
        DataSectionsView view = DataSectionsView.Attach(other);
        view.Data.Step = 3;

        view.Programs.Count.Program.TestRun(s_packet);

        Assert.Equal((3UL, 64u), (view.Bss.Counter.Hits, other.GetGlobal<DataSections.Counter>("counter").Size));
        Assert.Same(other, view.Object);
        other.Dispose();
        Assert.Throws<ObjectDisposedException>(() => view.Data.Step);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Object_that_does_not_fit_is_an_exception_with_the_difference(string @case)
    {
        byte[] changed = TestObjects.Read("skeleton/data_changed");
        BpfSkeletonMismatchException e = Assert.Throws<BpfSkeletonMismatchException>(() => DataSections.Open(changed, LoaderCase.Options(@case)));
        Assert.Equal(
        [
            "program 'count' is of type XDP, not of type SCHED_CLS",
            "variable 'greeting' ([8] of signed integer of 1 bytes) is missing",
            "variable 'hidden_one' (unsigned integer of 4 bytes) is missing",
            "variable 'special' (unsigned integer of 4 bytes) is missing",
            "variable 'step' is unsigned integer of 8 bytes, not unsigned integer of 4 bytes",
            "variable 'weak_one' (unsigned integer of 4 bytes) is missing",
            "struct counter is 24 bytes, not 16 bytes",
            "struct counter.size is at byte 12: unsigned integer of 4 bytes, not at byte 8: unsigned integer of 4 bytes",
        ], e.Differences.OrderBy(d => d.StartsWith("struct", StringComparison.Ordinal)).ThenBy(d => d, StringComparer.Ordinal));
        Assert.Contains("struct counter is 24 bytes, not 16 bytes", e.Message, StringComparison.Ordinal);

        using BpfObject other = BpfObject.Open(changed, LoaderCase.Options(@case)).Load();
        e = Assert.Throws<BpfSkeletonMismatchException>(() => DataSectionsView.Attach(other));
        Assert.Equal(8, e.Differences.Count);

        // What the new one has besides is no difference: its own class goes with it, and so does the file.
        using DataChangedOpen open = DataChanged.Open(TestObjects.GetPath("skeleton/data_changed"), LoaderCase.Options(@case));
        Assert.Equal(1UL, open.Data.Step);
    }
}
