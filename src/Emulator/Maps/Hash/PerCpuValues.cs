using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// The layout of per-CPU values, in elements and as bpf(2) passes them: a slot of the value size rounded up to 8 bytes for
/// each possible CPU. bpf(2) copies whole slots, bytes beyond the value included, both ways (Linux 6.18; from 7.0 on an
/// update leaves those bytes alone).
/// </summary>
internal readonly unsafe struct PerCpuValues(EmulatedKernel kernel, uint valueSize)
{
    private const ulong FlagCpu = 8, FlagAllCpus = 16;
    private readonly uint _valueSize = valueSize;
    private readonly uint _stride = (valueSize + 7) & ~7u;
    private readonly int _cpuCount = kernel.CpuCount;
    private readonly EmulatedFacts _machine = kernel.Machine;
    private readonly uint _copied = kernel.IsAtLeast(7, 0) ? valueSize : (valueSize + 7) & ~7u;

    /// <summary>Distance of slots in bytes.</summary>
    public uint Stride => _stride;

    /// <summary>Size of all slots in bytes.</summary>
    public uint TotalSize => _stride * (uint)_cpuCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Slot(byte* value, int slot) => value + ((ulong)(uint)slot * _stride);

    /// <summary>The slot of a CPU by its number, or null if it is not possible.</summary>
    public byte* SlotOfCpu(byte* value, uint cpu)
    {
        int slot = cpu > int.MaxValue ? -1 : _machine.SlotOf((int)cpu);
        return slot < 0 ? null : Slot(value, slot);
    }

    /// <summary>Copies a value as bpf(2) shows it: all slots, or that of the CPU in the flags (BPF_F_CPU).</summary>
    public int CopyOut(ulong user, byte* value, ulong flags)
    {
        if (!UserMemory.IsValid(user))
            return -Errno.EFAULT;
        if ((flags & FlagCpu) != 0)
            Unsafe.CopyBlockUnaligned((byte*)user, SlotOfCpu(value, (uint)(flags >> 32)), _valueSize);
        else
            Unsafe.CopyBlockUnaligned((byte*)user, value, TotalSize);
        return 0;
    }

    /// <summary>Stores a value as bpf(2) passes it: all slots, one for all CPUs, or one CPU's.</summary>
    public void CopyIn(byte* value, byte* user, ulong flags)
    {
        if ((flags & FlagCpu) != 0)
        {
            Unsafe.CopyBlockUnaligned(SlotOfCpu(value, (uint)(flags >> 32)), user, _valueSize);
            return;
        }

        uint step = (flags & FlagAllCpus) != 0 ? 0 : _stride;
        uint size = (flags & FlagAllCpus) != 0 ? _valueSize : _copied;
        for (int i = 0; i < _cpuCount; i++)
            Unsafe.CopyBlockUnaligned(value + ((ulong)i * _stride), user + ((ulong)i * step), size);
    }

    /// <summary>Stores a program's value into one CPU's slot.</summary>
    public void Store(byte* value, int slot, byte* source) => Unsafe.CopyBlockUnaligned(Slot(value, slot), source, _valueSize);

    /// <summary>Makes the slots zero, but not the bytes beyond the value.</summary>
    public void Clear(byte* value)
    {
        for (int i = 0; i < _cpuCount; i++)
            Unsafe.InitBlockUnaligned(value + ((ulong)i * _stride), 0, _valueSize);
    }
}
