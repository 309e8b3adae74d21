using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>The records of a perf buffer: those of all CPUs, beginning with another one when a bound cuts the reading off.</summary>
/// <remarks>Owns a descriptor of the map: the events leave the map with the descriptor that they came through.</remarks>
internal sealed unsafe class PerfRings(BpfMap map, BufferClaim claim)
{
    private readonly List<PerfRing> _rings = [];
    private int _first;

    public IBpfKernel Kernel => map.Kernel;

    public string Subject { get; } = map.Subject;

    public int Count => _rings.Count;

    public ulong Lost
    {
        get
        {
            ulong lost = 0;
            foreach (PerfRing ring in _rings)
                lost += ring.Lost;
            return lost;
        }
    }

    /// <summary>Adds a CPU's ring and puts it into the map; only while the buffer is being opened.</summary>
    public void Add(PerfRing ring)
    {
        _rings.Add(ring);
        map.UpdateElem(BitConverter.GetBytes(ring.Cpu), BitConverter.GetBytes(ring.EventDescriptor));
    }

    public void Read<TVisitor>(ref TVisitor visitor, ref ReadingProgress progress)
        where TVisitor : struct, IRecordVisitor
    {
        int rings = _rings.Count;
        int first = _first;
        for (int i = 0; i < rings; i++)
        {
            int index = first + i < rings ? first + i : first + i - rings;
            bool isDrained = _rings[index].Read(ref visitor, ref progress);
            if (isDrained && !progress.IsOver)
                continue;
            _first = index + 1 < rings ? index + 1 : 0;
            return;
        }
    }

    public void Commit()
    {
        foreach (PerfRing ring in _rings)
            ring.Commit();
    }

    public void AddTo(BufferWaiter waiter, uint token)
    {
        foreach (PerfRing ring in _rings)
            waiter.Add(ring.EventDescriptor, token);
    }

    public void RemoveFrom(BufferWaiter waiter)
    {
        foreach (PerfRing ring in _rings)
            waiter.Remove(ring.EventDescriptor);
    }

    public void Release()
    {
        foreach (PerfRing ring in _rings)
        {
            // The map holds the event itself: closing this descriptor of it would leave it there.
            int cpu = ring.Cpu;
            map.Call(BpfCommand.MapDeleteElem, &cpu, null, 0);
            ring.Dispose();
        }

        map.Dispose();
        claim.Dispose();
    }
}
