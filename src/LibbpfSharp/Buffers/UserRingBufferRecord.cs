namespace LibbpfSharp;

/// <summary>Space for one record of a <see cref="UserRingBuffer"/>. Submit hands it to the program; Dispose without Submit discards it.</summary>
public unsafe ref struct UserRingBufferRecord : IDisposable
{
    private readonly byte* _header;
    private readonly int _size;
    private UserRingBuffer? _owner;

    internal UserRingBufferRecord(UserRingBuffer owner, byte* header, int size)
    {
        _owner = owner;
        _header = header;
        _size = size;
    }

    /// <summary>The record's bytes, which hold what was there before until they are written.</summary>
    /// <exception cref="InvalidOperationException">The record was submitted or discarded.</exception>
    public readonly Span<byte> Data => _owner is null ? throw Done() : new Span<byte>(_header + 8, _size);

    /// <summary>Hands the record to the program.</summary>
    /// <exception cref="InvalidOperationException">The record was submitted or discarded.</exception>
    public void Submit()
    {
        if (_owner is null)
            throw Done();
        _owner.Finish(_header, _size, discard: false);
        _owner = null;
    }

    /// <summary>Discards the record if it was not submitted.</summary>
    public void Dispose()
    {
        _owner?.Finish(_header, _size, discard: true);
        _owner = null;
    }

    private static InvalidOperationException Done() => new("The record was submitted or discarded already.");
}
