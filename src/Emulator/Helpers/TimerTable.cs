namespace LibbpfSharp.Emulator;

/// <summary>The timers of a kernel. They fire when the test says so, in the order in which they are due.</summary>
internal sealed unsafe class TimerTable(EmulatedKernel kernel)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, Timer> _timers = [];
    private ulong _last;
    private Timer? _running;

    /// <summary>A new timer of a map's value.</summary>
    /// <returns>Its number, never 0.</returns>
    public ulong Add(EmulatedMap map, byte* value)
    {
        lock (_lock)
        {
            _timers[++_last] = new Timer { Map = map, Value = value };
            return _last;
        }
    }

    public int SetCallback(ulong number, EmulatedProgram program, int function)
    {
        lock (_lock)
        {
            if (!_timers.TryGetValue(number, out Timer? timer))
                return -Errno.EINVAL;
            if (!ReferenceEquals(timer.Program, program))
            {
                program.Acquire();
                timer.Program?.Release();
            }

            timer.Program = program;
            timer.Function = function;
            return 0;
        }
    }

    public int Start(ulong number, ulong due, int cpu)
    {
        lock (_lock)
        {
            if (!_timers.TryGetValue(number, out Timer? timer) || timer.Program is null)
                return -Errno.EINVAL;
            timer.Due = due;
            timer.Cpu = cpu;
            timer.IsActive = true;
            return 0;
        }
    }

    /// <returns>1 if it was active, 0 if not, or -errno.</returns>
    public int Cancel(ulong number)
    {
        lock (_lock)
        {
            if (!_timers.TryGetValue(number, out Timer? timer))
                return -Errno.EINVAL;
            if (ReferenceEquals(timer, _running))
                return -(int)BpfErrno.EDEADLK;
            int active = timer.IsActive ? 1 : 0;
            timer.IsActive = false;
            timer.Program?.Release();
            timer.Program = null;
            return active;
        }
    }

    /// <summary>The value goes away.</summary>
    public void Remove(ulong number)
    {
        lock (_lock)
        {
            if (_timers.Remove(number, out Timer? timer))
                timer.Program?.Release();
        }
    }

    /// <summary>
    /// Fires what is due, each once per deadline, also timers that callbacks start meanwhile. Time may stand still: a timer that
    /// starts itself again for the same moment waits for the next call, and so does all beyond a number that nothing real reaches.
    /// </summary>
    /// <returns>Callbacks run.</returns>
    public int Fire(ulong now)
    {
        const int MaximumCallbacks = 100_000;
        int fired = 0;
        HashSet<(Timer, ulong)> done = [];
        while (fired < MaximumCallbacks && TakeDue(now, done) is { } timer)
        {
            done.Add((timer, timer.Due));
            fired++;
            kernel.Runner.RunCallback(timer.Program!, timer.Function, timer.Cpu, timer.Map, timer.Value);
            lock (_lock)
                _running = null;
        }

        return fired;
    }

    /// <summary>Copies the key of a value, as the callback gets it.</summary>
    public static void FindKey(EmulatedMap map, byte* value, byte* key)
    {
        MapElementCursor cursor = default;
        while (map.NextElement(&cursor, 0, out byte* candidate, out byte* found))
        {
            if (found != value)
                continue;
            Buffer.MemoryCopy(candidate, key, map.KeySize, map.KeySize);
            return;
        }
    }

    private Timer? TakeDue(ulong now, HashSet<(Timer, ulong)> done)
    {
        lock (_lock)
        {
            Timer? due = null;
            foreach (Timer timer in _timers.Values)
            {
                if (timer.IsActive && timer.Due <= now && !done.Contains((timer, timer.Due)) && (due is null || timer.Due < due.Due))
                    due = timer;
            }

            if (due is not null)
                due.IsActive = false;
            _running = due;
            return due;
        }
    }

    private sealed class Timer
    {
        public required EmulatedMap Map { get; init; }

        public byte* Value { get; init; }

        public EmulatedProgram? Program { get; set; }

        public int Function { get; set; }

        public ulong Due { get; set; }

        public int Cpu { get; set; }

        public bool IsActive { get; set; }
    }
}
