using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>
/// LPM_TRIE: a binary trie whose nodes have prefixes of any length. Looking up takes no lock; writers hold one lock, put
/// complete nodes in place and leave those they take out as they are.
/// </summary>
internal sealed unsafe class LpmTrieMap : EmulatedMap
{
    private const uint PrefixSize = 4;

    private readonly ElementPool _pool;
    private readonly uint _dataSize;
    private readonly uint _maxPrefix;
    private TrieNode* _root;
    private uint _count;
    private int _lock;

    public LpmTrieMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel, spec)
    {
        _dataSize = spec.KeySize - PrefixSize;
        _maxPrefix = _dataSize * 8;
        _pool = new ElementPool(kernel.Gate, TrieNode.SizeInBytes + ((spec.KeySize + 7) & ~7u) + spec.ValueSize, Math.Min(spec.MaxEntries, 1 << 16));
    }

    public override byte* LookupElement(byte* key, int cpuSlot)
    {
        uint length = *(uint*)key;
        if (length > _maxPrefix)
            return null;
        TrieNode* found = null;
        for (TrieNode* node = Read(ref _root); node != null;)
        {
            uint match = Match(node, key);
            if (match == _maxPrefix)
            {
                found = node;
                break;
            }

            if (match < node->PrefixLength)
                break;
            if (node->IsStructural == 0)
                found = node;
            node = node->Child(Bit(key, node->PrefixLength));
        }

        return found == null ? null : ValueOf(found);
    }

    public override int UpdateElement(byte* key, byte* value, ulong flags, int cpuSlot)
    {
        if (flags > FlagExist || *(uint*)key > _maxPrefix)
            return -Errno.EINVAL;
        SpinWord.Acquire(ref _lock);
        try
        {
            return Insert(key, value, flags);
        }
        catch (OutOfMemoryException)
        {
            return -Errno.ENOMEM;
        }
        finally
        {
            SpinWord.Release(ref _lock);
        }
    }

    public override int DeleteElement(byte* key)
    {
        if (*(uint*)key > _maxPrefix)
            return -Errno.EINVAL;
        SpinWord.Acquire(ref _lock);
        int result = Remove(key);
        SpinWord.Release(ref _lock);
        return result;
    }

    public override int SyscallLookup(byte* key, ulong value, ulong flags)
    {
        byte* found = LookupElement(key, 0);
        return found == null ? -Errno.ENOENT : CopyValueOut(value, found, flags);
    }

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file) => UpdateElement(key, value, flags, 0);

    public override int SyscallDelete(byte* key) => DeleteElement(key);

    public override int SyscallNextKey(byte* key, ulong next)
    {
        TrieNode* node = NextNode(key);
        return node == null ? -Errno.ENOENT : CopyOut(next, KeyOf(node), KeySize);
    }

    public override int SyscallBatch(BpfCommand command, ref bpf_attr_batch attr, KernelFile file) => command switch
    {
        BpfCommand.MapLookupBatch => MapBatch.Lookup(this, ref attr),
        BpfCommand.MapUpdateBatch => MapBatch.Update(this, ref attr, file),
        BpfCommand.MapDeleteBatch => MapBatch.Delete(this, ref attr),
        _ => -Errno.ENOTSUPP,
    };

    protected override void Destroy()
    {
        _pool.Dispose();
        base.Destroy();
    }

    private static TrieNode* Read(ref TrieNode* link)
    {
        fixed (TrieNode** address = &link)
            return (TrieNode*)Volatile.Read(ref *(nint*)address);
    }

    private static byte* KeyOf(TrieNode* node) => (byte*)node + TrieNode.SizeInBytes;

    private static int Bit(byte* key, uint index) => (key[PrefixSize + (index / 8)] >> (7 - (int)(index % 8))) & 1;

    private byte* ValueOf(TrieNode* node) => KeyOf(node) + ((KeySize + 7) & ~7u);

    // Leading bits that a node's prefix and a key's have in common.
    private uint Match(TrieNode* node, byte* key)
    {
        uint limit = Math.Min(node->PrefixLength, *(uint*)key);
        byte* left = KeyOf(node) + PrefixSize;
        byte* right = key + PrefixSize;
        uint bits = 0;
        for (uint i = 0; i < _dataSize && bits < limit; i++, bits += 8)
        {
            int difference = left[i] ^ right[i];
            if (difference != 0)
            {
                bits += (uint)System.Numerics.BitOperations.LeadingZeroCount((uint)difference) - 24;
                break;
            }
        }

        return Math.Min(bits, limit);
    }

    private TrieNode* Create(byte* key, uint prefixLength, bool isStructural)
    {
        var node = (TrieNode*)_pool.Take();
        node->Zero = node->One = null;
        node->PrefixLength = prefixLength;
        node->IsStructural = isStructural ? 1 : 0;
        Unsafe.CopyBlockUnaligned(KeyOf(node), key, KeySize);
        return node;
    }

    private static void Publish(TrieNode** slot, TrieNode* node) => Volatile.Write(ref *(nint*)slot, (nint)node);

    private int TryCount(ulong flags)
    {
        if (flags == FlagExist)
            return -Errno.ENOENT;
        if (_count == MaxEntries)
            return -Errno.ENOSPC;
        _count++;
        return 0;
    }

    private int Insert(byte* key, byte* value, ulong flags)
    {
        fixed (TrieNode** root = &_root)
        {
            TrieNode** slot = root;
            TrieNode* node;
            uint match = 0;
            while ((node = *slot) != null)
            {
                match = Match(node, key);
                if (node->PrefixLength != match || node->PrefixLength == *(uint*)key)
                    break;
                slot = node->Slot(Bit(key, node->PrefixLength));
            }

            bool isSame = node != null && node->PrefixLength == match;
            bool replaces = isSame && node->IsStructural == 0;
            int error = !replaces ? TryCount(flags) : flags == FlagNoExist ? -Errno.EEXIST : 0;
            if (error != 0)
                return error;
            TrieNode* created = Create(key, *(uint*)key, isStructural: false);
            CopyValue(ValueOf(created), value);
            if (node == null)
            {
                Publish(slot, created);
            }
            else if (isSame)
            {
                created->Zero = node->Zero;
                created->One = node->One;
                Publish(slot, created);
                _pool.Give((HashElement*)node);
            }
            else if (match == *(uint*)key)
            {
                *created->Slot(Bit(KeyOf(node), match)) = node; // an ancestor of the node
                Publish(slot, created);
            }
            else
            {
                TrieNode* fork = Create(KeyOf(node), match, isStructural: true);
                int side = Bit(key, match);
                *fork->Slot(side) = created;
                *fork->Slot(1 - side) = node;
                Publish(slot, fork);
            }

            return 0;
        }
    }

    private int Remove(byte* key)
    {
        fixed (TrieNode** root = &_root)
        {
            TrieNode** slot = root;
            TrieNode** parentSlot = root;
            TrieNode* parent = null;
            TrieNode* node;
            uint match = 0;
            while ((node = *slot) != null)
            {
                match = Match(node, key);
                if (node->PrefixLength != match || node->PrefixLength == *(uint*)key)
                    break;
                parent = node;
                parentSlot = slot;
                slot = node->Slot(Bit(key, node->PrefixLength));
            }

            if (node == null || node->PrefixLength != *(uint*)key || node->PrefixLength != match || node->IsStructural != 0)
                return -Errno.ENOENT;
            _count--;
            if (node->Zero != null && node->One != null)
            {
                Volatile.Write(ref node->IsStructural, 1);
                return 0;
            }

            if (parent != null && parent->IsStructural != 0 && node->Zero == null && node->One == null)
            {
                Publish(parentSlot, node == parent->Zero ? parent->One : parent->Zero);
                _pool.Give((HashElement*)parent);
            }
            else
            {
                Publish(slot, node->Zero != null ? node->Zero : node->One);
            }

            _pool.Give((HashElement*)node);
            return 0;
        }
    }

    // Post-order: longer prefixes before those that contain them, bit 0 before bit 1.
    private TrieNode* NextNode(byte* key)
    {
        TrieNode* root = Read(ref _root);
        if (key == null || *(uint*)key > _maxPrefix)
            return Leftmost(root);
        nint* path = stackalloc nint[(int)_maxPrefix + 2];
        int depth = -1;
        TrieNode* node = root;
        uint match = 0;
        while (node != null)
        {
            path[++depth] = (nint)node;
            match = Match(node, key);
            if (node->PrefixLength != match || node->PrefixLength == *(uint*)key)
                break;
            node = node->Child(Bit(key, node->PrefixLength));
        }

        if (node == null || node->PrefixLength != match || node->IsStructural != 0)
            return Leftmost(root);
        for (; depth > 0; depth--)
        {
            var parent = (TrieNode*)path[depth - 1];
            if (parent->Child(0) == node && parent->Child(1) != null)
                return Leftmost(parent->Child(1));
            if (parent->IsStructural == 0)
                return parent;
            node = parent;
        }

        return null;
    }

    private static TrieNode* Leftmost(TrieNode* node)
    {
        TrieNode* found = null;
        while (node != null)
        {
            if (node->IsStructural != 0)
            {
                node = node->Child(0);
                continue;
            }

            found = node;
            TrieNode* zero = node->Child(0);
            node = zero != null ? zero : node->Child(1);
        }

        return found;
    }
}
