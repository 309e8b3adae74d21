using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

public sealed unsafe partial class BpfMap
{
    private const BpfUpdateFlags OneCpuFlags = BpfUpdateFlags.Cpu | BpfUpdateFlags.AllCpus;

    /// <summary>Writes an element (BPF_MAP_UPDATE_ELEM); pushes a value where the map has no keys.</summary>
    /// <param name="key"><see cref="KeySize"/> bytes; empty where the map has no keys.</param>
    /// <param name="value"><see cref="ElementSize"/> bytes.</param>
    /// <param name="flags">Whether to create, overwrite or both. A value of one CPU's size with <see cref="BpfUpdateFlags.Cpu"/> or AllCpus.</param>
    /// <exception cref="BpfException">
    /// EINVAL: a wrong size, or flags that the map does not take. EEXIST: the key is there and NoExist was given.
    /// ENOENT: the key is missing and Exist was given. E2BIG: the map is full, or the index is too large. EPERM: frozen or read-only.
    /// </exception>
    public void UpdateElem(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        CheckKey(key.Length, MapErrors.Update);
        CheckValue(value.Length, flags, MapErrors.Update);
        fixed (byte* k = key)
        fixed (byte* v = value)
        {
            int result = Call(BpfCommand.MapUpdateElem, k, v, (ulong)flags);
            if (result < 0)
                ThrowUpdate(result, flags);
        }
    }

    /// <summary>Writes an element.</summary>
    /// <typeparam name="TKey">A type of <see cref="KeySize"/> bytes.</typeparam>
    /// <typeparam name="TValue">A type of <see cref="ElementSize"/> bytes.</typeparam>
    /// <inheritdoc cref="UpdateElem(ReadOnlySpan{byte}, ReadOnlySpan{byte}, BpfUpdateFlags)"/>
    public void UpdateElem<TKey, TValue>(in TKey key, in TValue value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        CheckKey(sizeof(TKey), MapErrors.Update);
        CheckValue(sizeof(TValue), flags, MapErrors.Update);
        fixed (TKey* k = &key)
        fixed (TValue* v = &value)
        {
            int result = Call(BpfCommand.MapUpdateElem, k, v, (ulong)flags);
            if (result < 0)
                ThrowUpdate(result, flags);
        }
    }

    /// <summary>Reads an element (BPF_MAP_LOOKUP_ELEM); peeks at a queue or stack; for a bloom filter asks whether <paramref name="value"/> may be in it.</summary>
    /// <param name="key"><see cref="KeySize"/> bytes; empty where the map has no keys.</param>
    /// <param name="value">Receives <see cref="ElementSize"/> bytes. Slots of per-CPU values may have unspecified bytes between value_size and the next multiple of 8.</param>
    /// <param name="flags">Any, Lock, or Cpu with the CPU in bits 32..63.</param>
    /// <returns>False if the key is missing (or the queue is empty); <paramref name="value"/> is then unchanged.</returns>
    /// <exception cref="BpfException">EINVAL: a wrong size or flag. EPERM: a write-only descriptor. ENOTSUPP: the kind of map has no lookup.</exception>
    public bool LookupElem(ReadOnlySpan<byte> key, Span<byte> value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        CheckKey(key.Length, MapErrors.Lookup);
        CheckValue(value.Length, flags, MapErrors.Lookup);
        fixed (byte* k = key)
        fixed (byte* v = value)
        {
            return Found(Call(BpfCommand.MapLookupElem, k, v, (ulong)flags), MapErrors.Lookup, flags);
        }
    }

    /// <summary>Reads an element.</summary>
    /// <typeparam name="TKey">A type of <see cref="KeySize"/> bytes.</typeparam>
    /// <typeparam name="TValue">A type of <see cref="ElementSize"/> bytes.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or default if the key is missing.</param>
    /// <param name="flags">Any, or Lock.</param>
    /// <returns>False if the key is missing.</returns>
    /// <inheritdoc cref="LookupElem(ReadOnlySpan{byte}, Span{byte}, BpfUpdateFlags)" path="/exception"/>
    public bool LookupElem<TKey, TValue>(in TKey key, out TValue value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        CheckKey(sizeof(TKey), MapErrors.Lookup);
        CheckValue(sizeof(TValue), flags, MapErrors.Lookup);
        Unsafe.SkipInit(out value);
        int result;
        fixed (TKey* k = &key)
        fixed (TValue* v = &value)
        {
            result = Call(BpfCommand.MapLookupElem, k, v, (ulong)flags);
        }

        return result >= 0 || Missing(out value, result, MapErrors.Lookup, flags);
    }

