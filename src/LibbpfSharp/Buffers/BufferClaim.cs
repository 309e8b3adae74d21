using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>
/// The right to read (or write) the ring of a map, of which this process has one. A ring's position is its reader's: two
/// would each give back records that the other has not read. What other processes do cannot be seen from here.
/// </summary>
internal sealed class BufferClaim : IDisposable
{
    private static readonly Lock s_lock = new();
    private static readonly ConditionalWeakTable<IBpfKernel, HashSet<uint>> s_claimed = [];

    private readonly IBpfKernel _kernel;
    private readonly uint _id;
    private int _isGiven;

    /// <summary>Claims a map.</summary>
    /// <exception cref="InvalidOperationException">It is claimed.</exception>
    public BufferClaim(BpfMap map)
    {
        _kernel = map.Kernel;
        _id = map.Id;
        lock (s_lock)
        {
            if (s_claimed.GetValue(_kernel, static _ => []).Add(_id))
                return;
        }

        GC.SuppressFinalize(this);
        throw new InvalidOperationException($"{map.Subject} is open as a buffer in this process already, and can be only once. Share that one, or dispose of it first.");
    }

    ~BufferClaim() => Give();

    public void Dispose()
    {
        Give();
        GC.SuppressFinalize(this);
    }

    private void Give()
    {
        if (Interlocked.Exchange(ref _isGiven, 1) != 0)
            return;
        lock (s_lock)
        {
            if (s_claimed.TryGetValue(_kernel, out HashSet<uint>? claimed))
                claimed.Remove(_id);
        }
    }
}
