using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Unit.Emulator.Stress;

/// <summary>A map of an emulated kernel with a 4-byte key, called by system calls from many threads.</summary>
internal sealed unsafe class StressMap
{
    private readonly EmulatedKernel _kernel;
    private readonly int _valueBytes;

    public StressMap(EmulatedKernel kernel, BpfMapType type, int valueSize, int maxEntries, uint flags = 0)
    {
        _kernel = kernel;
        bool perCpu = type is BpfMapType.PerCpuHash or BpfMapType.PerCpuArray or BpfMapType.LruPerCpuHash;
        _valueBytes = perCpu ? (valueSize + 7) / 8 * 8 * kernel.Facts.PossibleCpus.Count : valueSize;
        BpfAttr attr = default;
        attr.map_create.map_type = (uint)type;
        attr.map_create.key_size = 4;
        attr.map_create.value_size = (uint)valueSize;
        attr.map_create.max_entries = (uint)maxEntries;
        attr.map_create.map_flags = flags;
        Fd = kernel.Bpf(BpfCommand.MapCreate, ref attr, BpfAttr.ByteSize);
        Assert.True(Fd >= 0, $"{type}: {BpfErrnoText.Name((BpfErrno)(-Fd))}");
    }

    public int Fd { get; }

    public int ValueBytes => _valueBytes;

    public int Update(uint key, ReadOnlySpan<byte> value, ulong flags = 0)
    {
        Assert.Equal(_valueBytes, value.Length);
        fixed (byte* bytes = value)
            return Call(BpfCommand.MapUpdateElem, &key, bytes, flags);
    }

    public int Lookup(uint key, Span<byte> value)
    {
        Assert.Equal(_valueBytes, value.Length);
        fixed (byte* bytes = value)
            return Call(BpfCommand.MapLookupElem, &key, bytes, 0);
    }

    public int Delete(uint key) => Call(BpfCommand.MapDeleteElem, &key, null, 0);

    /// <summary>All elements; nothing else may call meanwhile.</summary>
    public Dictionary<uint, byte[]> Walk()
    {
        var all = new Dictionary<uint, byte[]>();
        uint key = 0;
        uint next = 0;
        bool first = true;
        while (true)
        {
            int result = Call(BpfCommand.MapGetNextKey, first ? null : &key, (byte*)&next, 0);
            if (result == -(int)BpfErrno.ENOENT)
                return all;
            Assert.Equal(0, result);
            byte[] value = new byte[_valueBytes];
            Assert.Equal(0, Lookup(next, value));
            Assert.True(all.TryAdd(next, value), $"key {next} comes twice");
            key = next;
            first = false;
        }
    }

    private int Call(BpfCommand command, uint* key, byte* value, ulong flags)
    {
        BpfAttr attr = default;
        attr.map_elem.map_fd = (uint)Fd;
        attr.map_elem.key = (ulong)key;
        attr.map_elem.value = (ulong)value;
        attr.map_elem.flags = flags;
        return _kernel.Bpf(command, ref attr, BpfAttr.ByteSize);
    }
}
