using System.Diagnostics.Metrics;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Integration.Objects;

namespace LibbpfSharp.Tests.Integration.Buffers;

/// <summary>What reading promises, of ring buffers and perf buffers alike, with programs on the other side.</summary>
public sealed class ReadingTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(1);

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public async Task Events_of_a_ring_buffer(string @case)
    {
        using BpfObject obj = Load(@case);
        using var events = new RingBuffer<StreamEvent>(obj.Maps["ring"]);
        List<ulong> seen = [];
        RingBufferHandler<StreamEvent> handler = (ref readonly StreamEvent e) => seen.Add(e.Sequence);
        Assert.Equal(0, events.Consume(handler));
        Produce(obj, 10);
        Assert.Equal(4, events.Consume(handler, maxRecords: 4));
        Assert.True(events.TryRead(out StreamEvent fifth));
        Assert.Equal(new StreamEvent(1, 4), fifth);
        Assert.Equal(5 * 24, events.AvailableBytes);
        Assert.Equal(2, events.Poll(handler, Timeout.InfiniteTimeSpan, maxRecords: 2));
        await foreach (StreamEvent e in events.ReadAllAsync())
        {
            seen.Add(e.Sequence);
            if (e.Sequence == 8)
                break;
        }

        // The one that the asynchronous reader left is still there.
        Assert.Equal(1, events.Consume(handler));
        Assert.Equal([0ul, 1, 2, 3, 5, 6, 7, 8, 9], seen);
        Assert.False(events.TryRead(out _));
        Assert.Equal(0, events.Poll(handler, TimeSpan.FromMilliseconds(1)));
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public async Task Events_of_a_perf_buffer(string @case)
    {
        using BpfObject obj = Load(@case);
        using var events = new PerfBuffer(obj.Maps["samples"]);
        List<ulong> seen = [];
        PerfBufferHandler<StreamEvent> handler = (int _, ref readonly StreamEvent e) => seen.Add(e.Sequence);
        Assert.Equal(0, events.Consume(handler));
        Sample(obj, 10, cpu: 0);
        Assert.Equal(4, events.Consume(handler, maxRecords: 4));
        Assert.True(events.TryRead(out int cpu, out StreamEvent fifth));
        Assert.Equal(0, cpu);
        Assert.Equal(new StreamEvent(2, 4), fifth);
        Assert.True(events.TryRead(out _, out byte[]? sixth));
        Assert.Equal(5, sixth[8]);
        Assert.Equal(2, events.Poll(handler, Timeout.InfiniteTimeSpan, maxRecords: 2));
        await foreach ((int _, StreamEvent e) in events.ReadAllAsync<StreamEvent>())
        {
            seen.Add(e.Sequence);
            if (e.Sequence == 8)
                break;
        }

        Assert.Equal(1, events.Consume(handler));
        Assert.Equal([0ul, 1, 2, 3, 6, 7, 8, 9], seen);
        Assert.False(events.TryRead<StreamEvent>(out _, out _));
        Assert.Equal(0u, events.LostRecords);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void A_bound_on_perf_records_starves_no_cpu(string @case)
    {
        using BpfObject obj = Load(@case);
        IReadOnlyList<int> cpus = obj.Kernel.Facts.PossibleCpus;
        Assert.SkipUnless(cpus.Count > 1, "one CPU only");
        using var events = new PerfBuffer(obj.Maps["samples"]);
        Sample(obj, 5, cpus[0]);
        Sample(obj, 5, cpus[1]);
        List<int> order = [];
        while (events.Consume((cpu, _) => order.Add(cpu), maxRecords: 2) > 0)
        {
        }

        Assert.Equal(10, order.Count);
        Assert.Equal([cpus[0], cpus[0], cpus[1], cpus[1], cpus[0], cpus[0], cpus[1], cpus[1], cpus[0], cpus[1]], order);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void A_record_of_another_length_is_named_and_left_behind(string @case)
    {
        using BpfObject obj = Load(@case);
        using var ring = new RingBuffer(obj.Maps["ring"]);
        using var perf = new PerfBuffer(obj.Maps["samples"]);
        Produce(obj, 3);
        Sample(obj, 3, cpu: 0);
        foreach (BpfException e in (BpfException[])[
            Assert.Throws<BpfException>(() => ring.TryRead(out long _)),
            Assert.Throws<BpfException>(() => ring.Consume((ref readonly (StreamEvent, StreamEvent) _) => Assert.Fail("too long"))),
            Assert.Throws<BpfException>(() => perf.TryRead(out _, out long _)),
            Assert.Throws<BpfException>(() => perf.Consume((int _, ref readonly (StreamEvent, StreamEvent) _) => Assert.Fail("too long")))])
        {
            Assert.Equal(BpfErrno.EINVAL, e.Errno);
            Assert.Matches("map '(ring|samples)'.*The record has (16|20) bytes", e.Message);
        }

        Assert.True(ring.TryRead(out StreamEvent third));
        Assert.Equal(2u, third.Sequence);
        Assert.True(perf.TryRead(out _, out third));
        Assert.Equal(2u, third.Sequence);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void An_exception_surfaces_with_its_record_read_and_the_others_kept(string @case)
    {
        using BpfObject obj = Load(@case);
        using var ring = new RingBuffer(obj.Maps["ring"]);
        using var perf = new PerfBuffer(obj.Maps["samples"]);
        using var set = new RingBufferSet(obj.Kernel);
        set.Add(ring, static _ => throw new FormatException());
        Produce(obj, 4);
        Sample(obj, 3, cpu: 0);
        Assert.Throws<FormatException>(() => ring.Consume(static _ => throw new FormatException()));
        Assert.Throws<FormatException>(() => ring.Poll((ref readonly StreamEvent _) => throw new FormatException(), s_long));
        Assert.Throws<FormatException>(() => set.Poll(s_long));
        Assert.True(ring.TryRead(out StreamEvent last));
        Assert.Equal(3u, last.Sequence);
        Assert.Throws<FormatException>(() => perf.Consume(static (_, _) => throw new FormatException()));
        Assert.Throws<FormatException>(() => perf.Poll((int _, ref readonly StreamEvent _) => throw new FormatException(), s_long));
        Assert.True(perf.TryRead(out _, out last));
        Assert.Equal(2u, last.Sequence);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public async Task A_flush_ends_a_wait_and_hands_over_what_caused_no_wakeup(string @case)
    {
        using BpfObject obj = Load(@case);
        using var ring = new RingBuffer(obj.Maps["ring"]);
        using var perf = new PerfBuffer(obj.Maps["samples"], wakeupRecords: 1000);
        using var set = new RingBufferSet(obj.Kernel);
        set.Add(ring, _ => { });

        // A flush that comes before the wait ends it just the same.
        ring.Flush();
        Assert.Equal(0, ring.Poll(_ => { }, Timeout.InfiniteTimeSpan));
        perf.Flush();
        Assert.Equal(0, perf.Poll((_, _) => { }, Timeout.InfiniteTimeSpan));
        set.Flush();
        Assert.Equal(0, set.Poll(Timeout.InfiniteTimeSpan));

        Task<int> waiting = Task.Run(() => ring.Poll(_ => { }, Timeout.InfiniteTimeSpan));
        ring.Flush();
        Assert.Equal(0, await waiting);
        Sample(obj, 3, cpu: 0);
        Assert.Equal(3, perf.Poll((_, _) => { }, Timeout.InfiniteTimeSpan));
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public async Task Waits_end_by_time_cancellation_and_disposal(string @case)
    {
        using BpfObject obj = Load(@case);
        var ring = new RingBuffer(obj.Maps["ring"]);
        var perf = new PerfBuffer(obj.Maps["samples"]);
        Assert.Equal(0, ring.Poll(_ => { }, TimeSpan.FromMilliseconds(5)));
        Assert.Equal(0, perf.Poll((_, _) => { }, TimeSpan.FromMilliseconds(5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.Poll(_ => { }, TimeSpan.FromSeconds(-5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => perf.Consume((_, _) => { }, 0));

        using var cancel = new CancellationTokenSource();
        Task[] cancelled =
        [
            Task.Run(() => ring.Poll(_ => { }, Timeout.InfiniteTimeSpan, cancellationToken: cancel.Token)),
            Task.Run(() => perf.Poll((_, _) => { }, Timeout.InfiniteTimeSpan, cancellationToken: cancel.Token)),
            Drain(ring.ReadAllAsync(cancel.Token)),
            Drain(perf.ReadAllAsync(cancel.Token)),
        ];
        await cancel.CancelAsync();
        foreach (Task task in cancelled)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);

        Task[] disposed =
        [
            Task.Run(() => ring.Poll(_ => { }, Timeout.InfiniteTimeSpan)),
            Task.Run(() => perf.Poll((_, _) => { }, Timeout.InfiniteTimeSpan)),
            Drain(ring.ReadAllAsync()),
            Drain(perf.ReadAllAsync()),
        ];
        ring.Dispose();
        perf.Dispose();
        foreach (Task task in disposed)
            await Assert.ThrowsAsync<ObjectDisposedException>(() => task);
        Assert.Throws<ObjectDisposedException>(() => ring.Consume(_ => { }));
        Assert.Throws<ObjectDisposedException>(() => ring.TryRead(out byte[]? _));
        Assert.Throws<ObjectDisposedException>(() => ring.AvailableBytes);
        Assert.Throws<ObjectDisposedException>(() => ring.Flush());
        Assert.Throws<ObjectDisposedException>(() => perf.Consume((_, _) => { }));
        Assert.Throws<ObjectDisposedException>(() => perf.TryRead(out _, out byte[]? _));
        Assert.Throws<ObjectDisposedException>(() => perf.Flush());
        ring.Dispose();
        perf.Dispose();
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void A_map_has_one_reader_at_a_time(string @case)
    {
        using BpfObject obj = Load(@case);
        var ring = new RingBuffer(obj.Maps["ring"]);
        var perf = new PerfBuffer(obj.Maps["samples"]);
        using (var requests = new UserRingBuffer(obj.Maps["requests"]))
        {
            Assert.Contains("map 'ring'", Assert.Throws<InvalidOperationException>(() => new RingBuffer(obj.Maps["ring"])).Message, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(() => new PerfBuffer(obj.Maps["samples"]));
            Assert.Throws<InvalidOperationException>(() => new UserRingBuffer(obj.Maps["requests"]));
        }

        // What one reader left, the next one gets.
        Produce(obj, 3);
        ring.Consume(_ => { }, 1);
        ring.Dispose();
        perf.Dispose();
        using var again = new RingBuffer(obj.Maps["ring"]);
        Assert.True(again.TryRead(out StreamEvent second));
        Assert.Equal(1u, second.Sequence);
        using var requestsAgain = new UserRingBuffer(obj.Maps["requests"]);
        Sample(obj, 1, cpu: 0); // nobody listens: dropped
        using var perfAgain = new PerfBuffer(obj.Maps["samples"]);
        Sample(obj, 1, cpu: 0);
        Assert.True(perfAgain.TryRead(out _, out second));
        Assert.Equal(1u, second.Sequence);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Buffers_leave_a_set_when_they_are_disposed_of(string @case)
    {
        using BpfObject obj = Load(@case);
        using var set = new RingBufferSet(obj.Kernel);
        int count = 0;
        for (int i = 0; i < 3; i++)
        {
            using var ring = new RingBuffer(obj.Maps["ring"]);
            set.Add(ring, (ref readonly StreamEvent _) => count++);
            Produce(obj, 2);
            Assert.Equal(2, set.Poll(s_long));
        }

        Produce(obj, 2);
        Assert.Equal(0, set.Poll(TimeSpan.FromMilliseconds(1)));
        using var last = new RingBuffer(obj.Maps["ring"]);
        set.Add(last, _ => set.Remove(last));
        Assert.False(set.Remove(new RingBuffer(obj.Maps["calls"])));
        Assert.Equal(1, set.Poll(s_long, maxRecords: 1));
        Assert.Equal(0, set.Consume());
        Assert.Equal(6, count);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Each_record_goes_to_one_of_several_consumers(string @case)
    {
        using BpfObject obj = Load(@case);
        using var ring = new RingBuffer(obj.Maps["ring"]);
        Produce(obj, 3000);
        int[] seen = new int[3000];
        Thread[] threads = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            while (ring.Consume((ref readonly StreamEvent e) => Interlocked.Increment(ref seen[e.Sequence]), 7) > 0)
            {
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.All(seen, times => Assert.Equal(1, times));
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void What_was_read_and_lost_is_metered(string @case)
    {
        using BpfObject obj = Load(@case);
        using var ring = new RingBuffer(obj.Maps["ring"]);
        using var perf = new PerfBuffer(obj.Maps["samples"], pagesPerCpu: 1);
        var sums = new Dictionary<string, long>();
        using (var listener = new MeterListener())
        {
            listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == BpfMetrics.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                string key = $"{instrument.Name} of {tags[0].Value}";
                sums[key] = sums.GetValueOrDefault(key) + value;
            });
            listener.Start();
            Produce(obj, 5);
            ring.Consume(_ => { });
            Sample(obj, 500, cpu: 0);
            int read = perf.Consume((_, _) => { });
            Sample(obj, 1, cpu: 0);
            read += perf.Consume((_, _) => { });
            Assert.Equal(5, sums["libbpfsharp.buffer.records of map 'ring'"]);
            Assert.Equal(read, sums["libbpfsharp.buffer.records of map 'samples'"]);
            Assert.Equal(501 - read, sums["libbpfsharp.buffer.lost of map 'samples'"]);
            Assert.Equal(501ul - (ulong)read, perf.LostRecords);
        }
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Reading_and_writing_allocate_nothing(string @case)
    {
        using BpfObject obj = Load(@case);
        using var ring = new RingBuffer(obj.Maps["ring"]);
        using var perf = new PerfBuffer(obj.Maps["samples"], pagesPerCpu: 1);
        using var requests = new UserRingBuffer(obj.Maps["requests"]);
        using var cancel = new CancellationTokenSource();
        ulong sum = 0;
        RingBufferHandler ringBytes = record => sum += record[8];
        RingBufferHandler<StreamEvent> ringEvents = (ref readonly StreamEvent e) => sum += e.Sequence;
        PerfBufferHandler perfBytes = (_, record) => sum += record[8];
        PerfBufferHandler<StreamEvent> perfEvents = (int _, ref readonly StreamEvent e) => sum += e.Sequence;

        // Rounds that together go around the perf ring of one page, so that records wrap.
        for (int round = 0; round < 40; round++)
        {
            Produce(obj, 50);
            Sample(obj, 50, cpu: 0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            int read = ring.Consume(ringBytes, 10) + ring.Consume(ringEvents, 10) + ring.Poll(ringBytes, s_long, 10)
                + ring.Poll(ringEvents, s_long, 10, cancel.Token) + (ring.TryRead(out StreamEvent _) ? 1 : 0) + ring.Consume(ringBytes);
            read += perf.Consume(perfBytes, 10) + perf.Consume(perfEvents, 10) + perf.Poll(perfBytes, s_long, 10)
                + perf.Poll(perfEvents, s_long, 10, cancel.Token) + (perf.TryRead(out _, out StreamEvent _) ? 1 : 0) + perf.Consume(perfBytes);
            read += ring.Poll(ringBytes, TimeSpan.FromMilliseconds(1), cancellationToken: cancel.Token) + perf.Poll(perfBytes, TimeSpan.FromMilliseconds(1));
            using (UserRingBufferRecord record = requests.Reserve(16))
                record.Data.Clear();
            requests.TryWrite(1UL);
            long after = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(100, read);

            // The first rounds make what is made once: the waiter, the cancellation's node, room for a record that wraps.
            if (round >= 5)
                Assert.True(after == before, $"round {round} allocated {after - before} bytes");
        }

        Assert.True(sum > 0);
    }

    private static BpfObject Load(string @case) => LoaderCase.Open(@case, "streams").Load();

    private static void Produce(BpfObject obj, ulong count) => Streams.Run(obj.Programs["produce"], 1, count);

    private static void Sample(BpfObject obj, ulong count, int cpu) => Streams.Run(obj.Programs["sample"], 2, count, cpu);

    private static async Task Drain<T>(IAsyncEnumerable<T> records)
    {
        await foreach (T _ in records)
        {
        }
    }
}
