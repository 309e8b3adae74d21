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

    /// <summary>Takes the spin lock of a value.</summary>
    public void Lock(byte* value) => SpinWord.Acquire(ref *(int*)(value + SpinLockOffset));

    /// <summary>Releases the spin lock of a value.</summary>
    public void Unlock(byte* value) => SpinWord.Release(ref *(int*)(value + SpinLockOffset));

    /// <summary>Whether two templates own the same fields (btf_record_equal).</summary>
    public static bool AreEqual(MapFields? left, MapFields? right) =>
        (left?.Fields ?? []).Select(f => (f.Kind, f.Offset, f.Size)).SequenceEqual((right?.Fields ?? []).Select(f => (f.Kind, f.Offset, f.Size)));

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
