using System.Runtime.InteropServices;
using LibbpfSharp.Emulator;
using LibbpfSharp.Maps;
using LibbpfSharp.Tests;

namespace LibbpfSharp.UnitTests.Emulator;

/// <summary>Iterators of tests/objects/attach.bpf.o read on the emulator, as IteratorTests of the integration tests read them on Linux.</summary>
public sealed class IteratorTests
{
    [Fact]
    public void Tasks_are_the_current_one_and_those_that_a_test_made()
    {
        using var kernel = new EmulatedKernel();
        kernel.CreateProcess(2000, "late");
        kernel.CreateProcess(7, "early");
        using BpfObject loaded = Load(kernel, "iter_task");
        var program = new BpfIteratorProgram(loaded.Programs["iter_task"]);
        using (BpfIterator all = program.Open())
            Assert.Equal([7u, 1000u, 2000u], all.ReadRecords<TaskRecord>().Select(r => r.Tgid));
        using (BpfIterator one = program.Open(BpfIteratorTarget.Process(2000)))
            Assert.Equal(new TaskRecord(2000, 2000), Assert.Single(one.ReadRecords<TaskRecord>()));
        using (BpfIterator none = program.Open(BpfIteratorTarget.Process(3)))
            Assert.Empty(none.ReadRecords<TaskRecord>());
        Assert.Null(kernel.LastFault);
    }

    [Fact]
    public void Maps_are_all_maps()
    {
        using var kernel = new EmulatedKernel();
        using BpfObject loaded = Load(kernel, "iter_map");
        using BpfLink link = loaded.Programs["iter_map"].Attach();
        Assert.Equal(BpfLinkType.Iter, link.GetInfo().Type);
        for (int walk = 0; walk < 2; walk++)
        {
            using var reader = new StreamReader(BpfIterator.Start(link));
            Assert.Equal(Enumerable.Repeat("map", loaded.Maps.Count), reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    [Fact]
    public void Elements_are_those_of_the_map()
    {
        using var kernel = new EmulatedKernel();
        using BpfObject loaded = Load(kernel, "iter_map_elem");
        BpfMap elements = loaded.Maps["elements"];
        for (uint key = 0; key < 5; key++)
            elements.UpdateElem(BitConverter.GetBytes(key), BitConverter.GetBytes(key * 100UL));
        var program = new BpfIteratorProgram(loaded.Programs["iter_map_elem"]);
        using BpfIterator walk = program.Open(BpfIteratorTarget.Map(elements));
        Assert.Equal([(0, 0), (1, 100), (2, 200), (3, 300), (4, 400)], walk.ReadRecords<ElementRecord>().Select(r => ((int)r.Key, (int)r.Value)).Order());
        Assert.Equal(BpfErrno.EBADF, Assert.Throws<BpfException>(() => program.Open()).Errno);
        Assert.Null(kernel.LastFault);
    }

    [Fact]
    public void Cgroups_are_those_below_or_above_one()
    {
        using var kernel = new EmulatedKernel();
        kernel.CreateCgroup("/sys/fs/cgroup/a");
        kernel.CreateCgroup("/sys/fs/cgroup/a/b");
        kernel.CreateCgroup("/sys/fs/cgroup/a/b/c");
        kernel.CreateCgroup("/sys/fs/cgroup/d");
        using BpfObject loaded = Load(kernel, "iter_cgroup");
        foreach ((string path, BpfCgroupOrder order, int expected) in ((string, BpfCgroupOrder, int)[])
            [("a", BpfCgroupOrder.DescendantsPre, 3), ("a/b", BpfCgroupOrder.DescendantsPost, 2), ("a/b/c", BpfCgroupOrder.AncestorsUp, 3), ("a", BpfCgroupOrder.SelfOnly, 1), ("d", BpfCgroupOrder.DescendantsPre, 1)])
        {
            using var reader = new StreamReader(new BpfIteratorProgram(loaded.Programs["iter_cgroup"]).Open(BpfIteratorTarget.Cgroup("/sys/fs/cgroup/" + path, order)));
            Assert.Equal(string.Concat(Enumerable.Repeat("cgroup\n", expected)), reader.ReadToEnd());
        }
    }

    [Fact]
    public void A_walk_outlives_its_link_and_leaves_no_descriptor()
    {
        using var kernel = new EmulatedKernel();
        using (BpfObject loaded = Load(kernel, "iter_map"))
        {
            BpfLink link = loaded.Programs["iter_map"].Attach();
            using BpfIterator iterator = BpfIterator.Start(link);
            link.Dispose();
            Assert.Equal(4, iterator.Read(new byte[4]));
        }

        Assert.Equal(0, kernel.OpenDescriptors);
    }

    private static BpfObject Load(EmulatedKernel kernel, string name)
    {
        using BpfObjectOpen open = BpfObject.Open(TestObjects.GetPath("attach"), new BpfObjectOptions { Kernel = kernel, Loader = BpfLoader.Managed });
        foreach (BpfProgramDefinition program in open.Programs)
            program.AutoLoad = program.Name == name;
        return open.Load();
    }

    private readonly record struct TaskRecord(uint Pid, uint Tgid);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct ElementRecord(ulong Value, ulong Key);
}
