using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using LibbpfSharp.Formats.CoRe;

namespace LibbpfSharp.Formats.Btf;

/// <content>Types by name.</content>
public sealed partial class BtfData
{
    // A scan of the kernel's BTF costs about a millisecond and no memory, the hash some ten times that and a megabyte:
    // worth it for who asks often (CO-RE, the skeleton generator), not for who opens BTF to find three types.
    private const int ScansBeforeHash = 8;

    private int _scans;
    private NameHash? _nameHash;

    /// <summary>Finds a type by name and kind, the lowest id first (base before split).</summary>
    /// <param name="name">The name.</param>
    /// <param name="kind">The kind; <see cref="BtfKind.Void"/> for any kind.</param>
    /// <param name="id">The id, or 0.</param>
    /// <returns>Whether there is such a type.</returns>
    public bool TryFindByName(ReadOnlySpan<char> name, BtfKind kind, out uint id)
    {
        Span<byte> buffer = name.Length <= 128 ? stackalloc byte[384] : new byte[Encoding.UTF8.GetMaxByteCount(name.Length)];
        return TryFindByName(buffer[..Encoding.UTF8.GetBytes(name, buffer)], kind, out id);
    }

    /// <summary>Finds a type by name and kind, the lowest id first (base before split).</summary>
    /// <param name="name">The name as bytes of the string section.</param>
    /// <param name="kind">The kind; <see cref="BtfKind.Void"/> for any kind.</param>
    /// <param name="id">The id, or 0.</param>
    /// <returns>Whether there is such a type.</returns>
    public bool TryFindByName(ReadOnlySpan<byte> name, BtfKind kind, out uint id) =>
        (Base is not null && Base.TryFindByName(name, kind, out id)) || TryFindOwnByName(name, kind, out id);

    /// <summary>Finds a type by name and kind among the types stored here, leaving out the base's.</summary>
    /// <param name="name">The name as bytes of the string section.</param>
    /// <param name="kind">The kind; <see cref="BtfKind.Void"/> for any kind.</param>
    /// <param name="id">The id, or 0.</param>
    /// <returns>Whether there is such a type.</returns>
    public bool TryFindOwnByName(ReadOnlySpan<byte> name, BtfKind kind, out uint id)
    {
        id = name.IsEmpty ? 0 : FindFrom(name, kind, FirstId);
        return id != 0;
    }

    /// <summary>All types of a name, by ascending id (base before split).</summary>
    /// <param name="name">The name.</param>
    /// <param name="kind">The kind; <see cref="BtfKind.Void"/> for all kinds.</param>
    /// <returns>Their ids; empty if there is none.</returns>
    public IReadOnlyList<uint> FindAllByName(ReadOnlySpan<char> name, BtfKind kind = BtfKind.Void)
    {
        List<uint> ids = [];
        byte[] bytes = Encoding.UTF8.GetBytes(name.ToArray());
        if (bytes.Length > 0)
            AddAll(bytes, kind, ids);
        return ids;
    }

    private void AddAll(ReadOnlySpan<byte> name, BtfKind kind, List<uint> ids)
    {
        Base?.AddAll(name, kind, ids);
        for (uint id = FindFrom(name, kind, FirstId); id != 0; id = FindFrom(name, kind, id + 1))
            ids.Add(id);
    }

    private uint FindFrom(ReadOnlySpan<byte> name, BtfKind kind, uint from)
    {
        NameHash? hash = Volatile.Read(ref _nameHash);
        if (hash is null && (_ownCount < 64 || Interlocked.Increment(ref _scans) <= ScansBeforeHash))
            return Scan(name, kind, from);
        return GetNameHash().Find(this, name, kind, from);
    }

    private NameHash GetNameHash()
    {
        NameHash? hash = Volatile.Read(ref _nameHash);
        if (hash is null)
            Volatile.Write(ref _nameHash, hash = NameHash.Build(this));
        return hash;
    }

