namespace LibbpfSharp.Emulator;

/// <content>Timers, signals and objects that helpers keep.</content>
public sealed unsafe partial class EmulatedKernel
{
    private readonly Lock _helperLock = new();
    private TimerTable? _timers;
    private ObjectTable? _objects;
    private GraphTable? _graphs;
    private StandInObject? _taskObject;
    private StandInObject? _registers;
    private byte[]? _registersOf;
    private (EmulatedTask Task, int Pid, int Tgid, string Comm) _taskObjectOf;

    /// <summary>A program sent a signal: number, receiving process or thread, whether it is for the thread alone.</summary>
    public event Action<int, int, bool>? SignalSent;

    /// <summary>A program sent a record into a perf event: CPU, bytes.</summary>
    public event Action<int, ReadOnlyMemory<byte>>? PerfRecord;

    internal TimerTable Timers => _timers ?? Interlocked.CompareExchange(ref _timers, new TimerTable(this), null) ?? _timers;

    internal ObjectTable Objects => _objects ?? Interlocked.CompareExchange(ref _objects, new ObjectTable(), null) ?? _objects;

    internal GraphTable Graphs => _graphs ?? Interlocked.CompareExchange(ref _graphs, new GraphTable(), null) ?? _graphs;

    /// <summary>The current task as programs see it.</summary>
    internal StandInObject CurrentTaskObject
    {
        get
        {
            EmulatedTask task = CurrentTask;
            var now = (task, task.Pid, task.Tgid, task.Comm);
            lock (_helperLock)
            {
                if (_taskObject is null || _taskObjectOf != now)
                {
                    _taskObject = StandInObject.OfTask(this, FindProcess(task), task);
                    _taskObjectOf = now;
                }

                return _taskObject;
            }
        }
    }

    /// <summary>A task's registers as programs see them.</summary>
    internal StandInObject TaskRegisters(EmulatedTask task, int size)
    {
        lock (_helperLock)
        {
            if (_registers is null || !ReferenceEquals(_registersOf, task.Registers))
            {
                _registers = StandInObject.OfRegisters(this, task.Registers, size);
                _registersOf = task.Registers;
            }

            return _registers;
        }
    }

    /// <summary>
    /// Runs the callbacks of all bpf_timers that are due by the kernel's clock, in the order of their deadlines. Timers fire
    /// here and nowhere else, so a test decides when.
    /// </summary>
    /// <returns>The number of callbacks run.</returns>
    public int RunTimers()
    {
        EpochSlot slot = Gate.Enter();
        try
        {
            return Timers.Fire(Clock.Now);
        }
        finally
        {
            Gate.Exit(slot);
        }
    }

    internal void ReportSignal(int signal, int receiver, bool isThread) => SignalSent?.Invoke(signal, receiver, isThread);

    // Into the event's buffer, if somebody mapped it; a test that only listens needs none.
    internal int OutputPerfRecord(EmulatedPerfEvent perfEvent, int cpu, byte[] record)
    {
        Action<int, ReadOnlyMemory<byte>>? listeners = PerfRecord;
        listeners?.Invoke(cpu, record);
        int error;
        fixed (byte* data = record)
            error = perfEvent.Output(data, (uint)record.Length);
        return error == -Errno.ENOENT ? (listeners is null ? -Errno.ENOSPC : 0) : error;
    }

    private EmulatedStandIn FindProcess(EmulatedTask task)
    {
        if (StandIns.TryFindProcess(task.Pid, out EmulatedProcess? process))
            return process;
        var made = new EmulatedProcess(this, task.Pid, task.Comm);
        return StandIns.TryAdd(made) || !StandIns.TryFindProcess(task.Pid, out process) ? made : process;
    }
}
