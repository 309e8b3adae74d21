using System.Runtime.InteropServices;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Integration.Objects;

namespace LibbpfSharp.Tests.Integration.Buffers;

/// <summary>Ring buffers behind one wait, user ring buffers and perf buffers, with programs on the other side.</summary>
public sealed class BufferTests
{
    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Several_ring_buffers_behind_one_wait(string @case)
    {
        using BpfObject obj = Load(@case);
        using var first = new RingBuffer(obj.Maps["first"]);
        using var second = new RingBuffer(obj.Maps["second"]);
        using var set = new RingBufferSet(obj.Kernel);
        var seen = new List<(int Buffer, Event Event)>();
        set.Add(first, record => seen.Add((1, MemoryMarshal.Read<Event>(record))));
        set.Add(second, record => seen.Add((2, MemoryMarshal.Read<Event>(record))));
        Assert.Throws<ArgumentException>(() => set.Add(first, _ => { }));
        Assert.Equal(0, set.Poll(TimeSpan.Zero));
        Produce(obj, 10);
        int total = 0;
        while (total < 20)
            total += set.Poll(TimeSpan.FromSeconds(10), maxRecords: 3);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (1, new Event((ulong)i, 1))), seen.Where(s => s.Buffer == 1));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (2, new Event((ulong)i, 2))), seen.Where(s => s.Buffer == 2));
        set.Dispose();
        Assert.Throws<ObjectDisposedException>(() => set.Poll(TimeSpan.Zero));
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Records_without_a_wakeup_do_not_strand(string @case)
    {
        using BpfObject obj = Load(@case);
        using var first = new RingBuffer(obj.Maps["first"]);
        obj.SetGlobal("wakeup_flags", 1UL); // BPF_RB_NO_WAKEUP
        var producer = new Thread(() => Produce(obj, 5));
        producer.Start();
        int total = 0;
        while (total < 5)
            total += first.Poll(_ => { }, Timeout.InfiniteTimeSpan);
        producer.Join();
        Assert.Equal(5, total);
        Assert.Equal(0u, obj.GetGlobal<ulong>("dropped"));
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public async Task A_wait_is_cancelled_and_ends_with_dispose(string @case)
    {
        using BpfObject obj = Load(@case);
        using var first = new RingBuffer(obj.Maps["first"]);
        using var set = new RingBufferSet(obj.Kernel);
        set.Add(first, _ => { });
        using var cancel = new CancellationTokenSource();
        Task waiting = Task.Run(() => set.Poll(Timeout.InfiniteTimeSpan, cancellationToken: cancel.Token));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Task disposed = Task.Run(() => set.Poll(Timeout.InfiniteTimeSpan));
        set.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => disposed);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void User_ring_buffer(string @case)
    {
        using BpfObject obj = Load(@case);
        Assert.SkipUnless(obj.Kernel.Facts.Release >= new Version(6, 1), "User ring buffers came with Linux 6.1.");
        using var requests = new UserRingBuffer(obj.Maps["requests"]);
        for (ulong value = 1; value <= 10; value++)
            Assert.True(requests.TryWrite(value));
        using (UserRingBufferRecord discarded = requests.Reserve(8))
            MemoryMarshal.Write(discarded.Data, 1000UL);
        UserRingBufferRecord submitted = requests.Reserve(8);
        MemoryMarshal.Write(submitted.Data, 100UL);
        submitted.Submit();
        Assert.Equal(11u, obj.Programs["drain"].TestRun().ReturnValue);
        Assert.Equal(155u, obj.GetGlobal<ulong>("sum"));
        int fitted = 0;
        while (requests.TryWrite(1UL))
            fitted++;
        Assert.Equal(4096 / 16, fitted);
        Assert.Equal(BpfErrno.ENOSPC, Assert.Throws<BpfException>(() => { requests.Reserve(8); }).Errno);
        Assert.Equal(BpfErrno.E2BIG, Assert.Throws<BpfException>(() => { requests.TryReserve(4096, out _); }).Errno);
        obj.Programs["drain"].TestRun();
        Assert.True(requests.TryWrite(1UL));
        Assert.Contains("UserRingBuf", Assert.Throws<ArgumentException>(() => new UserRingBuffer(obj.Maps["first"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public async Task Perf_buffer(string @case)
    {
        using BpfObject obj = Load(@case);
        using var samples = new PerfBuffer(obj.Maps["samples"], pagesPerCpu: 1);
        var seen = new List<Event>();
        obj.SetGlobal("count", 10UL);
        obj.Programs["sample"].TestRun();
        Assert.Equal(10, samples.Poll((_, record) => seen.Add(MemoryMarshal.Read<Event>(record)), TimeSpan.FromSeconds(10)));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => new Event((ulong)i, 3)), seen);

        // Rounds that together go around the ring, so that records wrap.
        for (int round = 0; round < 30; round++)
        {
            obj.Programs["sample"].TestRun();
            seen.Clear();
            samples.Consume((_, record) => seen.Add(MemoryMarshal.Read<Event>(record)));
            Assert.Equal(Enumerable.Range(0, 10).Select(i => new Event((ulong)i, 3)), seen);
        }

        Assert.Equal(0u, samples.LostRecords);
        obj.SetGlobal("count", 100UL);
        for (int round = 0; round < 4; round++)
            obj.Programs["sample"].TestRun(new BpfTestRunOptions { Cpu = 0 });
        int got = samples.Consume((_, _) => { });
        obj.Programs["sample"].TestRun(new BpfTestRunOptions { Cpu = 0 });
        got += samples.Consume((_, _) => { });
        Assert.True(samples.LostRecords > 0, "a ring of one page cannot hold 400 records");
        Assert.Equal(500u, (ulong)got + samples.LostRecords);

        obj.SetGlobal("count", 3UL);
        obj.Programs["sample"].TestRun();
        using var cancel = new CancellationTokenSource();
        int read = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach ((int _, byte[] record) in samples.ReadAllAsync(cancel.Token))
            {
                Assert.True(record.Length >= 16);
                if (++read == 3)
                    await cancel.CancelAsync();
            }
        });
        Assert.Throws<ArgumentException>(() => new PerfBuffer(obj.Maps["samples"], pagesPerCpu: 3));
        Assert.Throws<ArgumentException>(() => new PerfBuffer(obj.Maps["first"]));
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Nothing_is_left_open(string @case)
    {
        using BpfObject obj = Load(@case);
        Round(obj);
        FdCount.AssertNoLeak(() =>
        {
            for (int i = 0; i < 50; i++)
                Round(obj);
        });

        static void Round(BpfObject obj)
        {
            using var first = new RingBuffer(obj.Maps["first"]);
            using var set = new RingBufferSet(obj.Kernel);
            set.Add(first, _ => { });
            using var requests = new UserRingBuffer(obj.Maps["requests"]);
            using var samples = new PerfBuffer(obj.Maps["samples"], pagesPerCpu: 1);
            first.Poll(_ => { }, TimeSpan.Zero);
        }
    }

    private static BpfObject Load(string @case) => LoaderCase.Open(@case, "buffers").Load();

    private static void Produce(BpfObject obj, ulong count)
    {
        obj.SetGlobal("count", count);
        obj.Programs["produce"].TestRun();
    }

    private readonly record struct Event(ulong Sequence, ulong Kind);
}
