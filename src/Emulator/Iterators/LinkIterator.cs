namespace LibbpfSharp.Emulator;

/// <summary>iter/bpf_link: all links by id.</summary>
internal sealed class LinkIterator(EmulatedKernel kernel) : IteratorTarget(kernel)
{
    public override IteratorItem? Find(ulong position)
    {
        for (uint id = position == 0 ? 0 : (uint)position - 1; Kernel.Programs.Links.TryGetNext(id, out id);)
        {
            if (!Kernel.Programs.Links.TryAcquire(id, out EmulatedLink? link))
                continue;
            var item = new IteratorItem.OfObject(StandInObject.OfLink(link)) { Position = id };
            link.Release();
            return item;
        }

        return null;
    }
}
