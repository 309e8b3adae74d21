using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <content>Batches: the cursor is the number of a bucket, and only whole buckets are copied.</content>
internal abstract unsafe partial class HashTableMap
{
    public override int SyscallBatch(BpfCommand command, ref bpf_attr_batch attr, KernelFile file) => command switch
    {
        BpfCommand.MapUpdateBatch => MapBatch.Update(this, ref attr, file),
        BpfCommand.MapDeleteBatch => MapBatch.Delete(this, ref attr),
        _ => LookupBatch(ref attr, command == BpfCommand.MapLookupAndDeleteBatch),
    };

    private int LookupBatch(ref bpf_attr_batch attr, bool delete)
    {
        int error = MapBatch.CheckElementFlags(this, attr.elem_flags, delete ? 0 : FlagCpu);
        if (error != 0)
            return error;
        if (attr.flags != 0)
            return -Errno.EINVAL;
        uint room = attr.count;
        if (room == 0)
            return 0;
        attr.count = 0;
        uint bucket = 0;
        if (attr.in_batch != 0)
        {
            if (!UserMemory.IsValid(attr.in_batch))
                return -Errno.EFAULT;
            bucket = Unsafe.ReadUnaligned<uint>((void*)attr.in_batch);
        }

        if (bucket >= Table.BucketCount)
            return -Errno.ENOENT;
        uint total = 0;
        int result = CopyBuckets(ref attr, room, ref bucket, ref total, delete);
        if (result == -Errno.EFAULT)
            return result;
        if (!UserMemory.IsValid(attr.out_batch))
            return -Errno.EFAULT;
        Unsafe.WriteUnaligned((void*)attr.out_batch, bucket);
        attr.count = total;
        return result;
    }

    private int CopyBuckets(ref bpf_attr_batch attr, uint room, ref uint bucket, ref uint total, bool delete)
    {
        ulong valueSize = MapBatch.ValueSize(this, attr.elem_flags);
        for (; bucket < Table.BucketCount; bucket++)
        {
            if (Table.First(bucket) == null)
                continue;
            HashElement* removed = null;
            Table.Lock(bucket);
            uint count = 0;
            for (HashElement* element = Table.First(bucket); element != null; element = HashTable.Next(element))
                count++;
            int error = 0;
            if (count > room - total)
            {
                Table.Unlock(bucket);
                return total == 0 ? -Errno.ENOSPC : 0;
            }

            uint at = total;
            for (HashElement* element = Table.First(bucket); element != null; element = HashTable.Next(element), at++)
            {
                if (error == 0)
                    error = CopyOut(attr.keys + (at * (ulong)KeySize), HashTable.KeyOf(element), KeySize);
                if (error == 0)
                    error = CopyElementOut(attr.values + (at * valueSize), element, attr.elem_flags);
                if (!delete)
                    continue;

                // Linked through Limbo, which is free while an element is in the table; Next must stay for readers.
                element->Limbo = removed;
                removed = element;
            }

            for (HashElement* element = removed; element != null; element = element->Limbo)
                Table.Unlink(element);
            Table.Unlock(bucket);
            while (removed != null)
            {
                HashElement* next = removed->Limbo;
                Retire(removed);
                removed = next;
            }

            if (error != 0)
                return error;
            total += count;
        }

        return -Errno.ENOENT;
    }
}