    /// <summary>Adds the types whose name is the given one, or is it with a flavour (<c>___suffix</c>), by ascending id.</summary>
    internal void FindByEssentialName(ReadOnlySpan<byte> essential, List<uint> ids)
    {
        Base?.FindByEssentialName(essential, ids);
        NameHash hash = GetNameHash();
        int start = ids.Count;
        for (uint id = hash.Find(this, essential, BtfKind.Void, FirstId); id != 0; id = hash.Find(this, essential, BtfKind.Void, id + 1))
            ids.Add(id);
        int plain = ids.Count;
        foreach (uint id in hash.Flavoured)
        {
            ReadOnlySpan<byte> name = this[id].NameBytes;
            if (name.StartsWith(essential) && CoreNames.Essential(name).Length == essential.Length)
                ids.Add(id);
        }

        if (ids.Count != plain)
            ids.Sort(start, ids.Count - start, null);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private uint Scan(ReadOnlySpan<byte> name, BtfKind kind, uint from)
    {
        ReadOnlySpan<byte> types = _types.Span;
        ReadOnlySpan<byte> strings = _strings.Span;
        ReadOnlySpan<int> offsets = _offsets.AsSpan(0, _ownCount);
        uint stringBase = FirstStringOffset;
        for (int i = (int)(from - FirstId); i < offsets.Length; i++)
        {
            ReadOnlySpan<byte> record = types.Slice(offsets[i], 8);
            if (kind != BtfKind.Void && (record[7] & 0x1f) != (int)kind)
                continue;
            uint nameOffset = BinaryPrimitives.ReadUInt32LittleEndian(record);
            if (nameOffset < stringBase)
            {
                // A split type with a name of the base.
                if (nameOffset != 0 && GetStringBytes(nameOffset).SequenceEqual(name))
                    return FirstId + (uint)i;
                continue;
            }

            uint at = nameOffset - stringBase;
            if (at + (ulong)(uint)name.Length < (uint)strings.Length && strings[(int)at] == name[0]
                && strings[(int)at + name.Length] == 0 && strings.Slice((int)at, name.Length).SequenceEqual(name))
                return FirstId + (uint)i;
        }

        return 0;
    }

    /// <summary>Ids by the hash of their name: chains in ascending order of id through one array of ints.</summary>
    private sealed class NameHash(int[] heads, int[] next, List<uint> flavoured)
    {
        /// <summary>Ids of the types whose name has a flavour, ascending.</summary>
        public List<uint> Flavoured { get; } = flavoured;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static NameHash Build(BtfData btf)
        {
            int[] heads = new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(btf._ownCount, 16))];
            int[] next = new int[btf._ownCount];
            List<uint> flavoured = [];
            ReadOnlySpan<byte> types = btf._types.Span;
            for (int i = btf._ownCount - 1; i >= 0; i--) // backwards: a chain then begins with its lowest id
            {
                uint nameOffset = BinaryPrimitives.ReadUInt32LittleEndian(types[btf._offsets[i]..]);
                if (nameOffset == 0 || !btf.IsValidString(nameOffset))
                    continue;
                ReadOnlySpan<byte> name = btf.GetStringBytes(nameOffset);
                if (name.IndexOf("___"u8) > 0 && CoreNames.Essential(name).Length != name.Length)
                    flavoured.Add(btf.FirstId + (uint)i);
                uint slot = Hash(name) & (uint)(heads.Length - 1);
                next[i] = heads[slot];
                heads[slot] = i + 1;
            }

            flavoured.Reverse();
            return new(heads, next, flavoured);
        }

        public uint Find(BtfData btf, ReadOnlySpan<byte> name, BtfKind kind, uint from)
        {
            int first = (int)(from - btf.FirstId);
            for (int i = heads[Hash(name) & (uint)(heads.Length - 1)]; i != 0; i = next[i - 1])
            {
                if (i - 1 < first)
                    continue;
                int offset = btf._offsets[i - 1];
                if (kind != BtfKind.Void && ((btf.ReadTypeWord(offset + 4) >> 24) & 0x1f) != (uint)kind)
                    continue;
                if (btf.GetStringBytes(btf.ReadTypeWord(offset)).SequenceEqual(name))
                    return btf.FirstId + (uint)(i - 1);
            }

            return 0;
        }

        private static uint Hash(ReadOnlySpan<byte> name)
        {
            uint hash = 2166136261; // FNV-1a
            foreach (byte b in name)
                hash = (hash ^ b) * 16777619;
            return hash ^ (hash >> 15);
        }
    }
}
