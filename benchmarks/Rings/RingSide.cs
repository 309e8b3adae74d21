using System.Runtime.InteropServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Benchmarks.Rings;

/// <summary>The C# side of benchmarks/c/ring_bench.c: the same object, sizes and steps.</summary>
internal sealed class RingSide : IDisposable
{
    private const int SmallRing = 256 * 1024, LargeRing = 16 * 1024 * 1024;
    private const int SmallPages = 64, LargePages = 4096;
    private const int Fill = 8000, Samples = 1000;

    private readonly BpfObject _small = Load(SmallRing);
    private readonly BpfObject _large = Load(LargeRing);
    private readonly RingBufferHandler<Event> _onEvent;
    private readonly PerfBufferHandler<Event> _onSample;
    private readonly RingBufferHandler<Event> _onStamp;
    private readonly PerfBufferHandler<Event> _onSampleStamp;
    private long _seen;
    private ulong _sum;
    private long _lastDelay;

    public RingSide()
    {
        _onEvent = OnEvent;
        _onSample = OnSample;
        _onStamp = OnStamp;
        _onSampleStamp = OnSampleStamp;
    }

    /// <summary>Bytes that readings of filled buffers allocated.</summary>
    public long Allocated { get; set; }

    /// <summary>Sum over all events, so that none is left unread.</summary>
    public ulong Sum => _sum;

    /// <summary>Buffers filled, then read: nanoseconds of the thread for one event.</summary>
    public double Prefilled(bool perf, long count)
    {
        using RingBuffer? ring = perf ? null : new RingBuffer(_small.Maps["ring"]);
        using PerfBuffer? samples = perf ? new PerfBuffer(_small.Maps["samples"], SmallPages) : null;
        long time = 0;
        for (long i = 0; i < count; i += Fill)
        {
            if (perf)
            {
                for (int j = 0; j < Fill; j += Samples)
                    Run(_small.Programs["sample"], Samples, cpu: 0);
            }
            else
            {
                Run(_small.Programs["produce"], Fill);
            }

            _seen = 0;
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long start = NativeClock.Thread;
            if (perf)
                samples!.Consume(_onSample);
            else
                ring!.Consume(_onEvent);
            time += NativeClock.Thread - start;
            Allocated += GC.GetAllocatedBytesForCurrentThread() - allocated;
            if (_seen != Fill)
                throw new InvalidOperationException($"{_seen} events of {Fill}.");
        }

        return (double)time / count;
    }

    /// <summary>A producer on one CPU, a reader on another: nanoseconds of wall time for one event, and how many were dropped.</summary>
    public (double Time, long Dropped) Concurrent(bool perf, long count)
    {
        long before = Dropped();
        using RingBuffer? ring = perf ? null : new RingBuffer(_large.Maps["ring"]);
        using PerfBuffer? samples = perf ? new PerfBuffer(_large.Maps["samples"], LargePages) : null;
        bool done = false;
        var producer = new Thread(() =>
        {
            NativeClock.Pin(0);
            if (perf)
            {
                for (long i = 0; i < count; i += Samples)
                    Run(_large.Programs["sample"], Samples);
            }
            else
            {
                Run(_large.Programs["produce"], count);
            }

            Volatile.Write(ref done, true);
        });
        NativeClock.Pin(1);
        _seen = 0;
        long start = NativeClock.Now;
        producer.Start();
        var slice = TimeSpan.FromMilliseconds(10);
        while (_seen < count)
        {
            if (perf)
                samples!.Poll(_onSample, slice);
            else
                ring!.Poll(_onEvent, slice);
            if (Volatile.Read(ref done) && _seen + Dropped() - before >= count)
                break;
        }

        long time = NativeClock.Now - start;
        producer.Join();
        return ((double)time / count, Dropped() - before);
    }

    /// <summary>A reader that sleeps, and one event at a time: the median of the nanoseconds from the event to the handler.</summary>
    public double Latency(bool perf, long count)
    {
        using RingBuffer? ring = perf ? null : new RingBuffer(_small.Maps["ring"]);
        using PerfBuffer? samples = perf ? new PerfBuffer(_small.Maps["samples"], SmallPages) : null;
        var delays = new List<long>((int)count);
        _seen = 0;
        var producer = new Thread(() =>
        {
            NativeClock.Pin(0);
            BpfProgram program = _small.Programs[perf ? "sample_stamp" : "produce_stamp"];
            for (long i = 0; i < count; i++)
            {
                // Until the reader has the last one and sleeps again.
                while (Interlocked.Read(ref _seen) < i)
                    Thread.Yield();
                Thread.Sleep(TimeSpan.FromMicroseconds(200));
                Run(program, 0);
            }
        });
        NativeClock.Pin(1);
        producer.Start();

        // A reader that was kept from its CPU may find two events at once.
        while (Interlocked.Read(ref _seen) < count)
        {
            if (perf)
                samples!.Poll(_onSampleStamp, Timeout.InfiniteTimeSpan);
            else
                ring!.Poll(_onStamp, Timeout.InfiniteTimeSpan);
            delays.Add(_lastDelay);
        }

        producer.Join();
        delays.Sort();
        return delays[delays.Count / 2];
    }

    public void Dispose()
    {
        _small.Dispose();
        _large.Dispose();
    }

    private static BpfObject Load(uint size)
    {
        using BpfObjectOpen open = BpfObject.Open(ObjectPath, new BpfObjectOptions { Kernel = LinuxKernel.Instance });
        open.Maps["ring"].MaxEntries = size;
        return open.Load();
    }

    /// <summary>The object with the producers.</summary>
    public static string ObjectPath => Path.Combine(AppContext.BaseDirectory, "streams.bpf.o");

    private static void Run(BpfProgram program, long count, int? cpu = null)
    {
        byte[] arguments = MemoryMarshal.AsBytes((ReadOnlySpan<long>)[0, count]).ToArray();
        program.TestRun(new BpfTestRunOptions { Context = arguments, Cpu = cpu });
    }

    private long Dropped()
    {
        Span<byte> producer = stackalloc byte[16];
        _large.Maps["producers"].LookupElem([0, 0, 0, 0], producer);
        return BitConverter.ToInt64(producer[8..]);
    }

    private void OnEvent(ref readonly Event e)
    {
        _seen++;
        _sum += e.Sequence;
    }

    private void OnSample(int cpu, ref readonly Event e)
    {
        _seen++;
        _sum += e.Sequence;
    }

    private void OnStamp(ref readonly Event e)
    {
        _lastDelay = NativeClock.Now - (long)e.Producer;
        Interlocked.Increment(ref _seen);
    }

    private void OnSampleStamp(int cpu, ref readonly Event e) => OnStamp(in e);

    /// <summary>struct event of tests/objects/streams.bpf.c.</summary>
    private readonly record struct Event(ulong Producer, ulong Sequence);
}
