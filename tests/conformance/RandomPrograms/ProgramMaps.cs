using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.RandomPrograms;

/// <summary>The maps and BTF that all generated programs use, once per kernel; emptied between programs.</summary>
internal sealed unsafe class ProgramMaps : IDisposable
{
    /// <summary>Size of the one value of the array: an address in it can be loaded only where there is one.</summary>
    public const int ArrayValueSize = 256;
    public const int ResultSize = 128;
    public const int HashEntries = 8;
    public const int HashValueSize = 16;
    public const uint KeyLimit = 16;

    private readonly IBpfKernel _kernel;

    public ProgramMaps(IBpfKernel kernel)
    {
        _kernel = kernel;
        Array = Create(BpfMapType.Array, ArrayValueSize, 1);
        Hash = Create(BpfMapType.Hash, HashValueSize, HashEntries);
        PerCpu = Create(BpfMapType.PerCpuArray, HashValueSize, 4);
        Result = Create(BpfMapType.Array, ResultSize, 1);

        var btf = new BtfBuilder();
        uint number = btf.AddInt("long", 8, BtfIntEncoding.Signed);
        uint index = btf.AddInt("unsigned int", 4);
        uint result = btf.AddInt("int", 4, BtfIntEncoding.Signed);
        uint pointer = btf.AddPointer(0);
        uint main = btf.AddFunctionPrototype(result);
        btf.AddParameter("skb", pointer);
        uint subprogram = btf.AddFunctionPrototype(number);
        foreach (string name in (string[])["a", "b", "c"])
            btf.AddParameter(name, number);
        uint callback = btf.AddFunctionPrototype(number);
        btf.AddParameter("index", index);
        btf.AddParameter("ctx", pointer);
        MainFunction = btf.AddFunction("generated", main, BtfLinkage.Global);
        Subprogram = btf.AddFunction("subprogram", subprogram, BtfLinkage.Static);
        Callback = btf.AddFunction("callback", callback, BtfLinkage.Static);
        BtfFd = TestProgram.LoadBtf(kernel, btf.ToArray());
        Assert.True(BtfFd >= 0, $"{kernel.Name} refuses the generator's BTF: {BpfErrnoText.Name((BpfErrno)(-BtfFd))}");
    }

    public int Array { get; }

    public int Hash { get; }

    public int PerCpu { get; }

    public int Result { get; }

    public int BtfFd { get; }

    public uint MainFunction { get; }

    public uint Subprogram { get; }

    public uint Callback { get; }

    /// <summary>Brings every map to the state in which each program starts.</summary>
    public void Reset()
    {
        byte[] value = new byte[Math.Max(ResultSize, ArrayValueSize)];
        for (int at = 0; at < ArrayValueSize; at++)
            value[at] = (byte)(at * 37);
        Check(Element(BpfCommand.MapUpdateElem, Array, 0, value));
        System.Array.Clear(value);
        for (uint i = 0; i < 4; i++)
            Check(Element(BpfCommand.MapUpdateElem, PerCpu, i, value));
        Check(Element(BpfCommand.MapUpdateElem, Result, 0, value));
        for (uint key = 0; key < KeyLimit; key++)
            Element(BpfCommand.MapDeleteElem, Hash, key, value);
        for (uint key = 0; key < KeyLimit; key += 3)
        {
            value.AsSpan().Fill((byte)(key + 1));
            Check(Element(BpfCommand.MapUpdateElem, Hash, key, value));
        }
    }

    /// <summary>All that the maps hold, as text.</summary>
    public string Dump()
    {
        var text = new System.Text.StringBuilder();
        byte[] value = new byte[ArrayValueSize];
        foreach ((string name, int fd, uint keys, int size) in ((string, int, uint, int)[])[("result", Result, 1, ResultSize), ("array", Array, 1, ArrayValueSize), ("percpu", PerCpu, 4, HashValueSize * 2), ("hash", Hash, KeyLimit, HashValueSize)])
        {
            for (uint key = 0; key < keys; key++)
            {
                if (Element(BpfCommand.MapLookupElem, fd, key, value) == 0)
                    text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{name}[{key}] {Convert.ToHexStringLower(value.AsSpan(0, size))}\n");
            }
        }

        return text.ToString();
    }

    public void Dispose()
    {
        foreach (int fd in (int[])[Array, Hash, PerCpu, Result, BtfFd])
            _kernel.Close(fd);
    }

    private int Create(BpfMapType type, int valueSize, int entries)
    {
        BpfAttr attr = default;
        attr.map_create.map_type = (uint)type;
        attr.map_create.key_size = 4;
        attr.map_create.value_size = (uint)valueSize;
        attr.map_create.max_entries = (uint)entries;
        int fd = _kernel.Bpf(BpfCommand.MapCreate, ref attr, 120);
        Assert.True(fd >= 0, $"{_kernel.Name} refuses {type}: {BpfErrnoText.Name((BpfErrno)(-fd))}");
        return fd;
    }

    private int Element(BpfCommand command, int fd, uint key, byte[] value)
    {
        fixed (byte* bytes = value)
        {
            BpfAttr attr = default;
            attr.map_elem.map_fd = (uint)fd;
            attr.map_elem.key = (ulong)&key;
            attr.map_elem.value = command == BpfCommand.MapDeleteElem ? 0 : (ulong)bytes;
            return _kernel.Bpf(command, ref attr, 120);
        }
    }

    private static void Check(int result) => Assert.True(result == 0, $"errno {-result}");
}
