using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Tests.Integration.Objects;

/// <summary>What a link's owner can do with it: detach, pin, reopen, replace the program, leave it.</summary>
public sealed class LinkTests
{
    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Pinned_link_outlives_its_object_and_is_reopened(string @case)
    {
        using BpfObject loaded = LoadCore(@case);
        using var folder = new PinFolder(loaded.Kernel);
        string path = folder.PathOf("link");
        uint id;
        using (BpfLink link = loaded.Programs["on_enter"].Attach())
        {
            id = link.Id;
            Assert.Equal(BpfLinkType.RawTracepoint, link.GetInfo().Type);
            Assert.Equal(loaded.Programs["on_enter"].Id, link.GetInfo().ProgramId);
            link.Pin(path);
            Assert.Equal(BpfErrno.EEXIST, Assert.Throws<BpfException>(() => link.Pin(path)).Errno);
        }

        using BpfLink again = BpfLink.OpenPinned(path, loaded.Kernel);
        Assert.Equal(id, again.Id);
        again.Unpin();
        again.Dispose();
        Assert.Throws<BpfException>(() => BpfLink.OpenPinned(path, loaded.Kernel));
        Assert.Throws<ObjectDisposedException>(() => again.Id);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Link_keeps_its_program_attached_when_the_object_goes(string @case)
    {
        BpfObject loaded = LoadCore(@case);
        using BpfLink link = loaded.Programs["on_enter"].Attach();
        uint program = link.GetInfo().ProgramId;
        loaded.Dispose();
        Assert.Equal(program, link.GetInfo().ProgramId);
        Assert.Throws<ObjectDisposedException>(() => loaded.Programs["on_enter"].Attach());
        link.Detach();
        Assert.False(link.IsAttached);
        link.Dispose();
    }

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Released_link_stays_until_its_descriptor_is_closed(string @case)
    {
        using BpfObject loaded = LoadCore(@case);
        BpfLink link = loaded.Programs["on_enter"].Attach();
        int fd = link.Release();
        Assert.True(fd >= 0);
        link.Dispose();
        Assert.Throws<ObjectDisposedException>(() => link.Release());
        using BpfLink adopted = BpfLink.FromDescriptor(loaded.Kernel, fd, "adopted");
        Assert.NotEqual(0u, adopted.Id);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Programs_are_pinned_and_reopened(string @case)
    {
        using BpfObject loaded = LoadCore(@case);
        using var folder = new PinFolder(loaded.Kernel);
        loaded.Programs["on_enter"].Pin(folder.PathOf("program"));
        using BpfProgram again = BpfProgram.OpenPinned(folder.PathOf("program"), loaded.Kernel);
        Assert.Equal(loaded.Programs["on_enter"].Id, again.Id);
        Assert.Equal(BpfProgramType.RawTracepoint, again.Type);
        BpfException wrong = Assert.Throws<BpfException>(() => loaded.Programs["on_enter"].Pin("/tmp/no-bpffs"));
        Assert.Contains("bpffs", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Pin_of_something_else_is_refused_by_its_kind(string @case)
    {
        using BpfObject loaded = LoadCore(@case);
        IBpfKernel kernel = loaded.Kernel;
        using var folder = new PinFolder(kernel);
        using BpfLink link = loaded.Programs["on_enter"].Attach();
        foreach (BpfMap map in loaded.Maps)
            map.Pin(folder.PathOf("map_" + map.Name.Replace('.', '_')));
        loaded.Maps[0].Pin(folder.PathOf("map"));
        loaded.Programs["on_enter"].Pin(folder.PathOf("program"));
        link.Pin(folder.PathOf("link"));
        foreach (string kind in (string[])["map", "program", "link"])
        {
            string path = folder.PathOf(kind);
            Check("map", () => BpfMap.OpenPinned(kernel, path));
            Check("program", () => BpfProgram.OpenPinned(path, kernel));
            Check("link", () => BpfLink.OpenPinned(path, kernel));

            void Check(string wanted, Func<IDisposable> open)
            {
                if (kind == wanted)
                {
                    open().Dispose();
                    return;
                }

                BpfException refused = Assert.Throws<BpfException>(() => open());
                Assert.Equal(BpfErrno.EINVAL, refused.Errno);
                Assert.Contains(path, refused.Message, StringComparison.Ordinal);
                Assert.Contains($"A {kind} is pinned there, not a {wanted}.", refused.Message, StringComparison.Ordinal);
            }
        }

        // Every kind of map is known as one.
        foreach (BpfMap map in loaded.Maps)
            Assert.Contains("A map is", Assert.Throws<BpfException>(() => BpfProgram.OpenPinned(folder.PathOf("map_" + map.Name.Replace('.', '_')), kernel)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Socket_filter_is_attached_and_detached()
    {
        using var loaded = BpfObject.OpenAndLoad(TestObjects.GetPath("custombss"), LoaderCase.Options(LoaderCase.Managed));
        using var receiver = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp);
        receiver.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        using (new BpfSocketFilterProgram(loaded.Programs["count"]).Attach(receiver))
        {
            receiver.SendTo([1], receiver.LocalEndPoint!);
            Assert.Equal(1ul, loaded.GetGlobal<ulong>("custom_zero"));
        }

        receiver.SendTo([1], receiver.LocalEndPoint!);
        Assert.Equal(1ul, loaded.GetGlobal<ulong>("custom_zero"));
        Assert.Equal(BpfErrno.ENOTSOCK, Assert.Throws<BpfException>(() => new BpfSocketFilterProgram(loaded.Programs["count"]).Attach(loaded.Programs["count"].FileDescriptor)).Errno);
    }

    private static BpfObject LoadCore(string @case)
    {
        using BpfObjectOpen open = LoaderCase.Open(@case, "core");
        foreach (BpfProgramDefinition program in open.Programs)
            program.AutoLoad = program.Name == "on_enter";
        foreach (BpfMapDefinition map in open.Maps)
            map.AutoCreate = !map.Name.StartsWith("tiny", StringComparison.Ordinal);
        return open.Load();
    }
}
