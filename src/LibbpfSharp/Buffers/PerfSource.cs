using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary><see cref="PerfRings"/> as a structure, which the reading loops are compiled for.</summary>
internal readonly struct PerfSource(PerfRings rings) : IBufferSource
{
    public IBpfKernel Kernel => rings.Kernel;

    public string Subject => rings.Subject;

    public void Read<TVisitor>(ref TVisitor visitor, ref ReadingProgress progress)
        where TVisitor : struct, IRecordVisitor => rings.Read(ref visitor, ref progress);

    public void Commit() => rings.Commit();

    public void AddTo(BufferWaiter waiter, uint token) => rings.AddTo(waiter, token);

    public void RemoveFrom(BufferWaiter waiter) => rings.RemoveFrom(waiter);

    public void Release() => rings.Release();
}
