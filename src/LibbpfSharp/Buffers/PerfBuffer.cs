using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>
/// Reads what programs write with bpf_perf_event_output() (4.4): a ring per CPU in the slots of a PERF_EVENT_ARRAY map.
/// New programs do better with a ring buffer. One thread reads at a time.
/// </summary>
public sealed unsafe class PerfBuffer : IDisposable
{
    private const uint TypeSoftware = 1;
    private const ulong BpfOutput = 10;
    private const ulong SampleRaw = 1 << 10;
    private const uint IocEnable = 0x2400;

    private readonly Lock _lock = new();
    private readonly IBpfKernel _kernel;
    private readonly string _subject;
    private readonly List<PerfRing> _rings = [];
    private readonly IKernelWaiter _waiter;
    private volatile bool _disposed;
    private bool _isReading;

    /// <summary>Opens a ring for each CPU that is online and puts it into the map.</summary>
    /// <param name="map">A map of type PERF_EVENT_ARRAY, which may be disposed of afterwards.</param>
    /// <param name="pagesPerCpu">Pages of each ring, a power of two.</param>
    /// <param name="wakeupRecords">Records after which a waiting reader is woken; the reader looks every 100 ms all the same.</param>
    /// <exception cref="ArgumentException">It is another kind of map, or a number is not as it must be.</exception>
    /// <exception cref="BpfException">The kernel refused an event, its memory or its place in the map.</exception>
    public PerfBuffer(BpfMap map, int pagesPerCpu = 64, int wakeupRecords = 1)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.Type != BpfMapType.PerfEventArray)
            throw new ArgumentException($"{map.Subject} is a {map.Type} map; a perf buffer reads a PerfEventArray map.", nameof(map));
        if (pagesPerCpu <= 0 || !BitOperations.IsPow2(pagesPerCpu))
            throw new ArgumentException($"{pagesPerCpu} pages: the kernel wants a power of two.", nameof(pagesPerCpu));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(wakeupRecords);
        _kernel = map.Kernel;
        _subject = map.Subject;
        KernelErrors.Check(_kernel.CreateWaiter(out IKernelWaiter? waiter), _kernel, "making a waiter", _subject);
        _waiter = waiter!;
        try
        {
            foreach (int cpu in _kernel.Facts.PossibleCpus)
            {
                if (cpu < map.MaxEntries)
                    Open(map, cpu, pagesPerCpu, wakeupRecords);
            }

            if (_rings.Count == 0)
                throw new BpfException(BpfErrno.ENODEV, "opening a perf buffer", _subject, "The map has no slot for a CPU that is online: max_entries must be the number of CPUs.");
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Records that the kernel dropped because a ring was full, on all CPUs, as far as the reading has got.</summary>
    public ulong LostRecords
    {
        get
        {
            lock (_lock)
            {
                ulong lost = 0;
                foreach (PerfRing ring in _rings)
                    lost += ring.Lost;
                return lost;
            }
        }
    }

    /// <summary>Hands all records to a handler, CPU by CPU; does not wait.</summary>
    /// <param name="handler">Called for each record. What it throws surfaces here, with that record counted as read.</param>
    /// <param name="maxRecords">The most records of each CPU.</param>
    /// <returns>How many records were handed over.</returns>
    public int Consume(PerfBufferHandler handler, int maxRecords = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_isReading)
                throw new InvalidOperationException($"A handler of {_subject} reads the same buffer. Return from it first.");
            _isReading = true;
            int count = 0;
            try
            {
                foreach (PerfRing ring in _rings)
                {
                    if (_disposed)
                        break;
                    count += ring.Consume(handler, maxRecords);
                }
            }
            finally
            {
                _isReading = false;
                if (_disposed)
                    Release();
            }

            return count;
        }
    }

    /// <summary>Waits until there is a record, the time is over or the wait is cancelled, and hands over what is there.</summary>
    /// <param name="handler">Called for each record. What it throws surfaces here, with that record counted as read.</param>
    /// <param name="timeout">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="maxRecords">The most records of each CPU.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many records were handed over; 0 at the end of the time.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled; nothing was read.</exception>
    public int Poll(PerfBufferHandler handler, TimeSpan timeout, int maxRecords = int.MaxValue, CancellationToken cancellationToken = default)
    {
        long start = Stopwatch.GetTimestamp();
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static b => ((PerfBuffer)b!).Wake(), this);
        Span<uint> tokens = stackalloc uint[8];
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Consume(handler, maxRecords);
            if (count > 0)
                return count;
            int sleep = BufferWait.NextSleep(timeout, start);
            if (sleep == 0)
                return 0;

            int result = _waiter.Wait(tokens, sleep);
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (result < 0)
                KernelErrors.Throw(result, _kernel, "waiting", _subject);
        }
    }

    /// <summary>Reads records for ever, copied out, from a thread of its own. One reader at a time is meant.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The records with the CPUs they come from.</returns>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public async IAsyncEnumerable<(int Cpu, byte[] Record)> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<(int, byte[])>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task reading = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    while (true)
                        Poll((cpu, record) => channel.Writer.TryWrite((cpu, record.ToArray())), Timeout.InfiniteTimeSpan, int.MaxValue, ended.Token);
                }
                catch (OperationCanceledException)
                {
                    channel.Writer.Complete();
                }
                catch (Exception e)
                {
                    channel.Writer.Complete(e);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            await foreach ((int, byte[]) record in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return record;
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    /// <summary>Ends the present wait, or the next one, of another thread: it looks for records and waits on.</summary>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _waiter.Wake();
    }

    /// <summary>Closes the rings after the record in hand, which takes them out of the map too, and ends waits with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _disposed = true;
        Wake();
        lock (_lock)
        {
            if (!_isReading)
                Release();
        }
    }

    private void Open(BpfMap map, int cpu, int pages, int wakeupRecords)
    {
        PerfEventAttr attr = default;
        attr.Type = TypeSoftware;
        attr.Size = PerfEventAttr.ByteSize;
        attr.Config = BpfOutput;
        attr.SampleType = SampleRaw;
        attr.SamplePeriod = 1;
        attr.WakeupEvents = (uint)wakeupRecords;
        int fd = _kernel.OpenPerfEvent(ref Unsafe.As<PerfEventAttr, byte>(ref attr), -1, cpu, -1, 0);
        if (fd == -(int)BpfErrno.ENODEV)
            return; // possible, but not online
        KernelErrors.Check(fd, _kernel, $"opening the perf event of CPU {cpu}", _subject, fd is -(int)BpfErrno.EACCES or -(int)BpfErrno.EPERM ? "Perf events of a whole CPU need CAP_PERFMON (or root)." : null);
        var handle = new KernelHandle(_kernel, fd, $"perf event of CPU {cpu} for {_subject}");
        int pageSize = _kernel.Facts.PageSize;
        nuint length = (nuint)pageSize * (nuint)(pages + 1);
        nint address = 0;
        int mapped = _kernel.MapMemory(fd, length, MemoryProtection.Read | MemoryProtection.Write, MemorySharing.Shared, 0, ref address);
        if (mapped < 0)
        {
            handle.Dispose();
            KernelErrors.Throw(mapped, _kernel, $"mapping the ring of CPU {cpu}", _subject, "Fewer pages per CPU, or a higher kernel.perf_event_mlock_kb.");
        }

        _rings.Add(new PerfRing(handle, cpu, address, length, pageSize));
        map.UpdateElem(BitConverter.GetBytes(cpu), BitConverter.GetBytes(fd));
        KernelErrors.Check(_kernel.ControlPerfEvent(fd, IocEnable, 0), _kernel, $"enabling the perf event of CPU {cpu}", _subject);
        KernelErrors.Check(_waiter.Add(fd, (uint)cpu), _kernel, "adding to a waiter", _subject);
    }

    private void Release()
    {
        foreach (PerfRing ring in _rings)
            ring.Dispose();
        _waiter.Dispose();
    }

    private void Wake() => BufferWait.Wake(_waiter);
}
