using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>What is watched during a run: instructions for trace, coverage and history, and bytes that were never written.</summary>
internal sealed unsafe class RunDiagnosis(EmulatorDiagnosis options)
{
    private readonly FrameShadow[] _shadows = new FrameShadow[RegionLayout.MaximumFrames];
    private readonly (ProgramCode Code, int Slot)[] _history = new (ProgramCode, int)[Math.Max(options.HistoryLength, 1)];
    private int _historyCount;
    private ProgramCode? _countedCode;
    private long[] _counters = [];
    private int _depth = -1;

    /// <summary>What was asked for.</summary>
    public EmulatorDiagnosis Options => options;

    /// <summary>The instructions before a fault, the latest last.</summary>
    public IReadOnlyList<string> History
    {
        get
        {
            int count = Math.Min(_historyCount, _history.Length);
            var lines = new string[count];
            for (int i = 0; i < count; i++)
            {
                (ProgramCode code, int slot) = _history[(_historyCount - count + i) % _history.Length];
                lines[i] = $"{slot}: {FaultReport.Disassemble(code, slot)}";
            }

            return lines;
        }
    }

    /// <summary>A run begins.</summary>
    public void Start()
    {
        _historyCount = 0;
        _depth = -1;
    }

    /// <summary>An op is about to run.</summary>
    public void Step(RunContext run, Op* op, ulong* registers)
    {
        ((Frame*)registers)->Current = op;
        ProgramCode code = run.Program.Code;
        int slot = code.Slots[code.IndexOf(op)];
        if (options.Coverage is { } coverage)
        {
            if (!ReferenceEquals(_countedCode, code))
            {
                _countedCode = code;
                _counters = coverage.CountersOf(code);
            }

            Interlocked.Increment(ref _counters[slot]);
        }

        FollowFrames(run, code);
        options.Trace?.Invoke(new EmulatedStep(run, slot, registers));
        CheckRegisters(run, code, slot);
        CheckStack(run, code.Instructions[slot], registers);
        _history[_historyCount++ % _history.Length] = (code, slot);
    }

    /// <summary>A helper reads or writes memory.</summary>
    public void Touch(RunContext run, ulong address, ulong size, bool write)
    {
        if (size == 0 || !TryFindStack(run, address, out FrameShadow? shadow, out int offset))
            return;
        int count = (int)Math.Min(size, (ulong)(RunContext.StackSize - offset));
        if (write)
            shadow!.Mark(offset, count);
        else if (!shadow!.IsWritten(offset, count))
            Report(run, BpfFaultKind.UninitializedStack, $"A helper reads {count} bytes of stack at r10{offset - RunContext.StackSize} of which some were never written.", address, count);
    }

    // Frames come and go between steps: calls, callbacks, returns, tail calls.
    private void FollowFrames(RunContext run, ProgramCode code)
    {
        int depth = run.Depth;
        while (_depth < depth)
        {
            _depth++;
            FrameShadow shadow = _shadows[_depth] ??= new FrameShadow();
            bool isLocal = run.Frames[_depth].Return != null && _depth > 0;

            // Main receives the context only; what a helper passes to a callback is all five.
            const int Context = 1 << 1 | 1 << 10, Arguments = 0b111110, FramePointer = 1 << 10;
            shadow.Reset(code, isLocal ? (_shadows[_depth - 1].Registers & Arguments) | FramePointer : _depth == 0 ? Context | 1 << 2 : Arguments | FramePointer);
        }

        _depth = depth;
        FrameShadow current = _shadows[depth];
        if (!ReferenceEquals(current.Code, code))
            current.Reset(code, 1 << 1 | 1 << 10);
        if (current.Pending >= 0)
        {
            // Back from a call: r0 is set, r1 to r5 are not any more.
            current.Registers = (current.Registers & ~0b111110) | 1;
            current.Pending = -1;
        }
    }

    private void CheckRegisters(RunContext run, ProgramCode code, int slot)
    {
        FrameShadow shadow = _shadows[_depth];
        BpfInstruction i = code.Instructions[slot];
        int read = RegisterUse.ReadsOf(run, i) & ~shadow.Registers;
        if (read != 0)
        {
            int register = int.TrailingZeroCount(read);
            shadow.Registers |= read;
            Report(run, BpfFaultKind.UninitializedRegister, $"The program reads r{register}, which was never written on this path.", 0, 0);
        }

        shadow.Registers |= RegisterUse.WritesOf(i);
        if (i.IsCall)
            shadow.Pending = slot;
    }

    private void CheckStack(RunContext run, BpfInstruction i, ulong* registers)
    {
        if (i.Class is not (BpfOpcode.Ldx or BpfOpcode.St or BpfOpcode.Stx) || (i.Class == BpfOpcode.Stx && i.Mode == BpfOpcode.Atomic))
            return; // atomics come through Touch
        bool load = i.Class == BpfOpcode.Ldx;
        ulong address = registers[load ? i.Src : i.Dst] + (ulong)(long)i.Offset;
        if (!TryFindStack(run, address, out FrameShadow? shadow, out int offset) || offset + i.AccessSize > RunContext.StackSize)
            return;
        if (!load)
            shadow!.Mark(offset, i.AccessSize);
        else if (!shadow!.IsWritten(offset, i.AccessSize))
            Report(run, BpfFaultKind.UninitializedStack, $"The program reads {i.AccessSize} bytes of stack at r10{offset - RunContext.StackSize}, which were never written.", address, i.AccessSize);
    }

    private bool TryFindStack(RunContext run, ulong address, out FrameShadow? shadow, out int offset)
    {
        int depth = GuestAddress.RegionOf(address) - RegionLayout.Stack;
        offset = (int)Math.Min(GuestAddress.OffsetOf(address), int.MaxValue);
        bool found = GuestAddress.IsTagged(address) && depth >= 0 && depth <= Math.Min(run.Depth, _depth) && offset < RunContext.StackSize;
        shadow = found ? _shadows[depth] : null;
        return found;
    }

    private void Report(RunContext run, BpfFaultKind kind, string message, ulong address, int size)
    {
        var fault = new BpfFaultException(kind, message) { Address = address, AccessSize = size };
        if (options.Strict)
            throw fault;
        options.Warn(FaultReport.Describe(run, fault));
    }

    /// <summary>What of a frame was written.</summary>
    private sealed class FrameShadow
    {
        private readonly ulong[] _stack = new ulong[RunContext.StackSize / 64];

        /// <summary>The code that runs in the frame.</summary>
        public ProgramCode? Code { get; private set; }

        /// <summary>A bit per register that has a value.</summary>
        public int Registers { get; set; }

        /// <summary>Slot of a call that has not come back, or -1.</summary>
        public int Pending { get; set; }

        public void Reset(ProgramCode code, int registers)
        {
            Code = code;
            Registers = registers;
            Pending = -1;
            Array.Clear(_stack);
        }

        public void Mark(int offset, int count)
        {
            for (int i = offset; i < offset + count; i++)
                _stack[i >> 6] |= 1UL << (i & 63);
        }

        public bool IsWritten(int offset, int count)
        {
            for (int i = offset; i < offset + count; i++)
            {
                if ((_stack[i >> 6] & (1UL << (i & 63))) == 0)
                    return false;
            }

            return true;
        }
    }
}
