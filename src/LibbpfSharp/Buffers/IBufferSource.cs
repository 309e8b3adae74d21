using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Where a <see cref="BufferReader{TSource}"/> takes records from. Its caller holds a lock.</summary>
internal interface IBufferSource
{
    /// <summary>The kernel of the buffer.</summary>
    IBpfKernel Kernel { get; }

    /// <summary>The map in messages: "map 'events'".</summary>
    string Subject { get; }

    /// <summary>Hands finished records over; see <see cref="RingMapping.Read"/>.</summary>
    void Read<TVisitor>(ref TVisitor visitor, ref ReadingProgress progress)
        where TVisitor : struct, IRecordVisitor;

    /// <summary>Gives the space of what was read back.</summary>
    void Commit();

    /// <summary>Has a waiter wait for records.</summary>
    void AddTo(BufferWaiter waiter, uint token);

    /// <summary>Takes that back.</summary>
    void RemoveFrom(BufferWaiter waiter);

    /// <summary>Unmaps and closes.</summary>
    void Release();
}
