using System.Threading.Tasks.Sources;

namespace LibbpfSharp;

/// <summary>
/// Waits for a buffer on a thread of its own, for one asynchronous reader: a wait of the kernel occupies a thread, and
/// readers must not starve the pool. One wait at a time; it allocates nothing.
/// </summary>
internal sealed class BufferPump(BufferWaiter waiter) : IValueTaskSource, IAsyncDisposable
{
    private readonly SemaphoreSlim _requests = new(0);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ManualResetValueTaskSourceCore<bool> _wait = new() { RunContinuationsAsynchronously = true };
    private bool _isRunning;
    private volatile bool _isStopped;

    /// <summary>Completes when there may be records: one was written, or it is time to look for those without a wake-up.</summary>
    public ValueTask WaitAsync()
    {
        _wait.Reset();
        if (!_isRunning)
        {
            _isRunning = true;
            new Thread(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "LibbpfSharp reader" }.UnsafeStart();
        }

        _requests.Release();
        return new ValueTask(this, _wait.Version);
    }

    /// <summary>Ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isRunning)
        {
            _isStopped = true;
            _requests.Release();
            waiter.Wake();
            await _ended.Task.ConfigureAwait(false);
        }

        _requests.Dispose();
    }

    void IValueTaskSource.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private void Run()
    {
        while (true)
        {
            _requests.Wait();
            if (_isStopped)
                break;
            try
            {
                waiter.Wait(BufferWaiter.LongestSleep);
            }
            catch (Exception e)
            {
                _wait.SetException(e);
                continue;
            }

            _wait.SetResult(true);
        }

        _ended.SetResult();
    }
}