    /// <summary>Deletes an element (BPF_MAP_DELETE_ELEM).</summary>
    /// <param name="key"><see cref="KeySize"/> bytes.</param>
    /// <returns>False if the key is missing.</returns>
    /// <exception cref="BpfException">EINVAL: a wrong size, or a kind of map whose elements cannot be deleted (arrays). EPERM: frozen or read-only.</exception>
    public bool DeleteElem(ReadOnlySpan<byte> key)
    {
        CheckKey(key.Length, MapErrors.Delete);
        fixed (byte* k = key)
        {
            return Found(Call(BpfCommand.MapDeleteElem, k, null, 0), MapErrors.Delete, 0);
        }
    }

    /// <typeparam name="TKey">A type of <see cref="KeySize"/> bytes.</typeparam>
    /// <inheritdoc cref="DeleteElem(ReadOnlySpan{byte})"/>
    public bool DeleteElem<TKey>(in TKey key)
        where TKey : unmanaged
    {
        CheckKey(sizeof(TKey), MapErrors.Delete);
        fixed (TKey* k = &key)
        {
            return Found(Call(BpfCommand.MapDeleteElem, k, null, 0), MapErrors.Delete, 0);
        }
    }

    /// <summary>Reads an element and deletes it (BPF_MAP_LOOKUP_AND_DELETE_ELEM: queues and stacks 4.20, hashes 5.14); pops where the map has no keys.</summary>
    /// <param name="key"><see cref="KeySize"/> bytes; empty where the map has no keys.</param>
    /// <param name="value">Receives <see cref="ElementSize"/> bytes.</param>
    /// <param name="flags">Any, or Lock.</param>
    /// <returns>False if the key is missing or the queue empty.</returns>
    /// <exception cref="BpfException">EINVAL: a wrong size or flag. ENOTSUPP: the kind of map cannot do it. EPERM: frozen, or a descriptor for one direction.</exception>
    public bool LookupAndDeleteElem(ReadOnlySpan<byte> key, Span<byte> value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        CheckKey(key.Length, MapErrors.LookupAndDelete);
        CheckValue(value.Length, flags, MapErrors.LookupAndDelete);
        fixed (byte* k = key)
        fixed (byte* v = value)
        {
            return Found(Call(BpfCommand.MapLookupAndDeleteElem, k, v, (ulong)flags), MapErrors.LookupAndDelete, flags);
        }
    }

    /// <typeparam name="TKey">A type of <see cref="KeySize"/> bytes.</typeparam>
    /// <typeparam name="TValue">A type of <see cref="ElementSize"/> bytes.</typeparam>
    /// <inheritdoc cref="LookupAndDeleteElem(ReadOnlySpan{byte}, Span{byte}, BpfUpdateFlags)"/>
    public bool LookupAndDeleteElem<TKey, TValue>(in TKey key, out TValue value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        CheckKey(sizeof(TKey), MapErrors.LookupAndDelete);
        CheckValue(sizeof(TValue), flags, MapErrors.LookupAndDelete);
        Unsafe.SkipInit(out value);
        int result;
        fixed (TKey* k = &key)
        fixed (TValue* v = &value)
        {
            result = Call(BpfCommand.MapLookupAndDeleteElem, k, v, (ulong)flags);
        }

        return result >= 0 || Missing(out value, result, MapErrors.LookupAndDelete, flags);
    }

    /// <summary>
    /// The key after a key (BPF_MAP_GET_NEXT_KEY). In a hash the order is arbitrary, and a key that is no longer there
    /// has the <em>first</em> key as its successor: a walk that deletes, or runs while others delete, may start over.
    /// </summary>
    /// <param name="key">A key; empty for the first.</param>
    /// <param name="nextKey">Receives <see cref="KeySize"/> bytes.</param>
    /// <returns>False if there is none.</returns>
    /// <exception cref="BpfException">EINVAL: a wrong size. ENOTSUPP or EOPNOTSUPP: the kind of map has no order.</exception>
    public bool GetNextKey(ReadOnlySpan<byte> key, Span<byte> nextKey)
    {
        if (!key.IsEmpty)
            CheckKey(key.Length, MapErrors.NextKey);
        CheckKey(nextKey.Length, MapErrors.NextKey);
        fixed (byte* k = key)
        fixed (byte* n = nextKey)
        {
            return Found(Call(BpfCommand.MapGetNextKey, k, n, 0), MapErrors.NextKey, 0);
        }
    }

