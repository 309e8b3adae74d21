using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;

namespace LibbpfSharp.UnitTests.Emulator;

/// <summary>A map by its bare commands.</summary>
internal sealed unsafe class RawMap
{
    public RawMap(EmulatedKernel kernel, BpfMapType type, uint keySize, uint valueSize, uint maxEntries, BpfMapFlags flags = 0, int innerFd = 0, ulong extra = 0)
    {
        Kernel = kernel;
        ValueSize = valueSize;
        KeySize = keySize;
        var attr = new BpfAttr();
        attr.map_create.map_type = (uint)type;
        attr.map_create.key_size = keySize;
        attr.map_create.value_size = valueSize;
        attr.map_create.max_entries = maxEntries;
        attr.map_create.map_flags = (uint)flags;
        attr.map_create.inner_map_fd = (uint)innerFd;
        attr.map_create.map_extra = extra;
        Fd = kernel.Bpf(BpfCommand.MapCreate, ref attr, BpfAttr.ByteSize);
    }

    public EmulatedKernel Kernel { get; }

    /// <summary>Descriptor or -errno.</summary>
    public int Fd { get; }

    public uint KeySize { get; }

    public uint ValueSize { get; }

    /// <summary>The object behind it.</summary>
    public EmulatedMap Map => (EmulatedMap)Kernel.FindFile(Fd)!.Object;

    public int Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags = 0) => Run(BpfCommand.MapUpdateElem, key, value, flags);

    public int Lookup(ReadOnlySpan<byte> key, Span<byte> value, ulong flags = 0) => Run(BpfCommand.MapLookupElem, key, value, flags);

    public int LookupAndDelete(ReadOnlySpan<byte> key, Span<byte> value) => Run(BpfCommand.MapLookupAndDeleteElem, key, value, 0);

    public int Delete(ReadOnlySpan<byte> key) => Run(BpfCommand.MapDeleteElem, key, default, 0);

    public int NextKey(ReadOnlySpan<byte> key, Span<byte> next) => Run(BpfCommand.MapGetNextKey, key, next, 0);

    public int Update(ulong key, ulong value, ulong flags = 0) =>
        Update(new ReadOnlySpan<byte>(&key, (int)KeySize), new ReadOnlySpan<byte>(&value, sizeof(ulong)), flags);

    public int Lookup(ulong key, out ulong value)
    {
        value = 0;
        fixed (ulong* target = &value)
            return Lookup(new ReadOnlySpan<byte>(&key, (int)KeySize), new Span<byte>(target, sizeof(ulong)));
    }

    public int Delete(ulong key) => Delete(new ReadOnlySpan<byte>(&key, (int)KeySize));

    /// <summary>The keys, by walking.</summary>
    public List<ulong> Keys()
    {
        List<ulong> keys = [];
        ulong key = 0, next = 0;
        int result = NextKey(default, new Span<byte>(&next, (int)KeySize));
        while (result == 0)
        {
            keys.Add(next);
            key = next;
            result = NextKey(new ReadOnlySpan<byte>(&key, (int)KeySize), new Span<byte>(&next, (int)KeySize));
        }

        Assert.Equal(-(int)BpfErrno.ENOENT, result);
        return keys;
    }

    private int Run(BpfCommand command, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags)
    {
        fixed (byte* keyPointer = key)
        fixed (byte* valuePointer = value)
        {
            BpfAttr attr = default;
            attr.map_elem.map_fd = (uint)Fd;
            attr.map_elem.key = (ulong)keyPointer;
            attr.map_elem.value = (ulong)valuePointer;
            attr.map_elem.flags = flags;
            return Kernel.Bpf(command, ref attr, 32);
        }
    }
}
