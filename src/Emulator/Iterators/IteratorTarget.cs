namespace LibbpfSharp.Emulator;

/// <summary>What an iterator walks over. Things may come and go while it does.</summary>
internal abstract class IteratorTarget(EmulatedKernel kernel)
{
    protected EmulatedKernel Kernel { get; } = kernel;

    /// <summary>A program's result of 1 ends the walk after this item, instead of asking for the item again.</summary>
    public virtual bool EndsOnRequest => false;

    /// <summary>The first item at a position or behind it; null at the end. The caller disposes of it.</summary>
    public abstract IteratorItem? Find(ulong position);

    /// <summary>Fills the context of the last run, which has no item: all words behind meta are zero.</summary>
    public virtual unsafe void FillEnd(RunContext run, ulong* words)
    {
        _ = run;
        _ = words;
    }

    /// <summary>The target of an attached iterator.</summary>
    public static IteratorTarget Create(EmulatedKernel kernel, AttachPoint point) => point.Name switch
    {
        "task" => new TaskIterator(kernel, point.Iterator),
        "bpf_map" => new MapIterator(kernel),
        "bpf_map_elem" => new ElementIterator(kernel, (EmulatedMap)point.Object!),
        "bpf_prog" => new ProgramIterator(kernel),
        "bpf_link" => new LinkIterator(kernel),
        "cgroup" => new CgroupIterator(kernel, point.Object as EmulatedCgroup, point.Iterator.Order),
        _ => new Nothing(kernel),
    };

    /// <summary>Targets of which the emulated machine has none: open files, mappings, connections, symbols.</summary>
    private sealed class Nothing(EmulatedKernel kernel) : IteratorTarget(kernel)
    {
        public override IteratorItem? Find(ulong position) => null;
    }
}
