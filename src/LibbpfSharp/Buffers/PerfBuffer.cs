using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>
/// Reads what programs write with bpf_perf_event_output() (4.4): a ring per CPU in the slots of a PERF_EVENT_ARRAY map.
/// New programs do better with a ring buffer. One thread reads at a time and others wait for it; each record goes to one
/// of them. The records of a CPU are in order, those of different CPUs are not. Dispose may be called from any thread,
/// also from a handler, and waits for the record in hand.
/// </summary>
public sealed partial class PerfBuffer : IDisposable
{
    private const uint TypeSoftware = 1;
    private const ulong BpfOutput = 10;
    private const ulong SampleRaw = 1 << 10;
    private const uint IocEnable = 0x2400;

    private readonly PerfRings _rings;
    private readonly BufferReader<PerfSource> _reader;
    private readonly string _subject;

    /// <summary>Opens a ring for each CPU that is online and puts it into the map.</summary>
    /// <param name="map">A map of type PERF_EVENT_ARRAY, which may be disposed of while this reads.</param>
    /// <param name="pagesPerCpu">Pages of each ring, a power of two.</param>
    /// <param name="wakeupRecords">Records after which a waiting reader is woken; the reader looks every 100 ms all the same.</param>
    /// <exception cref="ArgumentException">It is another kind of map, or a number is not as it must be.</exception>
    /// <exception cref="InvalidOperationException">The map has a reader in this process, whose rings this would replace.</exception>
    /// <exception cref="BpfException">The kernel refused an event, its memory or its place in the map.</exception>
    public PerfBuffer(BpfMap map, int pagesPerCpu = 64, int wakeupRecords = 1)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.Type != BpfMapType.PerfEventArray)
            throw new ArgumentException($"{map.Subject} is a {map.Type} map; a perf buffer reads a PerfEventArray map.", nameof(map));
        if (pagesPerCpu <= 0 || !BitOperations.IsPow2(pagesPerCpu))
            throw new ArgumentException($"{pagesPerCpu} pages: the kernel wants a power of two.", nameof(pagesPerCpu));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(wakeupRecords);
        _subject = map.Subject;
        _rings = Claim(map);
        _reader = new BufferReader<PerfSource>(this, new PerfSource(_rings));
        try
        {
            foreach (int cpu in map.Kernel.Facts.PossibleCpus)
            {
                if (cpu < map.MaxEntries)
                    Open(map, cpu, pagesPerCpu, wakeupRecords);
            }

            if (_rings.Count == 0)
                throw new BpfException(BpfErrno.ENODEV, "opening a perf buffer", _subject, "The map has no slot for a CPU that is online: max_entries must be the number of CPUs.");
        }
        catch
        {
            _reader.Dispose();
            throw;
        }
    }

    /// <summary>Records that the kernel dropped because a ring was full, on all CPUs, as far as the reading has got: it tells before the next record.</summary>
    public ulong LostRecords => _rings.Lost;

    /// <summary>Hands all records to a handler, CPU by CPU; does not wait.</summary>
    /// <param name="handler">Called for each record. What it throws surfaces here; that record counts as read, and those after it stay.</param>
    /// <param name="maxRecords">The most records in all; the next call then begins with another CPU.</param>
    /// <returns>How many records were handed over.</returns>
    /// <exception cref="InvalidOperationException">A handler of this buffer is running on this thread.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public int Consume(PerfBufferHandler handler, int maxRecords = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var visitor = new BytesVisitor(handler);
        return _reader.Consume(ref visitor, maxRecords);
    }

    /// <summary>Hands all records to a handler as structures, CPU by CPU; does not wait.</summary>
    /// <typeparam name="T">The structure that the program writes.</typeparam>
    /// <inheritdoc cref="Consume(PerfBufferHandler, int)" path="/*[not(self::summary)]"/>
    /// <exception cref="BpfException">EINVAL: a record is of another length than the structure; it counts as read.</exception>
    public int Consume<T>(PerfBufferHandler<T> handler, int maxRecords = int.MaxValue)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(handler);
        var visitor = new StructVisitor<T>(handler, _subject);
        return _reader.Consume(ref visitor, maxRecords);
    }

    /// <summary>Waits until there is a record, the time is over, or the wait is flushed or cancelled, and hands over what is there.</summary>
    /// <param name="handler">Called for each record. What it throws surfaces here; that record counts as read, and those after it stay.</param>
    /// <param name="timeout">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="maxRecords">The most records in all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many records were handed over; 0 at the end of the time or after <see cref="Flush"/>. Records that caused no wake-up are found within 100 ms.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled; nothing was read.</exception>
    /// <exception cref="InvalidOperationException">A handler of this buffer is running on this thread.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of, before or during the wait.</exception>
    public int Poll(PerfBufferHandler handler, TimeSpan timeout, int maxRecords = int.MaxValue, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var visitor = new BytesVisitor(handler);
        return _reader.Poll(ref visitor, timeout, maxRecords, cancellationToken);
    }

    /// <summary>Waits until there is a record, the time is over, or the wait is flushed or cancelled, and hands over what is there, as structures.</summary>
    /// <typeparam name="T">The structure that the program writes.</typeparam>
    /// <inheritdoc cref="Poll(PerfBufferHandler, TimeSpan, int, CancellationToken)" path="/*[not(self::summary)]"/>
    /// <exception cref="BpfException">EINVAL: a record is of another length than the structure; it counts as read.</exception>
    public int Poll<T>(PerfBufferHandler<T> handler, TimeSpan timeout, int maxRecords = int.MaxValue, CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(handler);
        var visitor = new StructVisitor<T>(handler, _subject);
        return _reader.Poll(ref visitor, timeout, maxRecords, cancellationToken);
    }

    /// <summary>Copies a record out; does not wait.</summary>
    /// <typeparam name="T">The structure that the program writes.</typeparam>
    /// <param name="cpu">Number of the CPU that the program ran on.</param>
    /// <param name="record">The record.</param>
    /// <returns>False if there is none.</returns>
    /// <exception cref="BpfException">EINVAL: the record is of another length than the structure; it counts as read.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public bool TryRead<T>(out int cpu, out T record)
        where T : unmanaged
    {
        var taker = new StructTaker<T>(_subject);
        bool found = _reader.Consume(ref taker, 1) > 0;
        (cpu, record) = taker.Item;
        return found;
    }

    /// <summary>Copies a record out; does not wait.</summary>
    /// <param name="cpu">Number of the CPU that the program ran on.</param>
    /// <param name="record">The record with the kernel's padding, or null.</param>
    /// <returns>False if there is none.</returns>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public bool TryRead(out int cpu, [NotNullWhen(true)] out byte[]? record)
    {
        BytesTaker taker = default;
        bool found = _reader.Consume(ref taker, 1) > 0;
        (cpu, record) = taker.Item;
        return found;
    }

    /// <summary>Reads records for ever, as structures. They are taken out one by one, so none is lost when the reading ends.</summary>
    /// <typeparam name="T">The structure that the program writes.</typeparam>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The records with the CPUs they come from.</returns>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    /// <exception cref="BpfException">EINVAL: a record is of another length than the structure; it counts as read.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public IAsyncEnumerable<(int Cpu, T Record)> ReadAllAsync<T>(CancellationToken cancellationToken = default)
        where T : unmanaged => _reader.ReadAllAsync<StructTaker<T>, (int, T)>(new StructTaker<T>(_subject), cancellationToken);

    /// <summary>Reads records for ever, as bytes with the kernel's padding. They are taken out one by one, so none is lost when the reading ends.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The records with the CPUs they come from.</returns>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public IAsyncEnumerable<(int Cpu, byte[] Record)> ReadAllAsync(CancellationToken cancellationToken = default) =>
        _reader.ReadAllAsync<BytesTaker, (int, byte[])>(default, cancellationToken);

    /// <summary>
    /// Ends the present wait of another thread, or the next one: Poll hands over what is there, below the wake-up count too,
    /// and returns, also with nothing; an asynchronous reader looks for records at once.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public void Flush() => _reader.Flush();

    /// <summary>Closes the rings after the record in hand, which takes them out of the map too, and ends waits with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _reader.Dispose();

    private static PerfRings Claim(BpfMap map)
    {
        var claim = new BufferClaim(map);
        try
        {
            return new PerfRings(BpfMap.FromDescriptor(map.Kernel, map.Handle.Duplicate().Release(), map.Name), claim);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    private void Open(BpfMap map, int cpu, int pages, int wakeupRecords)
    {
        IBpfKernel kernel = map.Kernel;
        PerfEventAttr attr = default;
        attr.Type = TypeSoftware;
        attr.Size = PerfEventAttr.ByteSize;
        attr.Config = BpfOutput;
        attr.SampleType = SampleRaw;
        attr.SamplePeriod = 1;
        attr.WakeupEvents = (uint)wakeupRecords;
        int fd = kernel.OpenPerfEvent(ref Unsafe.As<PerfEventAttr, byte>(ref attr), -1, cpu, -1, 0);
        if (fd == -(int)BpfErrno.ENODEV)
            return; // possible, but not online
        KernelErrors.Check(fd, kernel, $"opening the perf event of CPU {cpu}", _subject, fd is -(int)BpfErrno.EACCES or -(int)BpfErrno.EPERM ? "Perf events of a whole CPU need CAP_PERFMON (or root)." : null);
        var handle = new KernelHandle(kernel, fd, $"perf event of CPU {cpu} for {_subject}");
        int pageSize = kernel.Facts.PageSize;
        PerfRing ring;
        try
        {
            var memory = new BufferMemory(
                kernel,
                fd,
                (nuint)pageSize * (nuint)(pages + 1L),
                MemoryProtection.Read | MemoryProtection.Write,
                0,
                $"mapping the ring of CPU {cpu}",
                _subject,
                "Fewer pages per CPU, or a higher kernel.perf_event_mlock_kb.");
            ring = new PerfRing(handle, cpu, memory, pageSize, pages, _subject);
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        _rings.Add(ring);
        KernelErrors.Check(kernel.ControlPerfEvent(fd, IocEnable, 0), kernel, $"enabling the perf event of CPU {cpu}", _subject);
    }
}
