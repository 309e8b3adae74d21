using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>Turns checked instructions into ops: immediates extended, maps and helpers resolved, jumps as distances.</summary>
internal sealed unsafe partial class ProgramDecoder
{
    private readonly ProgramLoad _load;
    private readonly BpfInstruction[] _source;
    private readonly ProgramFunction[] _functions;
    private readonly ProgramCode _code;
    private readonly int[] _opOfSlot;
    private readonly List<EmulatedMap> _maps = [];
    private readonly List<DirectValue> _values = [];
    private readonly List<EmulatedFunction> _registered = [];
    private int _count;

    private ProgramDecoder(ProgramLoad load, ProgramFunction[] functions)
    {
        _load = load;
        _source = load.Instructions;
        _functions = functions;
        _code = new ProgramCode(_source.Length + 1) { Instructions = _source, Shown = (BpfInstruction[])_source.Clone(), Functions = functions, Lines = load.Lines, ExceptionCallback = Array.FindIndex(functions, f => f.FirstSlot == load.ExceptionCallback) };
        _opOfSlot = new int[_source.Length];
    }

    /// <summary>Decodes a program. The maps it refers to have a reference each, which the program owns.</summary>
    /// <exception cref="LoadRefusedException">A map, helper or kfunc is not there or not allowed.</exception>
    public static ProgramCode Decode(ProgramLoad load, ProgramFunction[] functions)
    {
        var decoder = new ProgramDecoder(load, functions);
        try
        {
            decoder.Decode();
            return decoder._code;
        }
        catch
        {
            foreach (EmulatedMap map in decoder._maps)
                map.Release();
            decoder._code.Dispose();
            throw;
        }
    }

    // addr_space_cast means something in a program with an arena only.
    private void CheckCasts()
    {
        if (_maps.Exists(m => m is ArenaMap))
            return;
        for (int i = 0; i < _count; i++)
        {
            if (_code.Ops[i].Code is OpCode.CastToKernel or OpCode.CastToUser)
                throw _load.Refuse(Errno.EINVAL, _code.Slots[i], "addr_space_cast insn can only be used in a program that has an associated arena");
        }
    }

    private void Decode()
    {
        for (int slot = 0, op = 0; slot < _source.Length; slot++, op++)
        {
            _opOfSlot[slot] = op;
            if (_source[slot].IsLoadImm64)
                _opOfSlot[++slot] = op;
        }

        ResolveFdArray();
        for (int slot = 0; slot < _source.Length; slot++)
        {
            _code.Slots[_count] = slot;
            Op* op = _code.Ops + _count;
            DecodeOne(op, slot);
            _count++;
            if (_source[slot].IsLoadImm64)
                slot++;
        }

        CheckCasts();

        // What runs off the end, which the checks exclude, meets an op that faults.
        _code.Ops[_count].Code = OpCode.Invalid;
        _code.Count = _count;
        Superinstructions.Fuse(_code);
        foreach (ProgramFunction function in _functions)
            function.FirstOp = _opOfSlot[function.FirstSlot];
        _code.Maps = [.. _maps];
        _code.DirectValues = [.. _values];
        _code.Registered = [.. _registered];
    }

    private void DecodeOne(Op* op, int slot)
    {
        BpfInstruction i = _source[slot];
        op->Dst = i.Dst;
        op->Src = i.Src;
        op->Offset = i.Offset;
        op->Immediate = i.Immediate;
        switch (i.Class)
        {
            case BpfOpcode.Alu or BpfOpcode.Alu64:
                op->Code = Arithmetic(i);
                break;
            case BpfOpcode.Jmp or BpfOpcode.Jmp32:
                if (i.IsCall)
                    DecodeCall(op, slot);
                else if (i.IsExit)
                    op->Code = OpCode.Exit;
                else
                    DecodeJump(op, slot);
                break;
            case BpfOpcode.Ld:
                if (i.IsLoadImm64)
                    DecodeLoadImmediate(op, slot);
                else
                    op->Code = PacketLoad(i);
                break;
            case BpfOpcode.Ldx:
                op->Code = Pick(i.Mode == BpfOpcode.MemSx
                    ? (i.Src == 10 ? OpCode.StackLoadSx8 : OpCode.LoadSx8)
                    : (i.Src == 10 ? OpCode.StackLoad8 : OpCode.Load8), i);
                break;
            case BpfOpcode.St:
                op->Code = Pick(i.Dst == 10 ? OpCode.StackStoreK8 : OpCode.StoreK8, i);
                break;
            default:
                op->Code = i.Mode == BpfOpcode.Mem ? Pick(i.Dst == 10 ? OpCode.StackStore8 : OpCode.Store8, i) : Atomic(i);
                break;
        }
    }

    // The four sizes follow each other in OpCode, the smallest first.
    private static OpCode Pick(OpCode smallest, BpfInstruction i) => smallest + i.Size switch
    {
        BpfSize.Byte => 0,
        BpfSize.Half => 1,
        BpfSize.Word => 2,
        _ => 3,
    };

