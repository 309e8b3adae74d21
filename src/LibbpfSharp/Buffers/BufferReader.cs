using System.Runtime.CompilerServices;

namespace LibbpfSharp;

/// <summary>
/// What reading is for all kinds of buffers: one thread at a time, bounded, with a wait, a thread for asynchronous readers,
/// and a disposal that waits for the record in hand.
/// </summary>
internal sealed class BufferReader<TSource> : IDisposable
    where TSource : struct, IBufferSource
{
    private readonly Lock _lock = new();
    private readonly Lock _waitersLock = new();
    private readonly List<BufferWaiter> _waiters = []; // of sets
    private readonly object _owner;
    private TSource _source;
    private BufferWaiter? _waiter;
    private ReadingProgress _progress;
    private bool _isReading;
    private bool _isReleased;

    /// <param name="owner">What the user disposes of.</param>
    /// <param name="source">Where records come from; owned from now on.</param>
    public BufferReader(object owner, TSource source)
    {
        _owner = owner;
        _source = source;
    }

    /// <summary>Where records come from.</summary>
    public ref readonly TSource Source => ref _source;

    /// <summary>Whether it was disposed of.</summary>
    public bool IsDisposed => Volatile.Read(ref _progress.IsStopped);

    /// <summary>Reads something of the source under the lock.</summary>
    public TResult Inspect<TResult>(Func<TSource, TResult> question)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(IsDisposed, _owner);
            return question(_source);
        }
    }

    /// <summary>Hands records over; does not wait.</summary>
    /// <returns>How many.</returns>
    public int Consume<TVisitor>(ref TVisitor visitor, int maxRecords)
        where TVisitor : struct, IRecordVisitor
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(IsDisposed, _owner);
            if (_isReading)
                throw new InvalidOperationException($"A handler of {_source.Subject} reads the same buffer. Return from it first.");
            _isReading = true;
            _progress.Count = 0;
            _progress.MaxRecords = maxRecords;
            try
            {
                _source.Read(ref visitor, ref _progress);
            }
            finally
            {
                _isReading = false;
                _source.Commit();
                BpfMetrics.RecordsRead(_progress.Count, _source.Subject);
                if (IsDisposed)
                    Release();
            }

            return _progress.Count;
        }
    }

    /// <summary>Hands records over, waiting for the first.</summary>
    /// <returns>How many; 0 when the time is over or the wait was flushed.</returns>
    public int Poll<TVisitor>(ref TVisitor visitor, TimeSpan timeout, int maxRecords, CancellationToken cancellationToken)
        where TVisitor : struct, IRecordVisitor
    {
        BufferWaiter.Check(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        int count = Consume(ref visitor, maxRecords);
        if (count > 0 || timeout == TimeSpan.Zero)
            return count;
        var reading = new Reading<TVisitor>(this, ref visitor, maxRecords);
        return Waiter().Poll(ref reading, timeout, cancellationToken);
    }

    /// <summary>Takes records one by one, for ever, so that none is lost when the reading ends.</summary>
    public async IAsyncEnumerable<TItem> ReadAllAsync<TTaker, TItem>(TTaker taker, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TTaker : struct, IRecordTaker<TItem>
    {
        BufferWaiter waiter = Waiter();
        var pump = new BufferPump(waiter);
        await using (pump.ConfigureAwait(false))
        using (waiter.WakeWhen(cancellationToken))
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Consume(ref taker, 1) > 0)
                    yield return taker.Item;
                else
                    await pump.WaitAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends the present wait, or the next one.</summary>
    public void Flush() => Waiter().Flush();

    /// <summary>Has a waiter of several buffers wait for this one too, until either is disposed of.</summary>
    public void AddTo(BufferWaiter waiter, uint token)
    {
        lock (_waitersLock)
        {
            ObjectDisposedException.ThrowIf(IsDisposed, _owner);
            _source.AddTo(waiter, token);
            _waiters.Add(waiter);
        }
    }

    /// <summary>Takes that back.</summary>
    public void RemoveFrom(BufferWaiter waiter)
    {
        lock (_waitersLock)
        {
            if (_waiters.Remove(waiter))
                _source.RemoveFrom(waiter);
        }
    }

    /// <summary>Closes after the record in hand, and ends waits. From within a handler it closes when that returns.</summary>
    public void Dispose()
    {
        BufferWaiter? waiter;
        Volatile.Write(ref _progress.IsStopped, true);
        lock (_lock)
        {
            waiter = _waiter;
            _waiter = null;
            if (!_isReading)
                Release();
        }

        waiter?.Dispose();
    }

    private BufferWaiter Waiter()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(IsDisposed, _owner);
            if (_waiter is not null)
                return _waiter;
            var waiter = new BufferWaiter(_source.Kernel, _source.Subject);
            try
            {
                _source.AddTo(waiter, 0);
            }
            catch
            {
                waiter.Dispose();
                throw;
            }

            return _waiter = waiter;
        }
    }

    private void Release()
    {
        if (_isReleased)
            return;
        _isReleased = true;

        // A descriptor that is closed while another refers to the same map would stay in the waiters.
        lock (_waitersLock)
        {
            foreach (BufferWaiter waiter in _waiters)
                _source.RemoveFrom(waiter);
            _waiters.Clear();
        }

        _source.Release();
    }

    private readonly ref struct Reading<TVisitor>(BufferReader<TSource> reader, ref TVisitor visitor, int maxRecords) : IBufferReading
        where TVisitor : struct, IRecordVisitor
    {
        private readonly BufferReader<TSource> _reader = reader;
        private readonly ref TVisitor _visitor = ref visitor;
        private readonly int _maxRecords = maxRecords;

        public int Read() => _reader.Consume(ref _visitor, _maxRecords);
    }
}
