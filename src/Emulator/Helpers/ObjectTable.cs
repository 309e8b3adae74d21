namespace LibbpfSharp.Emulator;

/// <summary>Objects that map values own. A value holds an object's number, which means something in every run.</summary>
internal sealed class ObjectTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, GuestObject> _objects = [];
    private ulong _last;

    public ulong Add(GuestObject item)
    {
        lock (_lock)
        {
            _objects.Add(++_last, item);
            return _last;
        }
    }

    public GuestObject? Find(ulong number)
    {
        lock (_lock)
            return _objects.GetValueOrDefault(number);
    }

    /// <summary>Takes an object out.</summary>
    public GuestObject? Take(ulong number)
    {
        lock (_lock)
            return _objects.Remove(number, out GuestObject? item) ? item : null;
    }
}
