using System.Diagnostics;

namespace LibbpfSharp.Emulator;

/// <summary>
/// The time that programs see. Real by default. A virtual clock stands still but for a step at every reading, so that a run
/// is the same each time and a program that waits gets on.
/// </summary>
public sealed class EmulatedClock
{
    private readonly long _bootTimestamp = Stopwatch.GetTimestamp();
    private long _virtualNow;
    private long _step;
    private bool _isVirtual;

    /// <summary>True for virtual time.</summary>
    public bool IsVirtual => _isVirtual;

    /// <summary>Nanoseconds since the emulated boot, without moving a virtual clock.</summary>
    public ulong Now => _isVirtual ? (ulong)Volatile.Read(ref _virtualNow) : (ulong)(Stopwatch.GetElapsedTime(_bootTimestamp).Ticks * 100) + 1_000_000_000;

    /// <summary>Wall clock time at the emulated boot.</summary>
    public DateTimeOffset BootTime { get; private set; } = DateTimeOffset.UtcNow;

    /// <summary>Goes over to virtual time.</summary>
    /// <param name="start">Nanoseconds since boot to begin with.</param>
    /// <param name="step">Nanoseconds by which each reading moves the clock on.</param>
    public void UseVirtualTime(ulong start = 1_000_000_000, ulong step = 1000)
    {
        _virtualNow = (long)start;
        _step = (long)step;
        _isVirtual = true;
        BootTime = DateTimeOffset.UnixEpoch.AddYears(56);
    }

    /// <summary>Moves a virtual clock on.</summary>
    /// <param name="time">By how much.</param>
    /// <exception cref="InvalidOperationException">Time is real.</exception>
    public void Advance(TimeSpan time)
    {
        if (!_isVirtual)
            throw new InvalidOperationException($"Real time cannot be advanced; call {nameof(UseVirtualTime)} first.");
        Interlocked.Add(ref _virtualNow, time.Ticks * 100);
    }

    /// <summary>A program reads the clock.</summary>
    internal ulong Read() => _isVirtual ? (ulong)(Interlocked.Add(ref _virtualNow, _step) - _step) : Now;
}
