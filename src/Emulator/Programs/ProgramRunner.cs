using System.Diagnostics;

namespace LibbpfSharp.Emulator;

/// <summary>Runs programs: pools run contexts, turns faults into results, counts.</summary>
internal sealed unsafe class ProgramRunner(EmulatedKernel kernel) : IDisposable
{
    private readonly RunContext?[] _pool = new RunContext?[16];
    private int _statistics;

    /// <summary>Runs are timed and counted (BPF_ENABLE_STATS).</summary>
    public bool CountsRuns => Volatile.Read(ref _statistics) > 0;

    public void EnableStatistics() => Interlocked.Increment(ref _statistics);

    public void DisableStatistics() => Interlocked.Decrement(ref _statistics);

    /// <summary>Runs a program once on a CPU. The caller is inside the gate.</summary>
    /// <param name="program">The program.</param>
    /// <param name="context">Native bytes of a plain context.</param>
    /// <param name="contextLength">Their number.</param>
    /// <param name="state">What stands behind a converted context.</param>
    /// <param name="cpuSlot">Slot of the CPU.</param>
    /// <param name="result">r0; 0 after a fault.</param>
    /// <param name="fault">The fault, or null.</param>
    /// <param name="prepare">Sets up the run (cookie, hook state); null for nothing.</param>
    /// <param name="finished">Looks at what the run left, after its end; null for nothing.</param>
    /// <returns>False after a fault.</returns>
    public bool TryRun(
        EmulatedProgram program,
        byte* context,
        uint contextLength,
        ContextState? state,
        int cpuSlot,
        out ulong result,
        out BpfProgramFault? fault,
        Action<RunContext>? prepare = null,
        Action<RunContext>? finished = null)
    {
        fault = null;
        result = 0;
        RunContext run = Rent();
        run.Cpu = cpuSlot;
        try
        {
            run.OverriddenReturn = null;
            prepare?.Invoke(run);
            if (CountsRuns)
            {
                long start = Stopwatch.GetTimestamp();
                result = run.Execute(program, context, contextLength, state);
                program.CountRun((long)(Stopwatch.GetElapsedTime(start).TotalMicroseconds * 1000));
            }
            else
            {
                result = run.Execute(program, context, contextLength, state);
            }

            finished?.Invoke(run);
            return true;
        }
        catch (BpfFaultException e)
        {
            fault = e.Fault!;
            kernel.ReportFault(fault);
            return false;
        }
        finally
        {
            Return(run);
        }
    }

    /// <summary>Runs a function of a program as the callback of a timer: (map, key, value).</summary>
    public void RunCallback(EmulatedProgram program, int function, int cpuSlot, EmulatedMap map, byte* value)
    {
        RunContext run = Rent();
        run.Cpu = cpuSlot;
        try
        {
            run.ExecuteCallback(program, function, map, value);
        }
        catch (BpfFaultException e)
        {
            kernel.ReportFault(e.Fault!);
        }
        finally
        {
            Return(run);
        }
    }

    /// <summary>A run context for callers that run many times.</summary>
    public RunContext Rent()
    {
        RunContext?[] pool = _pool;
        for (int i = 0; i < pool.Length; i++)
        {
            if (pool[i] is not null && Interlocked.Exchange(ref pool[i], null) is { } run)
                return run;
        }

        return new RunContext(kernel);
    }

    public void Return(RunContext run)
    {
        RunContext?[] pool = _pool;
        for (int i = 0; i < pool.Length; i++)
        {
            if (pool[i] is null && Interlocked.CompareExchange(ref pool[i], run, null) is null)
                return;
        }

        run.Dispose();
    }

    public void Dispose()
    {
        for (int i = 0; i < _pool.Length; i++)
            Interlocked.Exchange(ref _pool[i], null)?.Dispose();
    }
}
