namespace LibbpfSharp.Emulator;

/// <summary>Random numbers for the kernel itself (hash seeds), the same for the same seed and order of calls (splitmix64).</summary>
internal sealed class SeededRandom(ulong seed)
{
    private long _state = (long)seed;

    public ulong NextUInt64()
    {
        ulong z = (ulong)Interlocked.Add(ref _state, unchecked((long)0x9E3779B97F4A7C15));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public uint NextUInt32() => (uint)(NextUInt64() >> 32);
}
