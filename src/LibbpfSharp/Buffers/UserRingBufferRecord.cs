namespace LibbpfSharp;

/// <summary>Space for one record of a <see cref="UserRingBuffer"/>. Submit hands it to the program; Dispose without Submit discards it.</summary>
public ref struct UserRingBufferRecord : IDisposable
{
    private readonly ulong _position;
    private readonly int _size;
    private UserRingBuffer? _owner;

    internal UserRingBufferRecord(UserRingBuffer owner, ulong position, int size)
    {
        _owner = owner;
        _position = position;
        _size = size;
    }

    /// <summary>The record's bytes, which hold what was there before until they are written. They must not be touched after Submit or Dispose.</summary>
    /// <exception cref="InvalidOperationException">The record was submitted or discarded.</exception>
    public readonly Span<byte> Data => _owner is null ? throw UserRingBuffer.Done() : _owner.Data(_position, _size);

    /// <summary>Hands the record to the program.</summary>
    /// <exception cref="InvalidOperationException">The record was submitted or discarded.</exception>
    public void Submit()
    {
        UserRingBuffer owner = _owner ?? throw UserRingBuffer.Done();
        _owner = null;
        if (!owner.Finish(_position, _size, discard: false))
            throw UserRingBuffer.Done();
    }

    /// <summary>Discards the record if it was not submitted.</summary>
    public void Dispose()
    {
        UserRingBuffer? owner = _owner;
        _owner = null;
        owner?.Finish(_position, _size, discard: true);
    }
}
