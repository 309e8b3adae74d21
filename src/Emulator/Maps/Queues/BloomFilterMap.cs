using System.Numerics;

namespace LibbpfSharp.Emulator;

/// <summary>BLOOM_FILTER: values can be added and asked for, never taken out.</summary>
internal sealed unsafe class BloomFilterMap : EmulatedMap
{
    private const uint DefaultHashes = 5;
    private readonly NativeBlock _bits;
    private readonly uint _mask;
    private readonly uint _hashes;
    private readonly uint _seed;

    public BloomFilterMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel, spec)
    {
        _hashes = spec.Extra == 0 ? DefaultHashes : (uint)spec.Extra;
        _seed = spec.Has(BpfMapFlags.ZeroSeed) ? 0 : kernel.Random.NextUInt32();

        // 7/5 approximates 1 / ln 2: the size at which as many bits are set as are not.
        ulong bits = (ulong)spec.MaxEntries * _hashes;
        bits = bits > uint.MaxValue || bits / 5 * 7 > 1UL << 31 ? 1UL << 32 : Math.Max(64, BitOperations.RoundUpToPowerOf2(bits / 5 * 7));
        _mask = (uint)(bits - 1);
        _bits = new NativeBlock(bits / 8);
    }

    public override bool LookupReadsValue => true;

    public override int Push(byte* value, ulong flags)
    {
        if (flags != 0)
            return -Errno.EINVAL;
        for (uint i = 0; i < _hashes; i++)
        {
            uint bit = Hash(value, i);
            Interlocked.Or(ref ((int*)_bits.Start)[bit / 32], 1 << (int)(bit % 32));
        }

        return 0;
    }

    public override int Peek(byte* value)
    {
        for (uint i = 0; i < _hashes; i++)
        {
            uint bit = Hash(value, i);
            if ((Volatile.Read(ref ((int*)_bits.Start)[bit / 32]) & (1 << (int)(bit % 32))) == 0)
                return -Errno.ENOENT;
        }

        return 0;
    }

    public override int Pop(byte* value) => -Errno.EOPNOTSUPP;

    public override int UpdateElement(byte* key, byte* value, ulong flags, int cpuSlot) => -Errno.EINVAL;

    public override int SyscallLookup(byte* key, ulong value, ulong flags) => Peek((byte*)value);

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file) => Push(value, flags);

    public override int SyscallDelete(byte* key) => -Errno.EOPNOTSUPP;

    public override int SyscallNextKey(byte* key, ulong next) => -Errno.EOPNOTSUPP;

    protected override void Destroy()
    {
        _bits.Dispose();
        base.Destroy();
    }

    private uint Hash(byte* value, uint index) => JenkinsHash.OfKey(value, ValueSize, _seed + index) & _mask;
}
