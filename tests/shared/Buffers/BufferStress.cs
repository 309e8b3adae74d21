using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Tests;

/// <summary>
/// Attaching, detaching and reading on many threads, with cancellation, in rounds. After each round nothing is open or
/// mapped, and each event was read that its producer could write. One body for both loaders and the emulator.
/// </summary>
internal sealed class BufferStress : IDisposable
{
    private const int RingProducers = 3;
    private const int PerfProducer = 3; // the index after those of the ring; one, since order is kept on one CPU only
    private static readonly TimeSpan s_round = TimeSpan.FromMilliseconds(400);

    private readonly BpfObject _object;
    private readonly Action _happen;
    private readonly SequenceCheck _ringEvents = new(RingProducers);
    private readonly SequenceCheck _perfEvents = new(PerfProducer + 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Exception> _failures = [];
    private long _calls;
    private ulong _requests;

    private BufferStress(BpfObject obj, Action happen)
    {
        _object = obj;
        _happen = happen;
    }

    /// <summary>Runs rounds for as many seconds as LIBBPFSHARP_STRESS_SECONDS says.</summary>
    /// <param name="load">Loads tests/objects/streams.bpf.o.</param>
    /// <param name="happen">Makes the system call happen that "on_enter" sees, given the kernel.</param>
    /// <returns>What was done, for the log.</returns>
    public static string Run(Func<BpfObject> load, Action<BpfObject> happen)
    {
        int seconds = TestSettings.Count("LIBBPFSHARP_STRESS_SECONDS", quick: 2, ci: 15);
        Round(load, happen, out _, out _, out _);
        int mappings = MappingCount.Open();
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        int rounds = 0;
        long events = 0, calls = 0, links = 0;
        var time = Stopwatch.StartNew();
        do
        {
            FdCount.AssertNoLeak(() =>
            {
                Round(load, happen, out long roundEvents, out long roundCalls, out long roundLinks);
                (events, calls, links) = (events + roundEvents, calls + roundCalls, links + roundLinks);
            });
            Assert.Equal(mappings, MappingCount.Open());
            rounds++;
        }
        while (time.Elapsed < TimeSpan.FromSeconds(seconds));

        long growth = GC.GetTotalMemory(forceFullCollection: true) - memory;
        Assert.True(growth < 1 << 20, $"{growth} bytes of managed memory stay after {rounds} rounds");
        Assert.True(events > 0 && calls > 0 && links > 0, $"{events} events, {calls} calls, {links} links: something did not run");
        return $"{rounds} rounds, {events} events, {calls} calls seen, {links} links made, memory {growth:+#;-#;0} bytes";
    }

    private static void Round(Func<BpfObject> load, Action<BpfObject> happen, out long events, out long calls, out long links)
    {
        using BpfObject obj = load();
        using var round = new BufferStress(obj, () => happen(obj));
        links = round.Run();
        events = round._ringEvents.Seen + round._perfEvents.Seen;
        calls = round._calls;
    }

    public void Dispose() => _stop.Dispose();

    private long Run()
    {
        long links = 0;
        int attachers = _object.Kernel.Facts.Release < new Version(6, 10) ? 1 : 2; // before, a program is on a raw tracepoint once
        var ring = new RingBuffer(_object.Maps["ring"]);
        var calls = new RingBuffer(_object.Maps["calls"]);
        var perf = new PerfBuffer(_object.Maps["samples"]);
        var requests = new UserRingBuffer(_object.Maps["requests"]);
        Thread[] producers =
        [
            .. Enumerable.Range(0, RingProducers).Select(p => Start(() => Streams.Run(_object.Programs["produce"], (ulong)p, 50))),
            Start(() => Streams.Run(_object.Programs["sample"], PerfProducer, 50, _object.Kernel.Facts.PossibleCpus[0])),
            .. Enumerable.Range(0, attachers).Select(_ => Start(() => Interlocked.Add(ref links, AttachAndDetach()))),
            Start(() => WriteRequests(requests)),
        ];
        Thread[] readers =
        [
            Start(() => Read(token => ring.Poll((ref readonly StreamEvent e) => _ringEvents.Take(in e), Timeout.InfiniteTimeSpan, 1000, token))),
            Start(() => Read(token => ring.Poll((ref readonly StreamEvent e) => _ringEvents.Take(in e), TimeSpan.FromMilliseconds(3), 10, token))),
            Start(() => Read(token => perf.Poll((int _, ref readonly StreamEvent e) => _perfEvents.Take(in e), Timeout.InfiniteTimeSpan, 1000, token))),
            Start(() => Read(token => ReadCalls(calls, token))),
        ];
        Thread.Sleep(s_round);
        _stop.Cancel();
        foreach (Thread thread in (Thread[])[.. producers, .. readers])
            Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "a thread does not end");
        Assert.Empty(_failures);

        // What the readers left when they were cancelled.
        ring.Consume((ref readonly StreamEvent e) => _ringEvents.Take(in e));
        perf.Consume((int _, ref readonly StreamEvent e) => _perfEvents.Take(in e));
        calls.Consume((ref readonly StreamEvent _) => _calls++);
        _object.Programs["drain"].TestRun();
        Check(perf);
        ring.Dispose();
        calls.Dispose();
        perf.Dispose();
        requests.Dispose();
        return links;
    }

