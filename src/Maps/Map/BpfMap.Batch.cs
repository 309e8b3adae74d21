using System.Diagnostics.CodeAnalysis;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <content>Many elements in one call (Linux 5.6): hashes, and without deletion arrays and (but for lookup-and-delete) tries.</content>
public sealed unsafe partial class BpfMap
{
    /// <summary>Writes many elements (BPF_MAP_UPDATE_BATCH), in order, stopping at the first that fails.</summary>
    /// <param name="keys">Keys, one after the other.</param>
    /// <param name="values">As many values of <see cref="ElementSize"/> bytes, one after the other.</param>
    /// <param name="flags">Any, or Lock; a batch cannot insist on NoExist or Exist.</param>
    /// <exception cref="BpfBatchException">An element failed; those before it were written.</exception>
    /// <exception cref="BpfException">EINVAL: lengths that are no whole number of elements, or differ. ENOTSUPP: the kind of map has no batches.</exception>
    public void UpdateBatch(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        int count = CountBatch(keys.Length, values.Length, flags, MapErrors.UpdateBatch);
        fixed (byte* k = keys)
        fixed (byte* v = values)
        {
            UpdateBatch(k, v, count, flags);
        }
    }

    /// <summary>Deletes many elements (BPF_MAP_DELETE_BATCH), in order, stopping at the first that is missing.</summary>
    /// <param name="keys">Keys, one after the other.</param>
    /// <exception cref="BpfBatchException">A key is missing (ENOENT) or could not be deleted; those before it were.</exception>
    /// <exception cref="BpfException">EINVAL: a length that is no whole number of keys. ENOTSUPP: the kind of map has no such batch.</exception>
    public void DeleteBatch(ReadOnlySpan<byte> keys)
    {
        int count = CountBatch(keys.Length, -1, 0, MapErrors.DeleteBatch);
        fixed (byte* k = keys)
        {
            DeleteBatch(k, count);
        }
    }

    /// <summary>Reads the next elements (BPF_MAP_LOOKUP_BATCH).</summary>
    /// <param name="cursor">Where to go on; default for the first call.</param>
    /// <param name="keys">Room for keys.</param>
    /// <param name="values">Room for as many values of <see cref="ElementSize"/> bytes.</param>
    /// <param name="flags">Any, or Lock.</param>
    /// <returns>
    /// Elements read. It may be fewer than there is room for, also 0, before the end: hashes give whole buckets.
    /// <see cref="BpfBatchCursor.IsAtEnd"/> tells the end; the call that reaches it may have given elements.
    /// </returns>
    /// <exception cref="BpfException">ENOSPC: no room for all elements of the next bucket; call again with the same cursor and more room. ENOTSUPP: the kind of map has no batches.</exception>
    public int LookupBatch(ref BpfBatchCursor cursor, Span<byte> keys, Span<byte> values, BpfUpdateFlags flags = BpfUpdateFlags.Any) =>
        ReadBatch(BpfCommand.MapLookupBatch, MapErrors.LookupBatch, ref cursor, keys, values, flags);

    /// <summary>Reads the next elements and deletes them (BPF_MAP_LOOKUP_AND_DELETE_BATCH).</summary>
    /// <inheritdoc cref="LookupBatch(ref BpfBatchCursor, Span{byte}, Span{byte}, BpfUpdateFlags)"/>
    public int LookupAndDeleteBatch(ref BpfBatchCursor cursor, Span<byte> keys, Span<byte> values, BpfUpdateFlags flags = BpfUpdateFlags.Any) =>
        ReadBatch(BpfCommand.MapLookupAndDeleteBatch, MapErrors.LookupAndDeleteBatch, ref cursor, keys, values, flags);

    internal void UpdateBatch(void* keys, void* values, int count, BpfUpdateFlags flags)
    {
        int done = count;
        int result = Batch(BpfCommand.MapUpdateBatch, null, null, keys, values, ref done, (ulong)flags);
        if (result < 0)
            ThrowBatch(result, MapErrors.UpdateBatch, done, count, flags);
    }

