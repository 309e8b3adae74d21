namespace LibbpfSharp.Emulator;

/// <summary>struct bpf_cpumask: bits of CPUs, and a count that programs do not see.</summary>
internal sealed unsafe class CpumaskObject : GuestObject
{
    private readonly int _words;

    public CpumaskObject(int cpus)
        : base((uint)((cpus + 63) / 64 * sizeof(ulong)), isWritable: false) => _words = (cpus + 63) / 64;

    public override string Description => "a mask of CPUs";

    /// <summary>The bits.</summary>
    public Span<ulong> Words => new(Memory, _words);

    /// <summary>Sets or clears a bit.</summary>
    /// <returns>Whether it was set before.</returns>
    public bool Change(int cpu, bool on)
    {
        ulong* word = (ulong*)Memory + (cpu / 64);
        ulong bit = 1UL << cpu;
        ulong before = on ? Interlocked.Or(ref *word, bit) : Interlocked.And(ref *word, ~bit);
        return (before & bit) != 0;
    }
}
