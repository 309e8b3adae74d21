using System.Text;

namespace LibbpfSharp.Tests.Integration.Objects;

/// <summary>Tables of kernel callbacks: a TCP congestion control of our own, under a name that nobody else has.</summary>
public sealed class StructOpsTests
{
    private const string Available = "/proc/sys/net/ipv4/tcp_available_congestion_control";

    private static bool HasLinks => TestKernels.Host.Facts.Release >= new Version(6, 4);

    [Theory]
    [InlineData(LoaderCase.Libbpf, "tiny")]
    [InlineData(LoaderCase.Managed, "tiny")]
    [InlineData(LoaderCase.Managed, "tiny_link")]
    public void Table_is_registered_while_its_link_lives(string @case, string table)
    {
        string name = UniqueNames.Object("lbs");
        using BpfObjectOpen open = LoaderCase.Open(@case, "core");
        foreach (BpfMapDefinition map in open.Maps)
            map.AutoCreate = !map.Name.StartsWith("tiny", StringComparison.Ordinal) || map.Name == table;
        open.Programs["tiny_init"].AutoLoad = table == "tiny";
        Span<byte> text = open.Maps[table].InitialData[32..48];
        text.Clear();
        Encoding.UTF8.GetBytes(name, text);

        if (table == "tiny_link" && !HasLinks)
        {
            Assert.Equal(new Version(6, 4), Assert.Throws<BpfUnsupportedFeatureException>(open.Load).MinimumKernel);
            return;
        }

        using BpfObject loaded = open.Load();
        Assert.DoesNotContain(name, File.ReadAllText(Available), StringComparison.Ordinal);
        for (int i = 0; i < 2; i++)
        {
            using (BpfLink link = loaded.AttachStructOps(table))
            {
                Assert.Contains(name, File.ReadAllText(Available), StringComparison.Ordinal);
                Assert.Equal(table == "tiny_link", link.FileDescriptor >= 0);
            }

            Assert.DoesNotContain(name, File.ReadAllText(Available), StringComparison.Ordinal);
            if (table == "tiny")
                break; // without a link the kernel takes a table once
        }

        Assert.Throws<KeyNotFoundException>(() => loaded.AttachStructOps("huge"));
    }

    [Theory]
    [InlineData(LoaderCase.Managed)]
    public void Link_is_updated_to_another_table_of_the_same_name(string @case)
    {
        RequireKernel.Linux();
        Assert.SkipUnless(HasLinks, "Links of struct_ops came with Linux 6.4.");
        string name = UniqueNames.Object("lbs");
        using BpfObject first = Load(@case, name), second = Load(@case, name);
        using BpfLink link = first.AttachStructOps("tiny_link");
        Assert.Equal(first.Maps["tiny_link"].Id, Assert.IsType<BpfStructOpsLinkInfo>(link.GetInfo()).MapId);
        Assert.Equal(BpfErrno.EPERM, Assert.Throws<BpfException>(() => second.UpdateStructOps(link, "tiny_link", expected: second.Maps["tiny_link"])).Errno);
        second.UpdateStructOps(link, "tiny_link", expected: first.Maps["tiny_link"]);
        Assert.Equal(second.Maps["tiny_link"].Id, Assert.IsType<BpfStructOpsLinkInfo>(link.GetInfo()).MapId);
        Assert.Contains(name, File.ReadAllText(Available), StringComparison.Ordinal);
        link.Detach();
        Assert.DoesNotContain(name, File.ReadAllText(Available), StringComparison.Ordinal);
    }

    private static BpfObject Load(string @case, string name)
    {
        using BpfObjectOpen open = LoaderCase.Open(@case, "core");
        foreach (BpfMapDefinition map in open.Maps)
            map.AutoCreate = !map.Name.StartsWith("tiny", StringComparison.Ordinal) || map.Name == "tiny_link";
        open.Programs["tiny_init"].AutoLoad = false;
        Span<byte> text = open.Maps["tiny_link"].InitialData[32..48];
        text.Clear();
        Encoding.UTF8.GetBytes(name, text);
        return open.Load();
    }

    [Fact]
    public void Default_loader_is_the_one_that_knows_what_the_object_uses()
    {
        RequireKernel.Libbpf();
        using BpfObjectOpen open = BpfObject.Open(TestObjects.GetPath("core"), new BpfObjectOptions { Kernel = TestKernels.Get(TestKernels.Linux) });
        open.Maps["tiny_link"].AutoCreate = HasLinks;
        using BpfObject loaded = open.Load();
        Assert.Equal(Libbpf.Version < new Version(1, 2) ? BpfLoader.Managed : BpfLoader.Libbpf, loaded.Loader);
        using BpfObject plain = BpfObject.OpenAndLoad(TestObjects.GetPath("events"), new BpfObjectOptions { Kernel = TestKernels.Get(TestKernels.Linux) });
        Assert.Equal(BpfLoader.Libbpf, plain.Loader);
    }
}
