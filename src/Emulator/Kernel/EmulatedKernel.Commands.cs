using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <content>bpf(2).</content>
public sealed unsafe partial class EmulatedKernel
{
    private const int ElementAttrSize = 32;

    /// <inheritdoc/>
    public int Bpf(BpfCommand command, ref BpfAttr attr, uint size)
    {
        if (_disposed != 0)
            ThrowDisposed();
        EpochSlot slot = Gate.Enter();
        try
        {
            // The element commands of a caller that passes a whole element attribute run on the caller's own bytes.
            if (size - ElementAttrSize <= BpfAttr.ByteSize - ElementAttrSize)
            {
                switch (command)
                {
                    case BpfCommand.MapLookupElem:
                        return AttrTail.IsZero(ref attr, size, 32) ? _mapCommands.Lookup(in attr.map_elem) : -Errno.EINVAL;
                    case BpfCommand.MapUpdateElem:
                        return AttrTail.IsZero(ref attr, size, 32) ? _mapCommands.Update(in attr.map_elem) : -Errno.EINVAL;
                    case BpfCommand.MapDeleteElem:
                        return AttrTail.IsZero(ref attr, size, 16) ? _mapCommands.Delete(in attr.map_elem) : -Errno.EINVAL;
                    case BpfCommand.MapGetNextKey:
                        return AttrTail.IsZero(ref attr, size, 24) ? _mapCommands.GetNextKey(in attr.map_elem) : -Errno.EINVAL;
                }
            }

            return ExecuteOnCopy(command, ref attr, size);
        }
        finally
        {
            Gate.Exit(slot);
        }
    }

    // Every other command works on a whole attribute: what the caller left out is zero, what the kernel writes goes back.
    private int ExecuteOnCopy(BpfCommand command, ref BpfAttr attr, uint size)
    {
        if (size > 4096)
            return -Errno.E2BIG;
        ref byte bytes = ref System.Runtime.CompilerServices.Unsafe.As<BpfAttr, byte>(ref attr);
        if (size > BpfAttr.ByteSize && !AttrTail.IsZero(ref attr, size, BpfAttr.ByteSize))
            return -Errno.E2BIG;
        BpfAttr copy = default;
        uint known = Math.Min(size, BpfAttr.ByteSize);
        System.Runtime.CompilerServices.Unsafe.CopyBlockUnaligned(ref System.Runtime.CompilerServices.Unsafe.As<BpfAttr, byte>(ref copy), ref bytes, known);
        int end = LastFieldEnd(command);
        if (end >= 0 && !AttrTail.IsZero(ref copy, BpfAttr.ByteSize, (uint)end))
            return -Errno.EINVAL;
        int result = Execute(command, ref copy);
        System.Runtime.CompilerServices.Unsafe.CopyBlockUnaligned(ref bytes, ref System.Runtime.CompilerServices.Unsafe.As<BpfAttr, byte>(ref copy), known);
        return result;
    }

    private int Execute(BpfCommand command, ref BpfAttr attr) => command switch
    {
        BpfCommand.MapCreate => _mapCommands.Create(ref attr.map_create),
        BpfCommand.MapLookupElem => _mapCommands.Lookup(in attr.map_elem),
        BpfCommand.MapUpdateElem => _mapCommands.Update(in attr.map_elem),
        BpfCommand.MapDeleteElem => _mapCommands.Delete(in attr.map_elem),
        BpfCommand.MapGetNextKey => _mapCommands.GetNextKey(in attr.map_elem),
        BpfCommand.MapLookupAndDeleteElem => _mapCommands.LookupAndDelete(in attr.map_elem),
        BpfCommand.MapFreeze => _mapCommands.Freeze(in attr.map_elem),
        BpfCommand.MapLookupBatch => _mapCommands.Batch(command, ref attr.batch),
        BpfCommand.MapLookupAndDeleteBatch => _mapCommands.Batch(command, ref attr.batch),
        BpfCommand.MapUpdateBatch => _mapCommands.Batch(command, ref attr.batch),
        BpfCommand.MapDeleteBatch => _mapCommands.Batch(command, ref attr.batch),
        BpfCommand.MapGetNextId => GetNextId(Maps, ref attr.get_id),
        BpfCommand.MapGetFdById => _mapCommands.GetFdById(in attr.get_id),
        BpfCommand.BtfLoad => BtfCommands.Load(ref attr.btf_load),
        BpfCommand.BtfGetNextId => GetNextId(BtfCommands.Objects, ref attr.get_id),
        BpfCommand.BtfGetFdById => BtfCommands.GetFdById(in attr.get_id),
        BpfCommand.ObjPin => Pin(in attr.obj),
        BpfCommand.ObjGet => GetPinned(in attr.obj),
        BpfCommand.ObjGetInfoByFd => GetInfo(ref attr),
        _ => Programs.Execute(command, ref attr),
    };

    /// <summary>Bytes up to the last field of a command that this kernel knows; -1 where the command checks it itself.</summary>
    private int LastFieldEnd(BpfCommand command) => command switch
    {
        BpfCommand.MapCreate => IsAtLeast(6, 18) ? 92 : IsAtLeast(6, 9) ? 80 : IsAtLeast(5, 16) ? 72 : 64,
        BpfCommand.MapLookupElem or BpfCommand.MapUpdateElem or BpfCommand.MapLookupAndDeleteElem => 32,
        BpfCommand.MapDeleteElem => 16,
        BpfCommand.MapGetNextKey => 24,
        BpfCommand.MapFreeze => 4,
        BpfCommand.MapLookupBatch or BpfCommand.MapLookupAndDeleteBatch or BpfCommand.MapUpdateBatch or BpfCommand.MapDeleteBatch => 56,
        BpfCommand.MapGetNextId or BpfCommand.BtfGetNextId or BpfCommand.ProgGetNextId or BpfCommand.LinkGetNextId => 8,
        BpfCommand.MapGetFdById => 12,
        BpfCommand.BtfGetFdById => IsAtLeast(6, 17) ? 16 : 4,
        BpfCommand.BtfLoad => IsAtLeast(6, 9) ? 40 : IsAtLeast(6, 4) ? 32 : 28,
        BpfCommand.ObjPin or BpfCommand.ObjGet => IsAtLeast(6, 5) ? 20 : 16,
        BpfCommand.ObjGetInfoByFd => 16,
        _ => -1,
    };

    internal static int GetNextId<T>(IdTable<T> table, ref bpf_attr_get_id attr)
        where T : EmulatedObject
    {
        if (attr.id >= int.MaxValue)
            return -Errno.EINVAL;
        if (!table.TryGetNext(attr.id, out uint next))
            return -Errno.ENOENT;
        attr.next_id = next;
        return 0;
    }

    private int GetInfo(ref BpfAttr attr) =>
        FindFile((int)attr.info.bpf_fd) is { } file ? file.Object.GetInfo(ref attr) : -Errno.EBADFD;

    private void ThrowDisposed() => throw new ObjectDisposedException(nameof(EmulatedKernel), $"{Name} was disposed of; it must outlive what was made on it.");
}
