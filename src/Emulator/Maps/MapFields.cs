using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>The fields of a map's values that the kernel owns, by offset (btf_record).</summary>
internal sealed unsafe class MapFields(MapField[] fields)
{
    /// <summary>All of them, by ascending offset.</summary>
    public IReadOnlyList<MapField> Fields => fields;

    /// <summary>Offset of the bpf_spin_lock, or -1.</summary>
    public int SpinLockOffset { get; } = OffsetOf(fields, MapFieldKind.SpinLock);

    /// <summary>Offset of the bpf_res_spin_lock, or -1.</summary>
    public int ResilientSpinLockOffset { get; } = OffsetOf(fields, MapFieldKind.ResilientSpinLock);

    /// <summary>Offset of the bpf_timer, or -1.</summary>
    public int TimerOffset { get; } = OffsetOf(fields, MapFieldKind.Timer);

    /// <summary>Offset of the bpf_wq, or -1.</summary>
    public int WorkQueueOffset { get; } = OffsetOf(fields, MapFieldKind.WorkQueue);

    /// <summary>Offset of the bpf_refcount, or -1.</summary>
    public int ReferenceCountOffset { get; } = OffsetOf(fields, MapFieldKind.ReferenceCount);

    /// <summary>
    /// Offset of the first kptr that owns an object, or <see cref="uint.MaxValue"/>. From it on accesses of programs take the slow
    /// path: what lies there is the object's number, and what they load is its address.
    /// </summary>
    public uint FirstPointer { get; } = fields.Where(f => IsOwningPointer(f.Kind)).Select(f => f.Offset).DefaultIfEmpty(uint.MaxValue).Min();

    /// <summary>Whether there is anything to release when an element goes (all but locks and plain counts).</summary>
    public bool NeedsRelease { get; } = fields.Any(f => f.Kind is not (MapFieldKind.SpinLock or MapFieldKind.ResilientSpinLock or MapFieldKind.UntrustedKernelPointer or MapFieldKind.ReferenceCount));

    /// <summary>The field at an offset.</summary>
    public bool TryFind(uint offset, out MapField field)
    {
        foreach (MapField candidate in fields)
        {
            if (offset - candidate.Offset < candidate.Size)
            {
                field = candidate;
                return true;
            }
        }

        field = default;
        return false;
    }

    /// <summary>The first kptr that owns an object among some bytes.</summary>
    public bool TryFindPointer(uint offset, uint size, out MapField field)
    {
        foreach (MapField candidate in fields)
        {
            if (IsOwningPointer(candidate.Kind) && candidate.Offset < offset + size && offset < candidate.Offset + candidate.Size)
            {
                field = candidate;
                return true;
            }
        }

        field = default;
        return false;
    }

    /// <summary>Copies a value without these fields.</summary>
    public void Copy(byte* target, byte* source, uint size)
    {
        uint at = 0;
        foreach (MapField field in fields)
        {
            Unsafe.CopyBlockUnaligned(target + at, source + at, field.Offset - at);
            at = field.Offset + field.Size;
        }

        if (at < size)
            Unsafe.CopyBlockUnaligned(target + at, source + at, size - at);
    }

    /// <summary>Makes these fields zero, as in a new element.</summary>
    public void Clear(byte* value)
    {
        foreach (MapField field in fields)
            Unsafe.InitBlockUnaligned(value + field.Offset, 0, field.Size);
    }

    /// <summary>Takes the spin lock of a value. A program that stored into the lock keeps nobody for ever: what it guards are plain bytes.</summary>
    public void Lock(byte* value) => SpinWord.TryAcquire(ref *(int*)(value + SpinLockOffset));

    /// <summary>Releases the spin lock of a value.</summary>
    public void Unlock(byte* value) => SpinWord.Release(ref *(int*)(value + SpinLockOffset));

    /// <summary>Whether two templates own the same fields (btf_record_equal).</summary>
    public static bool AreEqual(MapFields? left, MapFields? right) =>
        (left?.Fields ?? []).Select(f => (f.Kind, f.Offset, f.Size)).SequenceEqual((right?.Fields ?? []).Select(f => (f.Kind, f.Offset, f.Size)));

    /// <summary>Name of a kind in C, for messages.</summary>
    public static string NameOf(MapFieldKind kind) => kind switch
    {
        MapFieldKind.SpinLock => "bpf_spin_lock",
        MapFieldKind.ResilientSpinLock => "bpf_res_spin_lock",
        MapFieldKind.Timer => "bpf_timer",
        MapFieldKind.WorkQueue => "bpf_wq",
        MapFieldKind.TaskWork => "bpf_task_work",
        MapFieldKind.ListHead => "bpf_list_head",
        MapFieldKind.ListNode => "bpf_list_node",
        MapFieldKind.TreeRoot => "bpf_rb_root",
        MapFieldKind.TreeNode => "bpf_rb_node",
        MapFieldKind.ReferenceCount => "bpf_refcount",
        _ => "kptr",
    };

    private static bool IsOwningPointer(MapFieldKind kind) => kind is MapFieldKind.ReferencedKernelPointer or MapFieldKind.PerCpuKernelPointer;

    private static int OffsetOf(MapField[] fields, MapFieldKind kind)
    {
        foreach (MapField field in fields)
        {
            if (field.Kind == kind)
                return (int)field.Offset;
        }

        return -1;
    }
}
