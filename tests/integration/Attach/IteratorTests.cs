using System.Runtime.InteropServices;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Tests.Integration.Attach;

public sealed class IteratorTests
{
    public static TheoryData<BpfLoader> Loaders => AttachObject.Loaders;

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Tasks_as_records(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "iter_task");
        var program = new BpfIteratorProgram(attach.Program);
        using (BpfIterator all = program.Open())
            Assert.Contains(all.ReadRecords<TaskRecord>(), r => r.Tgid == Environment.ProcessId);
        if (TestKernels.Host.Facts.Release < new Version(6, 1))
            return;
        using BpfIterator own = program.Open(BpfIteratorTarget.Process(Environment.ProcessId));
        TaskRecord[] records = [.. own.ReadRecords<TaskRecord>()];
        Assert.NotEmpty(records);
        Assert.All(records, r => Assert.Equal((uint)Environment.ProcessId, r.Tgid));
        using BpfIterator thread = program.Open(BpfIteratorTarget.Thread(Environment.ProcessId));
        Assert.Equal((uint)Environment.ProcessId, Assert.Single(thread.ReadRecords<TaskRecord>()).Pid);
        using (BpfLink link = program.Attach(BpfIteratorTarget.Process(Environment.ProcessId)))
        {
            BpfIteratorLinkInfo info = Assert.IsType<BpfIteratorLinkInfo>(link.GetInfo());
            Assert.Equal(("task", (uint)Environment.ProcessId), (info.Target, info.ProcessId));
        }

        using BpfIterator wrong = program.Open(BpfIteratorTarget.Process(Environment.ProcessId));
        Assert.Equal(BpfErrno.EBADMSG, Assert.Throws<BpfException>(() => wrong.ReadRecords<Odd>().Count()).Errno);
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Maps_as_a_stream(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "iter_map");
        using BpfLink link = attach.Program.Attach();
        Assert.Equal("bpf_map", Assert.IsType<BpfIteratorLinkInfo>(link.GetInfo()).Target);
        for (int walk = 0; walk < 2; walk++)
        {
            using var reader = new StreamReader(BpfIterator.Start(link));
            string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(lines.Length >= attach.Object.Maps.Count);
            Assert.All(lines, l => Assert.Equal("map", l));
        }
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Elements_of_a_map(BpfLoader loader)
    {
        using var attach = AttachObject.LoadOrExcuse(loader, "iter_map_elem", "map element iterator load");
        BpfMap elements = attach.Object.Maps["elements"];
        for (uint key = 0; key < 5; key++)
            elements.UpdateElem(BitConverter.GetBytes(key), BitConverter.GetBytes(key * 100UL));
        var program = new BpfIteratorProgram(attach.Program);
        using (BpfLink link = program.Attach(BpfIteratorTarget.Map(elements)))
        {
            BpfIteratorLinkInfo info = Assert.IsType<BpfIteratorLinkInfo>(link.GetInfo());
            Assert.Equal(("bpf_map_elem", elements.Id), (info.Target, info.MapId));
        }

        using BpfIterator walk = program.Open(BpfIteratorTarget.Map(elements));
        Assert.Equal([(0, 0), (1, 100), (2, 200), (3, 300), (4, 400)], walk.ReadRecords<ElementRecord>().Select(r => ((int)r.Key, (int)r.Value)).Order());
        var e = Assert.Throws<BpfException>(() => program.Open());
        Assert.Contains("BpfIteratorTarget.Map", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Cgroups_below_one(BpfLoader loader)
    {
        Assert.SkipUnless(TestKernels.Host.Facts.Release >= new Version(6, 1), "cgroup iterators came with Linux 6.1.");
        using var cgroup = new TestCgroup(RequireKernel.Mount(TestKernels.Host, "cgroup2"));
        using var attach = AttachObject.Load(loader, "iter_cgroup");
        var program = new BpfIteratorProgram(attach.Program);
        string[] below = [$"{cgroup.Path}/a", $"{cgroup.Path}/a/b"];
        foreach (string path in below)
            Directory.CreateDirectory(path);
        try
        {
            (BpfCgroupOrder Order, string Path, int Count)[] cases =
            [
                (BpfCgroupOrder.SelfOnly, cgroup.Path, 1), (BpfCgroupOrder.DescendantsPre, cgroup.Path, 3), (BpfCgroupOrder.DescendantsPost, below[0], 2),
                (BpfCgroupOrder.AncestorsUp, below[1], 4), // b, a, the test's and the root, if the test's is below the root
            ];
            foreach ((BpfCgroupOrder order, string path, int count) in cases)
            {
                using var reader = new StreamReader(program.Open(BpfIteratorTarget.Cgroup(path, order)));
                Assert.Equal(string.Concat(Enumerable.Repeat("cgroup\n", count)), reader.ReadToEnd());
            }

            using BpfLink link = program.Attach(BpfIteratorTarget.Cgroup(cgroup.Path, BpfCgroupOrder.DescendantsPost));
            BpfIteratorLinkInfo info = Assert.IsType<BpfIteratorLinkInfo>(link.GetInfo());
            Assert.Equal(("cgroup", cgroup.Id, BpfCgroupOrder.DescendantsPost), (info.Target, info.CgroupId, info.CgroupOrder));
        }
        finally
        {
            foreach (string path in below.Reverse())
                Directory.Delete(path);
        }
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void A_syscall_program_runs_on_its_context(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "syscall_add");
        byte[] context = new byte[24];
        MemoryMarshal.Write(context, 40UL);
        MemoryMarshal.Write(context.AsSpan(8), 2UL);
        Assert.Equal(7u, new BpfSyscallProgram(attach.Program).Run(context));
        Assert.Equal(42UL, BitConverter.ToUInt64(context, 16));
    }

    private readonly record struct TaskRecord(uint Pid, uint Tgid);

    private readonly record struct ElementRecord(ulong Value, ulong Key);

    [StructLayout(LayoutKind.Explicit, Size = 10007)]
    private struct Odd;
}