    private static OpCode Arithmetic(BpfInstruction i)
    {
        bool wide = i.Class == BpfOpcode.Alu64;
        bool x = i.IsSourceRegister;
        bool signed = i.Offset == 1;
        switch (i.Operation)
        {
            case BpfOpcode.End:
                if (wide || x)
                    return i.Immediate switch { 16 => OpCode.Swap16, 32 => OpCode.Swap32, _ => OpCode.Swap64 };
                return i.Immediate switch { 16 => OpCode.Truncate16, 32 => OpCode.Truncate32, _ => OpCode.Truncate64 };
            case BpfOpcode.Neg:
                return wide ? OpCode.Neg64 : OpCode.Neg32;
            case BpfOpcode.Mov when x && i.Offset != 0:
                return (wide, i.Offset) switch
                {
                    (true, 1) => i.Immediate == 1 ? OpCode.CastToKernel : OpCode.CastToUser,
                    (true, 8) => OpCode.MovSx8To64,
                    (true, 16) => OpCode.MovSx16To64,
                    (true, _) => OpCode.MovSx32To64,
                    (false, 8) => OpCode.MovSx8To32,
                    _ => OpCode.MovSx16To32,
                };
        }

        OpCode first = i.Operation switch
        {
            BpfOpcode.Add => wide ? OpCode.Add64X : OpCode.Add32X,
            BpfOpcode.Sub => wide ? OpCode.Sub64X : OpCode.Sub32X,
            BpfOpcode.Mul => wide ? OpCode.Mul64X : OpCode.Mul32X,
            BpfOpcode.Div => signed ? (wide ? OpCode.SDiv64X : OpCode.SDiv32X) : wide ? OpCode.Div64X : OpCode.Div32X,
            BpfOpcode.Mod => signed ? (wide ? OpCode.SMod64X : OpCode.SMod32X) : wide ? OpCode.Mod64X : OpCode.Mod32X,
            BpfOpcode.Or => wide ? OpCode.Or64X : OpCode.Or32X,
            BpfOpcode.And => wide ? OpCode.And64X : OpCode.And32X,
            BpfOpcode.Xor => wide ? OpCode.Xor64X : OpCode.Xor32X,
            BpfOpcode.Lsh => wide ? OpCode.Lsh64X : OpCode.Lsh32X,
            BpfOpcode.Rsh => wide ? OpCode.Rsh64X : OpCode.Rsh32X,
            BpfOpcode.Arsh => wide ? OpCode.Arsh64X : OpCode.Arsh32X,
            _ => wide ? OpCode.Mov64X : OpCode.Mov32X,
        };
        return x ? first : first + 1;
    }

    private static OpCode PacketLoad(BpfInstruction i)
    {
        OpCode smallest = i.Mode == BpfOpcode.Abs ? OpCode.PacketAbsolute8 : OpCode.PacketIndirect8;
        return Pick(smallest, i);
    }

    private static OpCode Atomic(BpfInstruction i)
    {
        switch ((BpfAtomicOperation)i.Immediate)
        {
            case BpfAtomicOperation.LoadAcquire:
                return Pick(OpCode.LoadAcquire8, i);
            case BpfAtomicOperation.StoreRelease:
                return Pick(OpCode.StoreRelease8, i);
            case BpfAtomicOperation.Add:
                return i.Size == BpfSize.Word ? OpCode.AtomicAdd32 : OpCode.AtomicAdd64;
            default:
                return i.Size == BpfSize.Word ? OpCode.Atomic32 : OpCode.Atomic64;
        }
    }

    private void DecodeJump(Op* op, int slot)
    {
        BpfInstruction i = _source[slot];
        bool longJump = i.Opcode == (BpfOpcode.Jmp32 | BpfOpcode.Ja);
        int target = slot + 1 + (longJump ? i.Immediate : i.Offset);
        op->Offset = (_opOfSlot[target] - _count) * sizeof(Op);
        if (i.Operation == BpfOpcode.Ja)
        {
            op->Code = OpCode.Jump;
            return;
        }

        if (i.Operation == BpfOpcode.Jcond)
        {
            op->Code = OpCode.MayGoto;
            return;
        }

        bool wide = i.Class == BpfOpcode.Jmp;
        OpCode first = i.Operation switch
        {
            BpfOpcode.Jeq => wide ? OpCode.Jeq64X : OpCode.Jeq32X,
            BpfOpcode.Jne => wide ? OpCode.Jne64X : OpCode.Jne32X,
            BpfOpcode.Jgt => wide ? OpCode.Jgt64X : OpCode.Jgt32X,
            BpfOpcode.Jge => wide ? OpCode.Jge64X : OpCode.Jge32X,
            BpfOpcode.Jlt => wide ? OpCode.Jlt64X : OpCode.Jlt32X,
            BpfOpcode.Jle => wide ? OpCode.Jle64X : OpCode.Jle32X,
            BpfOpcode.Jset => wide ? OpCode.Jset64X : OpCode.Jset32X,
            BpfOpcode.Jsgt => wide ? OpCode.Jsgt64X : OpCode.Jsgt32X,
            BpfOpcode.Jsge => wide ? OpCode.Jsge64X : OpCode.Jsge32X,
            BpfOpcode.Jslt => wide ? OpCode.Jslt64X : OpCode.Jslt32X,
            _ => wide ? OpCode.Jsle64X : OpCode.Jsle32X,
        };
        op->Code = i.IsSourceRegister ? first : first + 1;
    }
}
