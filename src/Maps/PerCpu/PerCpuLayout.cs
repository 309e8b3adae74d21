using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>
/// Where the CPUs' values lie in the bytes that bpf(2) copies for one element. The only place that knows it:
/// a per-CPU map moves <c>round_up(value_size, 8)</c> bytes for each <em>possible</em> CPU, in ascending order of CPU
/// number; every other map moves <c>value_size</c> bytes (bpf_map_value_size, kernel/bpf/syscall.c).
/// </summary>
internal sealed class PerCpuLayout
{
    private const int SlotAlignment = 8;
    private readonly IReadOnlyList<int> _cpus;

    public PerCpuLayout(IBpfKernel kernel, BpfMapType type, uint valueSize)
    {
        IsPerCpu = Holds(type);
        ValueSize = checked((int)valueSize);
        // One slot, without asking the kernel for its CPUs, where there is nothing per CPU.
        _cpus = IsPerCpu ? kernel.Facts.PossibleCpus : [0];
        CpuCount = _cpus.Count;
        Stride = IsPerCpu ? RoundUp(ValueSize) : ValueSize;
        ElementSize = checked(Stride * CpuCount);
    }

    /// <summary>Whether each CPU has a value of its own.</summary>
    public bool IsPerCpu { get; }

    /// <summary>Bytes of one value, as the map was declared.</summary>
    public int ValueSize { get; }

    /// <summary>Number of possible CPUs, or 1.</summary>
    public int CpuCount { get; }

    /// <summary>Bytes from one CPU's value to the next.</summary>
    public int Stride { get; }

    /// <summary>Bytes that bpf(2) reads or writes for one element.</summary>
    public int ElementSize { get; }

    /// <summary>Numbers of the CPUs, by slot.</summary>
    public IReadOnlyList<int> Cpus => _cpus;

    /// <summary>Whether maps of a type hold a value per CPU.</summary>
    public static bool Holds(BpfMapType type) =>
        type is BpfMapType.PerCpuHash or BpfMapType.PerCpuArray or BpfMapType.LruPerCpuHash or BpfMapType.PerCpuCgroupStorage;

    /// <summary>A size rounded up to whole slots' alignment.</summary>
    public static int RoundUp(int size) => checked(size + SlotAlignment - 1) & ~(SlotAlignment - 1);

    /// <summary>First byte of a slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Offset(int slot) => slot * Stride;

    /// <summary>Slot of a CPU number; possible CPUs may have gaps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such possible CPU.</exception>
    public int SlotOf(int cpu)
    {
        // Nearly every machine has no gaps.
        if ((uint)cpu < (uint)CpuCount && _cpus[cpu] == cpu)
            return cpu;
        for (int slot = 0; slot < CpuCount; slot++)
        {
            if (_cpus[slot] == cpu)
                return slot;
        }

        throw new ArgumentOutOfRangeException(nameof(cpu), cpu, cpu < 0
            ? "A CPU number cannot be negative."
            : $"CPU {cpu} is not one of the kernel's {CpuCount} possible CPUs ({_cpus[0]} to {_cpus[CpuCount - 1]}).");
    }
}
