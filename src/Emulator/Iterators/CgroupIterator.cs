namespace LibbpfSharp.Emulator;

/// <summary>iter/cgroup: cgroups below one, or above it. Without one: all that a test made.</summary>
internal sealed class CgroupIterator : IteratorTarget
{
    private const uint SelfOnly = 1, DescendantsPre = 2, AncestorsUp = 4;

    private readonly List<EmulatedCgroup> _walk = [];

    public CgroupIterator(EmulatedKernel kernel, EmulatedCgroup? start, uint order)
        : base(kernel)
    {
        EmulatedCgroup[] all = [.. kernel.StandIns.All.OfType<EmulatedCgroup>().OrderBy(c => c.Id)];
        if (start is null)
        {
            foreach (EmulatedCgroup top in all.Where(c => c.Parent is null))
                Add(top, order, all);
        }
        else
        {
            Add(start, order, all);
        }
    }

    public override bool EndsOnRequest => true;

    /// <summary>Whether an order is one of BPF_CGROUP_ITER_*.</summary>
    public static bool IsOrder(uint order) => order is >= SelfOnly and <= AncestorsUp;

    public override IteratorItem? Find(ulong position) => position < (ulong)_walk.Count
        ? new IteratorItem.OfObject(StandInObject.OfCgroup(Kernel, _walk[(int)position])) { Position = position }
        : null;

    private void Add(EmulatedCgroup cgroup, uint order, EmulatedCgroup[] all)
    {
        switch (order)
        {
            case SelfOnly:
                _walk.Add(cgroup);
                break;
            case AncestorsUp:
                for (EmulatedCgroup? at = cgroup; at is not null; at = at.Parent)
                    _walk.Add(at);
                break;
            default:
                if (order == DescendantsPre)
                    _walk.Add(cgroup);
                foreach (EmulatedCgroup child in all.Where(c => ReferenceEquals(c.Parent, cgroup)))
                    Add(child, order, all);
                if (order != DescendantsPre)
                    _walk.Add(cgroup);
                break;
        }
    }
}
