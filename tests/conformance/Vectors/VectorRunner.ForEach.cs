using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Tests.Conformance.Kernel;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.Tests.Conformance.Vectors;

// bpf_for_each_map_elem with a callback that records what it is shown.
internal sealed unsafe partial class VectorRunner
{
    private const int DeleteCurrent = 1;
    private const int WriteValue = 2;
    private const int UpdateCurrent = 4;

    private void RunForEach(VectorStep step)
    {
        VectorHandle handle = Handle(step);
        byte[] exchange = NewExchange();
        BitConverter.TryWriteBytes(exchange.AsSpan(NewValueAt), step.Word("newval"));

        var program = new BpfAssembler();
        program.LoadMapFd(R1, handle.Fd).LoadFunction(R2, "callback").Mov(R3, R10).LoadImm64(R4, step.Word("flags")).Call(BpfHelperId.ForEachMapElem);
        Exchange(program, R1, ResultAt);
        program.Store(BpfSize.DoubleWord, R1, 0, R0).Mov(R0, 0).Exit();
        uint callbackSlot = (uint)program.Count;
        AddCallback(program, step.Int("action"), step.Int("stop_after"));

        var btf = new BtfBuilder();
        uint number = btf.AddInt("long", 8, BtfIntEncoding.Signed);
        uint shortNumber = btf.AddInt("int", 4, BtfIntEncoding.Signed);
        uint pointer = btf.AddPointer(0);
        uint mainType = btf.AddFunctionPrototype(shortNumber);
        btf.AddParameter("skb", pointer);
        uint callbackType = btf.AddFunctionPrototype(number);
        foreach (string parameter in (string[])["map", "key", "value", "ctx"])
            btf.AddParameter(parameter, pointer);
        uint main = btf.AddFunction("visit_all", mainType, BtfLinkage.Global);
        uint callback = btf.AddFunction("visit_one", callbackType, BtfLinkage.Static);
        int btfFd = TestProgram.LoadBtf(_kernel, btf.ToArray());
        if (btfFd < 0)
            throw new InvalidOperationException($"The BTF of the callback is refused: {BpfErrnoText.Name((BpfErrno)(-btfFd))}.");
        _otherFds.Add(btfFd);

        if (LoadAndRun(step, program.Build(), exchange, [(0, main), (callbackSlot, callback)], btfFd) is not { } after)
            return;
        long calls = BitConverter.ToInt64(after, CallsAt);
        step.Actual["helper_ret"] = BitConverter.ToInt64(after, ResultAt);
        step.Actual["calls"] = calls;
        step.Actual["last_action_ret"] = BitConverter.ToInt64(after, LastResultAt);
        step.Actual["visited"] = Enumerable.Range(0, (int)Math.Min(calls, MaxVisits)).Select(i => (object)new object[]
        {
            Convert.ToHexStringLower(after.AsSpan(VisitsAt + (i * 16), 4)),
            Convert.ToHexStringLower(after.AsSpan(VisitsAt + (i * 16) + 8, 8)),
        }).ToArray();
    }

    // long callback(map, key, value, ctx)
    private void AddCallback(BpfAssembler program, int action, int stopAfter)
    {
        program.Label("callback").Mov(R6, R1).Mov(R7, R2).Mov(R8, R3);
        Exchange(program, R9, 0);
        program.Load(BpfSize.DoubleWord, R1, R9, CallsAt).Jge(R1, MaxVisits, "recorded").Mov(R2, R1).Lsh(R2, 4);
        Exchange(program, R3, VisitsAt);
        program.Add(R3, R2)
            .Load(BpfSize.Word, R4, R7, 0).Store(BpfSize.Word, R3, 0, R4)
            .Load(BpfSize.DoubleWord, R4, R8, 0).Store(BpfSize.DoubleWord, R3, 8, R4)
            .Label("recorded").Add(R1, 1).Store(BpfSize.DoubleWord, R9, CallsAt, R1);
        switch (action)
        {
            case DeleteCurrent:
                program.Mov(R1, R6).Mov(R2, R7).Call(BpfHelperId.MapDeleteElem).Store(BpfSize.DoubleWord, R9, LastResultAt, R0);
                break;
            case WriteValue:
                program.Load(BpfSize.DoubleWord, R1, R9, NewValueAt).Store(BpfSize.DoubleWord, R8, 0, R1);
                break;
            case UpdateCurrent:
                program.Mov(R1, R6).Mov(R2, R7);
                Exchange(program, R3, NewValueAt);
                program.Mov(R4, 0).Call(BpfHelperId.MapUpdateElem).Store(BpfSize.DoubleWord, R9, LastResultAt, R0);
                break;
        }

        if (stopAfter > 0)
            program.Load(BpfSize.DoubleWord, R1, R9, CallsAt).Mov(R0, 0).Jne(R1, stopAfter, "go on").Mov(R0, 1).Label("go on").Exit();
        else
            program.Mov(R0, 0).Exit();
    }
}