    private void Check(PerfBuffer perf)
    {
        byte[] element = new byte[16];
        for (int producer = 0; producer <= PerfProducer; producer++)
        {
            Assert.True(_object.Maps["producers"].LookupElem(BitConverter.GetBytes(producer), element));
            ulong written = BitConverter.ToUInt64(element);
            ulong dropped = BitConverter.ToUInt64(element, 8);
            (producer == PerfProducer ? _perfEvents : _ringEvents).AssertComplete(producer, written, dropped);
            if (producer == PerfProducer)
                Assert.True(perf.LostRecords <= dropped, $"{perf.LostRecords} lost, and the producer knows of {dropped}");
        }

        Assert.Equal(_object.GetGlobal<ulong>("hits"), (ulong)_calls + _object.GetGlobal<ulong>("missed"));
        Assert.Equal(_requests, _object.GetGlobal<ulong>("requests_seen"));
        Assert.Equal(_requests, _object.GetGlobal<ulong>("requests_sum"));
    }

    private void ReadCalls(RingBuffer calls, CancellationToken token) => ReadAsync(calls, token).GetAwaiter().GetResult();

    private int AttachAndDetach()
    {
        using BpfLink link = _object.Programs["on_enter"].Attach();
        _happen();
        return 1;
    }

    private void WriteRequests(UserRingBuffer requests)
    {
        using (UserRingBufferRecord discarded = requests.Reserve(8, TimeSpan.FromSeconds(60)))
            MemoryMarshal.Write(discarded.Data, 1000UL);
        UserRingBufferRecord submitted = requests.Reserve(8, TimeSpan.FromSeconds(60));
        MemoryMarshal.Write(submitted.Data, 1UL);
        submitted.Submit();
        _requests++;
        if (_requests % 8 == 0)
            _object.Programs["drain"].TestRun();
    }

    private async Task ReadAsync(RingBuffer calls, CancellationToken cancellationToken)
    {
        await foreach (StreamEvent _ in calls.ReadAllAsync<StreamEvent>(cancellationToken))
            _calls++;
    }

    // A reader that is cancelled again and again, and reads on.
    private static void Read(Action<CancellationToken> read)
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 20)));
        try
        {
            read(cancel.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private Thread Start(Action repeated)
    {
        var thread = new Thread(() =>
        {
            try
            {
                while (!_stop.IsCancellationRequested)
                    repeated();
            }
            catch (Exception e)
            {
                lock (_failures)
                    _failures.Add(e);
            }
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }
}
