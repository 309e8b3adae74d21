using System.Text;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.Refusals;

/// <summary>A kernel with what wrong programs refer to.</summary>
internal sealed unsafe class RefusalMachine : IDisposable
{
    private readonly TestMachine _machine;
    private readonly List<int> _opened = [];
    private readonly Lazy<BtfData> _btf;

    public RefusalMachine(string kernel)
    {
        _machine = TestMachine.Create(kernel);
        Array = CreateMap(BpfMapType.Array, 8, 1);
        TwoElements = CreateMap(BpfMapType.Array, 8, 2);
        Hash = CreateMap(BpfMapType.Hash, 8, 4);
        ReadOnlyArray = CreateMap(BpfMapType.Array, 8, 1, 1 << 7);
        Queue = CreateMap(BpfMapType.Queue, 8, 4);
        Program = Load(new Refusal("fine", _ => Refusals.Fine), out _);
        _opened.Add(Program);
        Assert.True(Program >= 0);
        _btf = new(ReadBtf);
    }

    public IBpfKernel Kernel => _machine.Kernel;

    /// <summary>An array of one value of 8 bytes.</summary>
    public int Array { get; }

    public int TwoElements { get; }

    public int Hash { get; }

    /// <summary>An array that programs may only read.</summary>
    public int ReadOnlyArray { get; }

    public int Queue { get; }

    public int Program { get; }

    /// <summary>Id of something in the kernel's BTF.</summary>
    public int Type(string name, BtfKind kind) =>
        _btf.Value.TryFindByName(name, kind, out uint id) ? (int)id : throw new InvalidOperationException($"{Kernel.Name} has no {kind} {name}.");

    /// <summary>Offers a program to the kernel.</summary>
    /// <returns>A descriptor or -errno.</returns>
    public int Load(Refusal program, out string log)
    {
        BpfInstruction[] code = program.Code(this);
        byte[] text = new byte[1 << 16];
        byte[] license = Encoding.ASCII.GetBytes(program.License + "\0");
        fixed (BpfInstruction* instructions = code)
        fixed (byte* licenseText = license, buffer = text)
        {
            BpfAttr attr = default;
            attr.prog_load.prog_type = (uint)program.Type;
            attr.prog_load.expected_attach_type = (uint)program.Attach;
            attr.prog_load.insns = (ulong)instructions;
            attr.prog_load.insn_cnt = (uint)code.Length;
            attr.prog_load.license = (ulong)licenseText;
            attr.prog_load.prog_flags = program.Flags;
            attr.prog_load.log_level = 1;
            attr.prog_load.log_buf = (ulong)buffer;
            attr.prog_load.log_size = (uint)text.Length;
            if (program.Target.Length > 0)
                attr.prog_load.attach_btf_id = (uint)Type(program.Target, program.Target.StartsWith("btf_trace", StringComparison.Ordinal) ? BtfKind.Typedef : BtfKind.Func);
            int fd = Kernel.Bpf(BpfCommand.ProgLoad, ref attr, BpfAttr.ByteSize);
            log = Encoding.ASCII.GetString(text, 0, System.Array.IndexOf(text, (byte)0));
            return fd;
        }
    }

    public void Dispose()
    {
        foreach (int fd in _opened)
            Kernel.Close(fd);
        _machine.Dispose();
    }

    private int CreateMap(BpfMapType type, uint valueSize, uint entries, uint flags = 0)
    {
        BpfAttr attr = default;
        attr.map_create.map_type = (uint)type;
        attr.map_create.key_size = type == BpfMapType.Queue ? 0u : 4u;
        attr.map_create.value_size = valueSize;
        attr.map_create.max_entries = entries;
        attr.map_create.map_flags = flags;
        int fd = Kernel.Bpf(BpfCommand.MapCreate, ref attr, BpfAttr.ByteSize);
        Assert.True(fd > 0, $"{type}: {(BpfErrno)(-fd)}");
        _opened.Add(fd);
        return fd;
    }

    private BtfData ReadBtf()
    {
        Assert.Equal(0, Kernel.Facts.ReadBtf(null, out KernelBlob? blob));
        return BtfData.Parse(blob!.Memory.ToArray());
    }
}
