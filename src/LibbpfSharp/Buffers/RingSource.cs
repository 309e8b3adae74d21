using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>The records of a ring buffer map.</summary>
internal readonly struct RingSource(RingMapping ring, KernelHandle map, BufferClaim claim, string subject) : IBufferSource
{
    public IBpfKernel Kernel => map.Kernel;

    public string Subject => subject;

    /// <summary>The memory.</summary>
    public RingMapping Ring => ring;

    public void Read<TVisitor>(ref TVisitor visitor, ref ReadingProgress progress)
        where TVisitor : struct, IRecordVisitor => ring.Read(ref visitor, ref progress);

    public void Commit() => ring.Commit();

    public void AddTo(BufferWaiter waiter, uint token) => waiter.Add(map.DangerousFd, token);

    public void RemoveFrom(BufferWaiter waiter) => waiter.Remove(map.DangerousFd);

    public void Release()
    {
        ring.Dispose();
        map.Dispose();
        claim.Dispose();
    }
}
