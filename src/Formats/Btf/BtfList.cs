namespace LibbpfSharp.Formats.Btf;

/// <summary>The entries of one BTF type (members, enumerators, parameters, variables), read on demand; nothing is allocated.</summary>
/// <typeparam name="T">The entry type.</typeparam>
public readonly struct BtfList<T>
    where T : struct, IBtfEntry<T>
{
    private readonly BtfType _type;

    internal BtfList(BtfType type, int count)
    {
        _type = type;
        Count = count;
    }

    /// <summary>Number of entries.</summary>
    public int Count { get; }

    /// <summary>Reads the entry at <paramref name="index"/>.</summary>
    /// <param name="index">Index from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is not below <see cref="Count"/>.</exception>
    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return T.Read(_type, index);
        }
    }

    /// <summary>Enumerates the entries in order.</summary>
    /// <returns>The enumerator.</returns>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Enumerates a <see cref="BtfList{T}"/>.</summary>
    public struct Enumerator
    {
        private readonly BtfList<T> _list;
        private int _index;

        internal Enumerator(BtfList<T> list)
        {
            _list = list;
            _index = -1;
        }

        /// <summary>The entry at the enumerator's position.</summary>
        public readonly T Current => T.Read(_list._type, _index);

        /// <summary>Goes to the next entry.</summary>
        /// <returns>False after the last one.</returns>
        public bool MoveNext() => ++_index < _list.Count;
    }
}
