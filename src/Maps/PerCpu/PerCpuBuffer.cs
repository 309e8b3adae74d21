using System.Buffers;
using System.Runtime.CompilerServices;

namespace LibbpfSharp.Maps;

/// <summary>
/// Room for the values of one key, one for each possible CPU, to be filled by lookups and given to updates again and
/// again. Its memory is pooled; Dispose gives it back. Not for several threads at once.
/// </summary>
/// <typeparam name="TValue">The value of one CPU.</typeparam>
public sealed class PerCpuBuffer<TValue> : IDisposable
    where TValue : unmanaged
{
    private readonly PerCpuLayout _layout;
    private byte[]? _bytes;

    internal PerCpuBuffer(PerCpuLayout layout)
    {
        _layout = layout;
        _bytes = ArrayPool<byte>.Shared.Rent(layout.ElementSize);
        // The gaps between the values go to the kernel too.
        _bytes.AsSpan(0, layout.ElementSize).Clear();
    }

    /// <summary>Number of possible CPUs.</summary>
    public int Count => _layout.CpuCount;

    /// <summary>Numbers of the CPUs; value i belongs to <c>Cpus[i]</c>.</summary>
    public IReadOnlyList<int> Cpus => _layout.Cpus;

    /// <summary>The values, to read.</summary>
    public PerCpuValues<TValue> Values => new(Bytes, _layout);

    /// <summary>A value by its place, 0 to Count - 1, to read and write.</summary>
    /// <param name="slot">The place.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such place.</exception>
    public ref TValue this[int slot]
    {
        get
        {
            if ((uint)slot >= (uint)Count)
                PerCpuErrors.ThrowSlot(slot, Count);
            return ref Unsafe.As<byte, TValue>(ref Bytes[_layout.Offset(slot)]);
        }
    }

    /// <summary>The whole element, as bpf(2) takes it.</summary>
    internal Span<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_bytes is null, this);
            return _bytes.AsSpan(0, _layout.ElementSize);
        }
    }

    internal PerCpuLayout Layout => _layout;

    /// <summary>The value of a CPU, by its number, to read and write.</summary>
    /// <param name="cpu">Number of a possible CPU.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such possible CPU.</exception>
    public ref TValue OfCpu(int cpu) => ref this[_layout.SlotOf(cpu)];

    /// <summary>Sets every CPU's value.</summary>
    /// <param name="value">The value.</param>
    public void Fill(in TValue value)
    {
        TValue copy = value;
        for (int slot = 0; slot < Count; slot++)
            this[slot] = copy;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}
