using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.Tests.Conformance.Vectors;

// Helpers called from a SCHED_CLS program. Arguments and results pass through the value of an array map, in which each
// has its place; the program reaches them by their addresses.
internal sealed unsafe partial class VectorRunner
{
    private const int KeyAt = 0;
    private const int ValueAt = 64;
    private const int ResultAt = 576;
    private const int FoundAt = 584;
    private const int CallsAt = 592;
    private const int LastResultAt = 600;
    private const int NewValueAt = 608;
    private const int OutputAt = 640;
    private const int OutputSize = 256;
    private const int VisitsAt = 1024;
    private const int MaxVisits = 256;
    private const int ExchangeSize = VisitsAt + (MaxVisits * 16);

    private static int s_linuxSumElementsId;
    private int _exchangeFd = -1;

    private void LoadTrivialProgram(VectorStep step)
    {
        int fd = TestProgram.Load(_kernel, (BpfProgramType)step.Int("prog_type"), new BpfAssembler().Mov(R0, 0).Exit().Build());
        step.Answer(fd);
        _handles[step.Text("as")!] = new VectorHandle(Math.Max(fd, -1), null);
    }

    private void LoadSpinLockBtf(VectorStep step)
    {
        var btf = new BtfBuilder();
        uint u32 = btf.AddInt("unsigned int", 4);
        uint spinLock = btf.AddStruct("bpf_spin_lock", 4);
        btf.AddMember("val", u32, 0);
        btf.AddStruct("locked", 8);
        btf.AddMember("cnt", u32, 0);
        btf.AddMember("lock", spinLock, 32);
        btf.AddStruct("plain", 8);
        btf.AddMember("a", u32, 0);
        btf.AddMember("b", u32, 32);
        int fd = TestProgram.LoadBtf(_kernel, btf.ToArray());
        step.Answer(fd);
        _handles[step.Text("as")!] = new VectorHandle(Math.Max(fd, -1), null);
    }

    private void RunHelper(VectorStep step)
    {
        VectorHandle handle = Handle(step);
        byte[] exchange = NewExchange();
        exchange.AsSpan(OutputAt, OutputSize).Fill(0xEE);
        if (!step.IsNull("key"))
            Convert.FromHexString(step.Text("key")!).CopyTo(exchange, KeyAt);
        if (step.Op is "prog_update" or "prog_push")
            Convert.FromHexString(step.Text("value")!).CopyTo(exchange, ValueAt);
        bool asks = step.Op == "prog_peek" && handle.Type == "BLOOM_FILTER";
        if (asks)
            Convert.FromHexString(step.Text("value")!).CopyTo(exchange, OutputAt);

        var program = new BpfAssembler();
        program.LoadMapFd(R1, handle.Fd);
        switch (step.Op)
        {
            case "prog_update":
                Exchange(program, R2, KeyAt);
                Exchange(program, R3, ValueAt);
                program.LoadImm64(R4, step.Word("flags")).Call(BpfHelperId.MapUpdateElem);
                break;
            case "prog_delete":
                Exchange(program, R2, KeyAt);
                program.Call(BpfHelperId.MapDeleteElem);
                break;
            case "prog_push":
                Exchange(program, R2, ValueAt);
                program.LoadImm64(R3, step.Word("flags")).Call(BpfHelperId.MapPushElem);
                break;
            case "prog_pop" or "prog_peek":
                Exchange(program, R2, OutputAt);
                program.Call(step.Op == "prog_pop" ? BpfHelperId.MapPopElem : BpfHelperId.MapPeekElem);
                break;
            default:
                Exchange(program, R2, KeyAt);
                if (step.Op == "prog_lookup_percpu")
                    program.Mov(R3, step.Int("cpu"));
                program.Call(step.Op == "prog_lookup" ? BpfHelperId.MapLookupElem : BpfHelperId.MapLookupPercpuElem);
                program.Jeq(R0, 0, "missing").Mov(R6, R0);
                Exchange(program, R7, OutputAt);
                CopyValue(program, handle.ValueSize);
                Exchange(program, R1, FoundAt);
                program.Store(BpfSize.DoubleWord, R1, 0, 1).Label("missing").Mov(R0, 0);
                break;
        }

        Exchange(program, R1, ResultAt);
        program.Store(BpfSize.DoubleWord, R1, 0, R0).Mov(R0, 0).Exit();
        byte[]? after = LoadAndRun(step, program.Build(), exchange);
        if (after is null)
            return;
        if (step.Op.StartsWith("prog_lookup", StringComparison.Ordinal))
        {
            bool found = BitConverter.ToInt64(after, FoundAt) != 0;
            step.Actual["found"] = found;
            if (found)
                step.Actual["value"] = Convert.ToHexStringLower(after.AsSpan(OutputAt, handle.ValueSize));
        }
        else
        {
            step.Actual["helper_ret"] = BitConverter.ToInt64(after, ResultAt);
            if (step.Op is "prog_pop" or "prog_peek")
                step.Actual["value"] = Convert.ToHexStringLower(after.AsSpan(OutputAt, handle.ValueSize));
        }
    }

