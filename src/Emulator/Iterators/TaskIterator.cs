namespace LibbpfSharp.Emulator;

/// <summary>iter/task: the process in whose place programs run, and the processes that a test made, by id.</summary>
internal sealed class TaskIterator(EmulatedKernel kernel, IteratorParameters parameters) : IteratorTarget(kernel)
{
    public override IteratorItem? Find(ulong position)
    {
        EmulatedTask current = Kernel.CurrentTask;
        ulong own = Wanted(current.Pid) && (ulong)current.Pid >= position ? (ulong)current.Pid : ulong.MaxValue;
        EmulatedProcess? next = Kernel.StandIns.All.OfType<EmulatedProcess>()
            .Where(p => (ulong)p.ProcessId >= position && p.ProcessId != current.Pid && Wanted(p.ProcessId)).MinBy(p => p.ProcessId);
        if (next is null || own < (ulong)next.ProcessId)
        {
            if (own == ulong.MaxValue)
                return null;
            StandInObject task = Kernel.CurrentTaskObject;
            task.Acquire();
            return new IteratorItem.OfObject(task) { Position = own };
        }

        return new IteratorItem.OfObject(StandInObject.OfTask(Kernel, next, next.AsTask())) { Position = (ulong)next.ProcessId };
    }

    /// <summary>All tasks, as kept by the garbage collector: for programs that hold them to the end of a run.</summary>
    public IEnumerable<StandInObject> All()
    {
        EmulatedTask current = Kernel.CurrentTask;
        IEnumerable<(int Pid, StandInObject Task)> others = Kernel.StandIns.All.OfType<EmulatedProcess>()
            .Where(p => p.ProcessId != current.Pid).Select(p => (p.ProcessId, StandInObject.OfTask(Kernel, p, p.AsTask())));
        return others.Append((current.Pid, Kernel.CurrentTaskObject)).OrderBy(t => t.Item1).Select(t => t.Item2);
    }

    private bool Wanted(int pid) => parameters.Pid == 0 || parameters.Pid == pid;
}
