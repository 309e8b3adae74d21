using System.Text;
using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.BtfExt;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;

namespace LibbpfSharp.UnitTests.Emulator.Engine;

/// <summary>An emulated kernel with what tests of programs need: maps, loads with C lines, runs.</summary>
internal sealed unsafe class TestMachine : IDisposable
{
    public TestMachine(EmulatedKernelOptions? options = null) => Kernel = new EmulatedKernel(options);

    public EmulatedKernel Kernel { get; }

    /// <summary>The log of the latest load.</summary>
    public string Log { get; private set; } = "";

    public int CreateMap(BpfMapType type, uint keySize, uint valueSize, uint entries, uint flags = 0)
    {
        BpfAttr attr = default;
        attr.map_create.map_type = (uint)type;
        attr.map_create.key_size = keySize;
        attr.map_create.value_size = valueSize;
        attr.map_create.max_entries = entries;
        attr.map_create.map_flags = flags;
        int fd = Kernel.Bpf(BpfCommand.MapCreate, ref attr, BpfAttr.ByteSize);
        Assert.True(fd > 0, $"map: {(BpfErrno)(-fd)}");
        return fd;
    }

    /// <summary>Loads a program whose instruction i comes from line i + 1 of prog.c.</summary>
    /// <returns>A descriptor or -errno.</returns>
    public int TryLoad(
        BpfInstruction[] code, BpfProgramType type = BpfProgramType.SocketFilter, bool withLines = true, string license = "GPL",
        uint flags = 0, BpfAttachType attachType = 0, uint logLevel = 1)
    {
        byte[] log = new byte[1 << 16];
        byte[] licenseBytes = Encoding.UTF8.GetBytes(license + "\0");
        int btf = 0;
        BtfLineInfo[] lines = [];
        BtfFuncInfo[] functions = [];
        if (withLines)
            btf = LoadLines(code, out lines, out functions);
        try
        {
            fixed (BpfInstruction* instructions = code)
            fixed (byte* logBuffer = log, licenseText = licenseBytes)
            fixed (BtfLineInfo* lineInfo = lines)
            fixed (BtfFuncInfo* functionInfo = functions)
            {
                BpfAttr attr = default;
                attr.prog_load.prog_type = (uint)type;
                attr.prog_load.expected_attach_type = (uint)attachType;
                attr.prog_load.insns = (ulong)instructions;
                attr.prog_load.insn_cnt = (uint)code.Length;
                attr.prog_load.license = (ulong)licenseText;
                attr.prog_load.prog_flags = flags;
                attr.prog_load.log_level = logLevel;
                attr.prog_load.log_buf = logLevel == 0 ? 0 : (ulong)logBuffer;
                attr.prog_load.log_size = logLevel == 0 ? 0 : (uint)log.Length;
                if (withLines)
                {
                    attr.prog_load.prog_btf_fd = (uint)btf;
                    attr.prog_load.line_info = (ulong)lineInfo;
                    attr.prog_load.line_info_cnt = (uint)lines.Length;
                    attr.prog_load.line_info_rec_size = 16;
                    attr.prog_load.func_info = (ulong)functionInfo;
                    attr.prog_load.func_info_cnt = (uint)functions.Length;
                    attr.prog_load.func_info_rec_size = 8;
                }

                int fd = Kernel.Bpf(BpfCommand.ProgLoad, ref attr, BpfAttr.ByteSize);
                int end = Array.IndexOf(log, (byte)0);
                Log = Encoding.UTF8.GetString(log, 0, Math.Max(end, 0));
                return fd;
            }
        }
        finally
        {
            if (btf > 0)
                Kernel.Close(btf);
        }
    }

    public int Load(BpfInstruction[] code, BpfProgramType type = BpfProgramType.SocketFilter, bool withLines = true, uint flags = 0)
    {
        int fd = TryLoad(code, type, withLines, flags: flags);
        Assert.True(fd > 0, $"{(BpfErrno)(-fd)}: {Log}");
        return fd;
    }

    /// <summary>BPF_PROG_TEST_RUN over a frame of 64 zero bytes.</summary>
    /// <returns>0 or -errno.</returns>
    public int TestRun(int fd, out uint result, byte[]? packet = null, uint repeat = 1)
    {
        packet ??= new byte[64];
        fixed (byte* data = packet)
        {
            BpfAttr attr = default;
            attr.test.prog_fd = (uint)fd;
            attr.test.data_in = (ulong)data;
            attr.test.data_size_in = (uint)packet.Length;
            attr.test.repeat = repeat;
            int error = Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize);
            result = attr.test.retval;
            return error;
        }
    }

    /// <summary>Loads, runs once and closes; the run must end well.</summary>
    public uint Run(BpfInstruction[] code, BpfProgramType type = BpfProgramType.SocketFilter)
    {
        int fd = Load(code, type);
        int error = TestRun(fd, out uint result);
        Kernel.Close(fd);
        Assert.True(error == 0, $"{(BpfErrno)(-error)}: {Kernel.LastFault}");
        return result;
    }

    public byte[]? Lookup(int map, byte[] key, int valueSize)
    {
        byte[] value = new byte[valueSize];
        fixed (byte* k = key, v = value)
        {
            BpfAttr attr = default;
            attr.map_elem.map_fd = (uint)map;
            attr.map_elem.key = (ulong)k;
            attr.map_elem.value = (ulong)v;
            return Kernel.Bpf(BpfCommand.MapLookupElem, ref attr, 32) == 0 ? value : null;
        }
    }

    public int Update(int map, byte[] key, byte[] value)
    {
        fixed (byte* k = key, v = value)
        {
            BpfAttr attr = default;
            attr.map_elem.map_fd = (uint)map;
            attr.map_elem.key = (ulong)k;
            attr.map_elem.value = (ulong)v;
            return Kernel.Bpf(BpfCommand.MapUpdateElem, ref attr, 32);
        }
    }

    public void Dispose() => Kernel.Dispose();

    private int LoadLines(BpfInstruction[] code, out BtfLineInfo[] lines, out BtfFuncInfo[] functions)
    {
        var btf = new BtfBuilder();
        uint number = btf.AddInt("int", 4, BtfIntEncoding.Signed, 32);
        uint prototype = btf.AddFunctionPrototype(number);
        uint file = btf.AddString("prog.c");
        var records = new List<BtfLineInfo>();
        var starts = new SortedSet<int> { 0 };
        for (int i = 0; i < code.Length; i++)
        {
            records.Add(new BtfLineInfo((uint)i, file, btf.AddString($"line {i + 1};"), (uint)((i + 1) << 10) | 1));
            int target = i + 1 + code[i].Immediate;
            if ((code[i].IsPseudoCall || code[i].IsPseudoFunc) && target >= 0 && target < code.Length)
                starts.Add(target);
            if (code[i].IsLoadImm64)
                i++;
        }

        functions = [.. starts.Select((slot, n) => new BtfFuncInfo((uint)slot, btf.AddFunction(n == 0 ? "prog" : $"sub{n}", prototype, BtfLinkage.Static)))];
        lines = [.. records];
        byte[] bytes = btf.ToArray();
        fixed (byte* data = bytes)
        {
            BpfAttr attr = default;
            attr.btf_load.btf = (ulong)data;
            attr.btf_load.btf_size = (uint)bytes.Length;
            int fd = Kernel.Bpf(BpfCommand.BtfLoad, ref attr, BpfAttr.ByteSize);
            Assert.True(fd > 0, $"BTF: {(BpfErrno)(-fd)}");
            return fd;
        }
    }
}