    private void CountElements(VectorStep step)
    {
        int id = _kernel.IsEmulated || s_linuxSumElementsId == 0 ? TestProgram.FindKernelFunction(_kernel, "bpf_map_sum_elem_count") : s_linuxSumElementsId;
        if (!_kernel.IsEmulated)
            s_linuxSumElementsId = id;
        if (Handle(step).Type == "ARENA")
            PlaceArena(Handle(step));
        byte[] exchange = NewExchange();
        var program = new BpfAssembler();
        program.LoadMapFd(R1, Handle(step).Fd).CallKfunc(id);
        Exchange(program, R1, ResultAt);
        program.Store(BpfSize.DoubleWord, R1, 0, R0).Mov(R0, 0).Exit();
        if (LoadAndRun(step, program.Build(), exchange) is { } after)
            step.Actual["elem_count"] = BitConverter.ToInt64(after, ResultAt);
    }

    // A program may name an arena only when its address in user space is settled.
    private void PlaceArena(VectorHandle handle)
    {
        nint address = 0;
        nuint length = (nuint)(handle.Map!.Value.GetProperty("max_entries").GetInt32() * _kernel.Facts.PageSize);
        int result = _kernel.MapMemory(handle.Fd, length, MemoryProtection.Read | MemoryProtection.Write, MemorySharing.Shared, 0, ref address);
        if (result < 0)
            throw new InvalidOperationException($"The arena cannot be mapped: {BpfErrnoText.Name((BpfErrno)(-result))}.");
        _mappings.Add((address, length));
    }

    private void RingOutput(VectorStep step)
    {
        byte[] exchange = NewExchange();
        if (step.Text("value") is { } value)
            Convert.FromHexString(value).CopyTo(exchange, ValueAt);
        var program = new BpfAssembler();
        program.LoadMapFd(R1, Handle(step).Fd);
        Exchange(program, R2, ValueAt);
        program.Mov(R3, step.Int("size")).LoadImm64(R4, step.Word("flags")).Call(BpfHelperId.RingbufOutput);
        Exchange(program, R1, ResultAt);
        program.Store(BpfSize.DoubleWord, R1, 0, R0).Mov(R0, 0).Exit();
        if (LoadAndRun(step, program.Build(), exchange) is { } after)
            step.Actual["helper_ret"] = BitConverter.ToInt64(after, ResultAt);
    }

    private void RingReserve(VectorStep step)
    {
        byte[] exchange = NewExchange();
        var program = new BpfAssembler();
        program.LoadMapFd(R1, Handle(step).Fd).LoadImm64(R2, step.Word("size")).LoadImm64(R3, step.Word("reserve_flags")).Call(BpfHelperId.RingbufReserve);
        program.Jeq(R0, 0, "refused");
        if (step.Has("fill") && step.Word("size") >= 8)
            program.LoadImm64(R1, step.Word("fill")).Store(BpfSize.DoubleWord, R0, 0, R1);
        program.Mov(R1, R0).LoadImm64(R2, step.Word("flags")).Call(step.Op == "rb_submit" ? BpfHelperId.RingbufSubmit : BpfHelperId.RingbufDiscard);
        Exchange(program, R1, FoundAt);
        program.Store(BpfSize.DoubleWord, R1, 0, 1).Label("refused").Mov(R0, 0).Exit();
        if (LoadAndRun(step, program.Build(), exchange) is { } after)
            step.Actual["reserve_failed"] = BitConverter.ToInt64(after, FoundAt) != 0 ? 0L : 1L;
    }

