using System.Numerics;
using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// Native memory for elements of one size. An element that is given back keeps its bytes until every thread that could
/// have found it has left the gate; only then is its memory used for another element. Memory is never given back before
/// the pool is disposed of. Threads take from stripes of their own.
/// </summary>
internal sealed unsafe class ElementPool : IDisposable
{
    private const int LimboBeforeAdvance = 32;
    private const uint LargestChunk = 256 * 1024;

    private readonly EpochGate _gate;
    private readonly Stripe[] _stripes;
    private readonly Lock _chunkLock = new();
    private readonly List<NativeBlock> _chunks = [];
    private readonly uint _stride;
    private readonly uint _firstChunk;

    /// <summary>Makes a pool; no memory is taken yet.</summary>
    /// <param name="gate">Whoever uses elements is inside.</param>
    /// <param name="size">Size of an element in bytes, its head included.</param>
    /// <param name="expected">Elements expected, to choose the size of the first chunk.</param>
    public ElementPool(EpochGate gate, uint size, uint expected)
    {
        _gate = gate;
        _stride = (size + 15) & ~15u;
        _firstChunk = Math.Clamp(Math.Min(expected, 16) * _stride, _stride, Math.Max(LargestChunk, _stride));
        int stripes = expected < 256 ? 1 : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 16));
        _stripes = new Stripe[stripes];
        for (int i = 0; i < stripes; i++)
            _stripes[i] = new Stripe();
    }

    /// <summary>Takes an element; its bytes after the head are whatever they were (zero at first).</summary>
    /// <exception cref="OutOfMemoryException">There is no memory.</exception>
    public HashElement* Take()
    {
        Stripe stripe = CurrentStripe();
        SpinWord.Acquire(ref stripe.Lock);
        HashElement* element = stripe.LimboHead;
        if (element != null)
        {
            if (!_gate.HasPassed(element->Epoch) && (stripe.LimboCount < LimboBeforeAdvance || !_gate.TryAdvance() || !_gate.HasPassed(element->Epoch)))
                element = null;
            else
                stripe.RemoveHead();
        }

        if (element == null)
        {
            if (stripe.Bump == stripe.End && !TryGrow(stripe))
            {
                SpinWord.Release(ref stripe.Lock);
                throw new InsufficientMemoryException();
            }

            element = (HashElement*)stripe.Bump;
            stripe.Bump += _stride;
        }

        SpinWord.Release(ref stripe.Lock);
        return element;
    }

    /// <summary>Gives an element back that can no longer be found.</summary>
    public void Give(HashElement* element)
    {
        Stripe stripe = CurrentStripe();
        SpinWord.Acquire(ref stripe.Lock); // also the fence between taking the element out and reading the epoch
        element->Epoch = _gate.Epoch;
        element->Limbo = null;
        if (stripe.LimboTail == null)
            stripe.LimboHead = element;
        else
            stripe.LimboTail->Limbo = element;
        stripe.LimboTail = element;
        stripe.LimboCount++;
        SpinWord.Release(ref stripe.Lock);
    }

    public void Dispose()
    {
        foreach (NativeBlock chunk in _chunks)
            chunk.Dispose();
        _chunks.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Stripe CurrentStripe() => _stripes.Length == 1 ? _stripes[0] : _stripes[EpochGate.CurrentThreadNumber & (_stripes.Length - 1)];

    private bool TryGrow(Stripe stripe)
    {
        uint size = stripe.NextChunk == 0 ? _firstChunk : stripe.NextChunk;
        stripe.NextChunk = Math.Max(Math.Min(size * 2, LargestChunk), _stride);
        NativeBlock chunk;
        try
        {
            chunk = new NativeBlock(size);
        }
        catch (OutOfMemoryException)
        {
            return false;
        }

        lock (_chunkLock)
            _chunks.Add(chunk);
        stripe.Bump = chunk.Start;
        stripe.End = chunk.Start + (size / _stride * _stride);
        return true;
    }

    private sealed class Stripe
    {
        public int Lock;
        public int LimboCount;
        public HashElement* LimboHead;
        public HashElement* LimboTail;
        public byte* Bump;
        public byte* End;
        public uint NextChunk;

        public void RemoveHead()
        {
            LimboHead = LimboHead->Limbo;
            if (LimboHead == null)
                LimboTail = null;
            LimboCount--;
        }
    }
}