    /// <typeparam name="TKey">A type of <see cref="KeySize"/> bytes.</typeparam>
    /// <inheritdoc cref="GetNextKey(ReadOnlySpan{byte}, Span{byte})"/>
    public bool GetNextKey<TKey>(in TKey key, out TKey nextKey)
        where TKey : unmanaged
    {
        CheckKey(sizeof(TKey), MapErrors.NextKey);
        TKey next = default;
        bool found;
        fixed (TKey* k = &key)
        {
            found = Found(Call(BpfCommand.MapGetNextKey, k, &next, 0), MapErrors.NextKey, 0);
        }

        // Not written through the out parameter before the call: it may be the same variable as the key.
        nextKey = next;
        return found;
    }

    /// <summary>The first key of the map.</summary>
    /// <typeparam name="TKey">A type of <see cref="KeySize"/> bytes.</typeparam>
    /// <param name="key">The key, or default in an empty map.</param>
    /// <returns>False if the map is empty.</returns>
    /// <inheritdoc cref="GetNextKey(ReadOnlySpan{byte}, Span{byte})" path="/exception"/>
    public bool GetFirstKey<TKey>(out TKey key)
        where TKey : unmanaged
    {
        CheckKey(sizeof(TKey), MapErrors.NextKey);
        key = default;
        fixed (TKey* k = &key)
        {
            return Found(Call(BpfCommand.MapGetNextKey, null, k, 0), MapErrors.NextKey, 0);
        }
    }

    /// <summary>
    /// All keys, by BPF_MAP_GET_NEXT_KEY: for kinds of maps that have no batches. Keys that others delete meanwhile make
    /// the walk start over, so that keys may come twice; it ends with an exception when there were more than the map can hold.
    /// </summary>
    /// <exception cref="BpfIterationAbortedException">The walk started over too often.</exception>
    /// <exception cref="BpfException">ENOTSUPP or EOPNOTSUPP: the kind of map has no order. EINVAL: it has no keys.</exception>
    public IEnumerable<byte[]> EnumerateKeys()
    {
        byte[] key = [];
        for (ulong seen = 1; ; seen++)
        {
            byte[] next = new byte[_keySize];
            if (!GetNextKey(key, next))
                yield break;
            if (seen > MaxEntries)
                throw new BpfIterationAbortedException(Subject, MaxEntries);
            yield return next;
            key = next;
        }
    }

    /// <summary>One element command of bpf(2); 0 or -errno.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Call(BpfCommand command, void* key, void* value, ulong flags)
    {
        bpf_attr_map_elem attr = default;
        attr.key = (ulong)key;
        attr.value = (ulong)value;
        attr.flags = flags;
        attr.map_fd = (uint)_handle.EnterCall(out CallSlot? slot);
        try
        {
            return _kernel.Bpf(command, ref BpfAttr.From(ref attr), (uint)sizeof(bpf_attr_map_elem));
        }
        finally
        {
            _handle.ExitCall(slot);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CheckKey(int size, string operation)
    {
        if (size != _keySize)
            ThrowKeySize(size, operation);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CheckValue(int size, BpfUpdateFlags flags, string operation)
    {
        if (size != _valueSize || (flags & OneCpuFlags) != 0)
            CheckUnusualValue(size, flags, operation);
    }

    /// <summary>True for a result, false for ENOENT, an exception for any other error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Found(int result, string operation, BpfUpdateFlags flags)
    {
        if (result >= 0)
            return true;
        if (result == -(int)BpfErrno.ENOENT)
            return false;
        MapErrors.Throw(result, this, operation, flags);
        return false;
    }

    /// <summary>False for ENOENT, with a value of zeros since the kernel wrote none; an exception for any other error.</summary>
    internal bool Missing<TValue>(out TValue value, int result, string operation, BpfUpdateFlags flags)
        where TValue : unmanaged
    {
        value = default;
        return Found(result, operation, flags);
    }

    [DoesNotReturn]
    private void ThrowUpdate(int result, BpfUpdateFlags flags) => MapErrors.Throw(result, this, MapErrors.Update, flags);

    [DoesNotReturn]
    private void ThrowKeySize(int size, string operation) => throw MapErrors.KeySize(this, size, operation);

    private void CheckUnusualValue(int size, BpfUpdateFlags flags, string operation)
    {
        BpfUpdateFlags oneCpu = flags & OneCpuFlags;
        if (oneCpu == OneCpuFlags)
            throw MapErrors.Invalid(this, operation, "BPF_F_CPU and BPF_F_ALL_CPUS exclude each other: give one of them.");
        int expected = _layout.IsPerCpu && oneCpu != 0 ? _layout.ValueSize : _valueSize;
        if (size != expected)
            throw MapErrors.ValueSize(this, size, oneCpu, operation);
    }
}