    private void RingQuery(VectorStep step)
    {
        byte[] exchange = NewExchange();
        var program = new BpfAssembler();
        program.LoadMapFd(R1, Handle(step).Fd).LoadImm64(R2, step.Word("flags")).Call(BpfHelperId.RingbufQuery);
        Exchange(program, R1, ResultAt);
        program.Store(BpfSize.DoubleWord, R1, 0, R0).Mov(R0, 0).Exit();
        if (LoadAndRun(step, program.Build(), exchange) is { } after)
            step.Actual["helper_ret"] = BitConverter.ToInt64(after, ResultAt);
    }

    private static void CopyValue(BpfAssembler program, int size)
    {
        short offset = 0;
        for (; offset + 8 <= size; offset += 8)
            program.Load(BpfSize.DoubleWord, R1, R6, offset).Store(BpfSize.DoubleWord, R7, offset, R1);
        for (; offset < size; offset++)
            program.Load(BpfSize.Byte, R1, R6, offset).Store(BpfSize.Byte, R7, offset, R1);
    }

    private BpfAssembler Exchange(BpfAssembler program, BpfRegister register, int offset) => program.LoadMapValue(register, _exchangeFd, offset);

    private byte[] NewExchange()
    {
        if (_exchangeFd < 0)
        {
            BpfAttr attr = default;
            attr.map_create.map_type = (uint)BpfMapType.Array;
            attr.map_create.key_size = 4;
            attr.map_create.value_size = ExchangeSize;
            attr.map_create.max_entries = 1;
            _exchangeFd = Call(BpfCommand.MapCreate, ref attr);
            if (_exchangeFd < 0)
                throw new InvalidOperationException($"The array for arguments is refused: {BpfErrnoText.Name((BpfErrno)(-_exchangeFd))}.");
            _otherFds.Add(_exchangeFd);
        }

        return new byte[ExchangeSize];
    }

    // Gives what the exchange area holds after the run; null if the program was refused.
    private byte[]? LoadAndRun(VectorStep step, BpfInstruction[] program, byte[] exchange, ReadOnlySpan<(uint, uint)> functions = default, int btfFd = 0)
    {
        byte[] log = new byte[65536];
        int fd = TestProgram.Load(_kernel, BpfProgramType.SchedCls, program, functions, btfFd);
        step.Actual["load_ret"] = fd < 0 ? -1L : 0L;
        step.Actual["load_errno"] = fd < 0 ? -(long)fd : 0L;
        if (fd < 0)
        {
            if (!step.Has("load_errno"))
            {
                int second = TestProgram.Load(_kernel, BpfProgramType.SchedCls, program, functions, btfFd, log);
                if (second >= 0)
                    _kernel.Close(second);
                throw new InvalidOperationException(
                    $"The program is refused with {BpfErrnoText.Name((BpfErrno)(-fd))}: {System.Text.Encoding.UTF8.GetString(log).TrimEnd('\0')}");
            }

            return null;
        }

        try
        {
            ExchangeCall(BpfCommand.MapUpdateElem, exchange);
            int result = TestProgram.Run(_kernel, fd, new byte[64], default, out _, out _);
            if (result < 0)
                throw new InvalidOperationException($"BPF_PROG_TEST_RUN gives {BpfErrnoText.Name((BpfErrno)(-result))}.");
            ExchangeCall(BpfCommand.MapLookupElem, exchange);
            return exchange;
        }
        finally
        {
            _kernel.Close(fd);
        }
    }

    private void ExchangeCall(BpfCommand command, byte[] bytes)
    {
        uint key = 0;
        fixed (byte* value = bytes)
        {
            BpfAttr attr = default;
            attr.map_elem.map_fd = (uint)_exchangeFd;
            attr.map_elem.key = (ulong)&key;
            attr.map_elem.value = (ulong)value;
            int result = Call(command, ref attr);
            if (result < 0)
                throw new InvalidOperationException($"{command} of the array for arguments gives {BpfErrnoText.Name((BpfErrno)(-result))}.");
        }
    }
}