    internal void DeleteBatch(void* keys, int count)
    {
        int done = count;
        int result = Batch(BpfCommand.MapDeleteBatch, null, null, keys, null, ref done, 0);
        if (result < 0)
            ThrowBatch(result, MapErrors.DeleteBatch, done, count, 0);
    }

    /// <summary>Reads the next elements into memory; ENOSPC and others are exceptions.</summary>
    internal int ReadBatch(BpfCommand command, string operation, ref BpfBatchCursor cursor, void* keys, void* values, int room, BpfUpdateFlags flags)
    {
        int result = TryReadBatch(command, ref cursor, keys, values, room, flags, out int count);
        if (result < 0)
            MapErrors.ThrowReadBatch(result, this, operation, room, flags);
        return count;
    }

    /// <summary>Reads the next elements into memory; 0 (the cursor knows of the end), or -errno with the cursor as it was.</summary>
    internal int TryReadBatch(BpfCommand command, ref BpfBatchCursor cursor, void* keys, void* values, int room, BpfUpdateFlags flags, out int count)
    {
        count = 0;
        if (cursor.IsAtEnd || room == 0)
            return 0;
        count = room;
        int result;
        fixed (byte* position = cursor.Bytes(_keySize))
        {
            result = Batch(command, cursor.IsStarted ? position : null, position, keys, values, ref count, (ulong)flags);
        }

        if (result < 0 && result != -(int)BpfErrno.ENOENT)
        {
            count = 0;
            return result;
        }

        cursor.Advance(atEnd: result < 0);
        return 0;
    }

    private int ReadBatch(BpfCommand command, string operation, ref BpfBatchCursor cursor, Span<byte> keys, Span<byte> values, BpfUpdateFlags flags)
    {
        int room = CountBatch(keys.Length, values.Length, flags, operation);
        fixed (byte* k = keys)
        fixed (byte* v = values)
        {
            return ReadBatch(command, operation, ref cursor, k, v, room, flags);
        }
    }

    private int Batch(BpfCommand command, void* from, void* to, void* keys, void* values, ref int count, ulong flags)
    {
        bpf_attr_batch attr = default;
        attr.in_batch = (ulong)from;
        attr.out_batch = (ulong)to;
        attr.keys = (ulong)keys;
        attr.values = (ulong)values;
        attr.count = (uint)count;
        attr.elem_flags = flags;
        attr.map_fd = (uint)_handle.EnterCall(out CallSlot? slot);
        int result;
        try
        {
            result = _kernel.Bpf(command, ref BpfAttr.From(ref attr), (uint)sizeof(bpf_attr_batch));
        }
        finally
        {
            _handle.ExitCall(slot);
        }

        count = (int)attr.count;
        return result;
    }

    private int CountBatch(int keyBytes, int valueBytes, BpfUpdateFlags flags, string operation)
    {
        // A map without keys has no batches; the kernel says so.
        int count = _keySize == 0 ? 0 : keyBytes / _keySize;
        if ((long)count * _keySize != keyBytes)
            throw MapErrors.Invalid(this, operation, $"{keyBytes} bytes of keys are no whole number of keys of {_keySize} bytes.");
        if (valueBytes < 0)
            return count;
        int size = _layout.IsPerCpu && (flags & OneCpuFlags) != 0 ? _layout.ValueSize : _valueSize;
        if ((long)count * size != valueBytes)
            throw MapErrors.Invalid(this, operation, $"{count} keys need {(long)count * size} bytes of values ({size} each), not {valueBytes}.");
        return count;
    }

    [DoesNotReturn]
    private void ThrowBatch(int result, string operation, int done, int count, BpfUpdateFlags flags) =>
        MapErrors.ThrowBatch(result, this, operation, done, count, flags);
}
