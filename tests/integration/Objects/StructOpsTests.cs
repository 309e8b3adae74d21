using System.Text;
using LibbpfSharp.Emulator;

namespace LibbpfSharp.Tests.Integration.Objects;

/// <summary>Tables of kernel callbacks: a TCP congestion control of our own, under a name that nobody else has.</summary>
public sealed class StructOpsTests
{
    private static readonly Version s_links = new(6, 4);

    [Theory]
    [InlineData(LoaderCase.Libbpf, "tiny")]
    [InlineData(LoaderCase.Managed, "tiny")]
    [InlineData(LoaderCase.Managed, "tiny_link")]
    [InlineData(LoaderCase.Emulator, "tiny")]
    [InlineData(LoaderCase.Emulator, "tiny_link")]
    public void Table_is_registered_while_its_link_lives(string @case, string table)
    {
        string name = UniqueNames.Object("lbs");
        using BpfObjectOpen open = Open(@case, table, name);
        if (table == "tiny_link" && IsTooOld(open))
            return;
        using BpfObject loaded = open.Load();
        Assert.False(IsRegistered(loaded, name));
        for (int i = 0; i < 2; i++)
        {
            using (BpfLink link = loaded.AttachStructOps(table))
            {
                Assert.True(IsRegistered(loaded, name));
                Assert.Equal(table == "tiny_link", link.FileDescriptor >= 0);
                using BpfObjectOpen again = Open(@case, table, name, loaded);
                using BpfObject twin = again.Load();
                Assert.Equal(BpfErrno.EEXIST, Assert.Throws<BpfException>(() => twin.AttachStructOps(table)).Errno);
            }

            Assert.False(IsRegistered(loaded, name));
            if (table == "tiny")
                break; // without a link the kernel takes a table once
        }

        Assert.Throws<KeyNotFoundException>(() => loaded.AttachStructOps("huge"));
    }

    [Theory]
    [InlineData(LoaderCase.Managed)]
    [InlineData(LoaderCase.Emulator)]
    public void Link_is_updated_to_another_table_of_the_same_name(string @case)
    {
        string name = UniqueNames.Object("lbs");
        using BpfObjectOpen open = Open(@case, "tiny_link", name);
        if (IsTooOld(open))
            return;
        using BpfObject first = open.Load();
        using BpfObject second = Open(@case, "tiny_link", name, first).Load();
        using BpfLink link = first.AttachStructOps("tiny_link");
        Assert.Equal(first.Maps["tiny_link"].Id, Assert.IsType<BpfStructOpsLinkInfo>(link.GetInfo()).MapId);
        Assert.Equal(BpfErrno.EPERM, Assert.Throws<BpfException>(() => second.UpdateStructOps(link, "tiny_link", expected: second.Maps["tiny_link"])).Errno);
        second.UpdateStructOps(link, "tiny_link", expected: first.Maps["tiny_link"]);
        Assert.Equal(second.Maps["tiny_link"].Id, Assert.IsType<BpfStructOpsLinkInfo>(link.GetInfo()).MapId);
        Assert.True(IsRegistered(first, name));
        link.Detach();
        Assert.False(IsRegistered(first, name));
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Table_that_lacks_what_TCP_needs_is_refused(string @case)
    {
        using BpfObjectOpen open = Open(@case, "tiny", "");
        using BpfObject loaded = open.Load();
        BpfException refused = Assert.Throws<BpfException>(() => loaded.AttachStructOps("tiny"));
        Assert.Equal(BpfErrno.EINVAL, refused.Errno);
        Assert.Contains("tiny", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Callback_of_a_registered_table_runs_on_the_emulator()
    {
        using BpfObjectOpen open = Open(LoaderCase.Emulator, "tiny_link", "lbs");
        using BpfObject loaded = open.Load();
        var kernel = (EmulatedKernel)loaded.Kernel;
        using (loaded.AttachStructOps("tiny_link"))
        {
            EmulatedRun run = Assert.Single(kernel.RaiseCallback("tcp_congestion_ops", "ssthresh", 0));
            Assert.Equal(("tiny_ssthresh", 2UL), (run.Program, run.Result));
            Assert.Empty(kernel.RaiseCallback("tcp_congestion_ops", "init", 0));
        }

        Assert.Empty(kernel.RaiseCallback("tcp_congestion_ops", "ssthresh", 0));
    }

    [Fact]
    public void Default_loader_is_the_one_that_knows_what_the_object_uses()
    {
        RequireKernel.Libbpf();
        using BpfObjectOpen open = BpfObject.Open(TestObjects.GetPath("core"), new BpfObjectOptions { Kernel = TestKernels.Get(TestKernels.Linux) });
        open.Maps["tiny_link"].AutoCreate = TestKernels.Host.Facts.Release >= s_links;
        using BpfObject loaded = open.Load();
        Assert.Equal(Libbpf.Version < new Version(1, 2) ? BpfLoader.Managed : BpfLoader.Libbpf, loaded.Loader);
        using BpfObject plain = BpfObject.OpenAndLoad(TestObjects.GetPath("events"), new BpfObjectOptions { Kernel = TestKernels.Get(TestKernels.Linux) });
        Assert.Equal(BpfLoader.Libbpf, plain.Loader);
    }

    // One table of the object, under a name.
    private static BpfObjectOpen Open(string @case, string table, string name, BpfObject? beside = null)
    {
        BpfObjectOptions options = LoaderCase.Options(@case);
        BpfObjectOpen open = BpfObject.Open(TestObjects.GetPath("core"), beside is null ? options : new BpfObjectOptions { Kernel = beside.Kernel, Loader = options.Loader });
        foreach (BpfMapDefinition map in open.Maps)
            map.AutoCreate = !map.Name.StartsWith("tiny", StringComparison.Ordinal) || map.Name == table;
        open.Programs["tiny_init"].AutoLoad = table == "tiny";
        Span<byte> text = open.Maps[table].InitialData[32..48];
        text.Clear();
        Encoding.UTF8.GetBytes(name, text);
        return open;
    }

    // A kernel without links of struct_ops is told from one with them by the error.
    private static bool IsTooOld(BpfObjectOpen open)
    {
        if (open.Options.Kernel!.Facts.Release >= s_links)
            return false;
        Assert.Equal(s_links, Assert.Throws<BpfUnsupportedFeatureException>(open.Load).MinimumKernel);
        return true;
    }

    private static bool IsRegistered(BpfObject beside, string name) => beside.Kernel is EmulatedKernel emulator
        ? emulator.RaiseCallback("tcp_congestion_ops", "ssthresh", 0).Count > 0
        : File.ReadAllText("/proc/sys/net/ipv4/tcp_available_congestion_control").Contains(name, StringComparison.Ordinal);
}
