using System.Buffers;
using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>Elements of a per-CPU map in the forms that callers want: buffers, plain spans, one CPU. Keys are checked by the types above.</summary>
internal static unsafe class PerCpuAccess
{
    private const int StackBytes = 1024;

    public static void Update<TValue>(BpfMap map, void* key, PerCpuBuffer<TValue> values, BpfUpdateFlags flags)
        where TValue : unmanaged
    {
        fixed (byte* v = Bytes(map, values))
        {
            Update(map, key, v, flags);
        }
    }

    public static bool Lookup<TValue>(BpfMap map, void* key, PerCpuBuffer<TValue> values, BpfUpdateFlags flags)
        where TValue : unmanaged
    {
        fixed (byte* v = Bytes(map, values))
        {
            return map.Found(map.Call(BpfCommand.MapLookupElem, key, v, (ulong)flags), MapErrors.Lookup, flags);
        }
    }

    public static void Update<TValue>(BpfMap map, void* key, ReadOnlySpan<TValue> values, BpfUpdateFlags flags)
        where TValue : unmanaged
    {
        PerCpuLayout layout = map.Layout;
        if (values.Length != layout.CpuCount)
            throw PerCpuErrors.Length(values.Length, layout.CpuCount);
        if (layout.Stride == sizeof(TValue))
        {
            fixed (TValue* v = values)
            {
                Update(map, key, v, flags);
            }

            return;
        }

        byte[]? rented = null;
        Span<byte> bytes = layout.ElementSize <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(layout.ElementSize);
        bytes = bytes[..layout.ElementSize];
        bytes.Clear();
        Spread(layout, values, bytes);
        try
        {
            fixed (byte* v = bytes)
            {
                Update(map, key, v, flags);
            }
        }
        finally
        {
            Return(rented);
        }
    }

    public static bool Read<TValue>(BpfMap map, BpfCommand command, string operation, void* key, Span<TValue> values, BpfUpdateFlags flags)
        where TValue : unmanaged
    {
        PerCpuLayout layout = map.Layout;
        if (values.Length != layout.CpuCount)
            throw PerCpuErrors.Length(values.Length, layout.CpuCount);
        if (layout.Stride == sizeof(TValue))
        {
            fixed (TValue* v = values)
            {
                return map.Found(map.Call(command, key, v, (ulong)flags), operation, flags);
            }
        }

        byte[]? rented = null;
        Span<byte> bytes = layout.ElementSize <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(layout.ElementSize);
        bytes = bytes[..layout.ElementSize];
        try
        {
            fixed (byte* v = bytes)
            {
                if (!map.Found(map.Call(command, key, v, (ulong)flags), operation, flags))
                    return false;
            }

            new PerCpuValues<TValue>(bytes, layout).CopyTo(values);
            return true;
        }
        finally
        {
            Return(rented);
        }
    }

    public static void UpdateOne<TValue>(BpfMap map, void* key, in TValue value, int cpu, BpfUpdateFlags flags)
        where TValue : unmanaged
    {
        flags = OneCpu(map, cpu, flags);
        fixed (TValue* v = &value)
        {
            Update(map, key, v, flags);
        }
    }

    public static void UpdateAll<TValue>(BpfMap map, void* key, in TValue value, BpfUpdateFlags flags)
        where TValue : unmanaged
    {
        fixed (TValue* v = &value)
        {
            Update(map, key, v, flags | BpfUpdateFlags.AllCpus);
        }
    }

    public static bool LookupOne<TValue>(BpfMap map, void* key, out TValue value, int cpu)
        where TValue : unmanaged
    {
        BpfUpdateFlags flags = OneCpu(map, cpu, BpfUpdateFlags.Any);
        value = default;
        fixed (TValue* v = &value)
        {
            return map.Found(map.Call(BpfCommand.MapLookupElem, key, v, (ulong)flags), MapErrors.Lookup, flags);
        }
    }

    public static void UpdateBatch<TValue>(BpfMap map, void* keys, int count, ReadOnlySpan<TValue> values, BpfUpdateFlags flags)
        where TValue : unmanaged
    {
        PerCpuLayout layout = map.Layout;
        BatchArguments.SameLength(checked(count * layout.CpuCount), values.Length, layout.CpuCount);
        if (layout.Stride == sizeof(TValue))
        {
            fixed (TValue* v = values)
            {
                map.UpdateBatch(keys, v, count, flags);
            }

            return;
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(checked(Math.Max(1, count * layout.ElementSize)));
        try
        {
            Span<byte> bytes = rented.AsSpan(0, count * layout.ElementSize);
            bytes.Clear();
            Spread(layout, values, bytes);
            fixed (byte* v = bytes)
            {
                map.UpdateBatch(keys, v, count, flags);
            }
        }
        finally
        {
            Return(rented);
        }
    }

    public static int ReadBatch<TValue>(BpfMap map, BpfCommand command, string operation, ref BpfBatchCursor cursor, void* keys, int count, Span<TValue> values, BpfUpdateFlags flags)
        where TValue : unmanaged
    {
        PerCpuLayout layout = map.Layout;
        BatchArguments.SameLength(checked(count * layout.CpuCount), values.Length, layout.CpuCount);
        if (layout.Stride == sizeof(TValue))
        {
            fixed (TValue* v = values)
            {
                return map.ReadBatch(command, operation, ref cursor, keys, v, count, flags);
            }
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(checked(Math.Max(1, count * layout.ElementSize)));
        try
        {
            int read;
            fixed (byte* v = rented)
            {
                read = map.ReadBatch(command, operation, ref cursor, keys, v, count, flags);
            }

            ref byte source = ref rented[0];
            for (int i = 0; i < read * layout.CpuCount; i++)
                values[i] = Unsafe.ReadUnaligned<TValue>(ref Unsafe.Add(ref source, layout.Offset(i)));
            return read;
        }
        finally
        {
            Return(rented);
        }
    }

    private static void Update(BpfMap map, void* key, void* value, BpfUpdateFlags flags)
    {
        int result = map.Call(BpfCommand.MapUpdateElem, key, value, (ulong)flags);
        if (result < 0)
            MapErrors.Throw(result, map, MapErrors.Update, flags);
    }

    private static Span<byte> Bytes<TValue>(BpfMap map, PerCpuBuffer<TValue> values)
        where TValue : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Layout.ElementSize != map.ElementSize || values.Layout.CpuCount != map.Layout.CpuCount)
            throw new ArgumentException($"The buffer is for values of {values.Layout.CpuCount} CPUs and {values.Layout.ValueSize} bytes, {map.Subject} has {map.Layout.CpuCount} CPUs and {map.ValueSize} bytes: make it with this map's CreateBuffer.", nameof(values));
        return values.Bytes;
    }

    /// <summary>Flags that name a CPU; the kernel would take a negative one as a huge one.</summary>
    private static BpfUpdateFlags OneCpu(BpfMap map, int cpu, BpfUpdateFlags flags)
    {
        _ = map.Layout.SlotOf(cpu);
        return flags | BpfUpdateFlags.Cpu | (BpfUpdateFlags)((ulong)(uint)cpu << 32);
    }

    // Slots of consecutive elements follow each other without a gap of their own.
    private static void Spread<TValue>(PerCpuLayout layout, ReadOnlySpan<TValue> values, Span<byte> bytes)
        where TValue : unmanaged
    {
        for (int i = 0; i < values.Length; i++)
            Unsafe.WriteUnaligned(ref bytes[layout.Offset(i)], values[i]);
    }

    private static void Return(byte[]? rented)
    {
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }
}
