using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Maps;

/// <summary>The values of one key, one for each possible CPU, in ascending order of CPU number. A view of somebody's buffer.</summary>
/// <typeparam name="TValue">The value of one CPU.</typeparam>
public readonly ref struct PerCpuValues<TValue>
    where TValue : unmanaged
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly PerCpuLayout? _layout;

    internal PerCpuValues(ReadOnlySpan<byte> bytes, PerCpuLayout layout)
    {
        _bytes = bytes[..layout.ElementSize];
        _layout = layout;
    }

    /// <summary>Number of possible CPUs.</summary>
    public int Count => _layout?.CpuCount ?? 0;

    /// <summary>Numbers of the CPUs; value i belongs to <c>Cpus[i]</c>. Possible CPUs may have gaps.</summary>
    public IReadOnlyList<int> Cpus => _layout?.Cpus ?? [];

    /// <summary>A value by its place, 0 to Count - 1, which is the CPU's number where possible CPUs have no gaps.</summary>
    /// <param name="slot">The place.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such place.</exception>
    public TValue this[int slot]
    {
        get
        {
            if ((uint)slot >= (uint)Count)
                PerCpuErrors.ThrowSlot(slot, Count);
            return Unsafe.ReadUnaligned<TValue>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), _layout!.Offset(slot)));
        }
    }

    /// <summary>The value of a CPU, by its number.</summary>
    /// <param name="cpu">Number of a possible CPU.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such possible CPU.</exception>
    public TValue OfCpu(int cpu) => this[_layout?.SlotOf(cpu) ?? -1];

    /// <summary>Combines the values.</summary>
    /// <typeparam name="TResult">The result.</typeparam>
    /// <param name="seed">Where to begin.</param>
    /// <param name="combine">Adds a value to the result so far.</param>
    public TResult Aggregate<TResult>(TResult seed, Func<TResult, TValue, TResult> combine)
    {
        ArgumentNullException.ThrowIfNull(combine);
        foreach (TValue value in this)
            seed = combine(seed, value);
        return seed;
    }

    /// <summary>Copies the values, without the gaps between them.</summary>
    /// <param name="destination">At least <see cref="Count"/> values.</param>
    /// <exception cref="ArgumentException">Too short.</exception>
    public void CopyTo(Span<TValue> destination)
    {
        if (destination.Length < Count)
            throw PerCpuErrors.Length(destination.Length, Count);
        for (int slot = 0; slot < Count; slot++)
            destination[slot] = this[slot];
    }

    /// <summary>Walks the values in order of CPU number.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks per-CPU values.</summary>
    public ref struct Enumerator
    {
        private readonly PerCpuValues<TValue> _values;
        private int _slot;

        internal Enumerator(PerCpuValues<TValue> values)
        {
            _values = values;
            _slot = -1;
        }

        /// <summary>The value.</summary>
        public readonly TValue Current => _values[_slot];

        /// <summary>Goes to the next CPU.</summary>
        /// <returns>False at the end.</returns>
        public bool MoveNext() => ++_slot < _values.Count;
    }
}
