using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.Tests.Conformance.RandomPrograms;

// Numbers, stack, branches, loops, subprograms.
internal sealed partial class ProgramGenerator
{
    private void Arithmetic(int count)
    {
        for (int i = 0; i < count; i++)
        {
            BpfRegister target = Target();
            switch (_random.Next(8))
            {
                case 0: _program.MovSigned(target, Defined(), Pick(8, 16, 32)); break;
                case 1: _program.MovSigned32(target, Defined(), Pick(8, 16)); break;
                case 2: Signed(target); break;
                case 3 when _random.Next(3) == 0: _ = _random.Next(2) == 0 ? _program.Neg(target) : _program.Neg32(target); break;
                case 4 when _random.Next(3) == 0: _program.LoadImm64(target, Number64()); break;
                default: Plain(target); break;
            }
        }
    }

    private void Plain(BpfRegister target)
    {
        BpfAluOperation operation = s_operations[_random.Next(s_operations.Length)];
        bool wide = _random.Next(2) == 0;
        if (_random.Next(2) == 0)
        {
            _ = wide ? _program.Alu64(operation, target, Defined()) : _program.Alu32(operation, target, Defined());
            return;
        }

        int number = Number();
        if (operation is BpfAluOperation.Lsh or BpfAluOperation.Rsh or BpfAluOperation.Arsh)
            number = _random.Next(wide ? 64 : 32);
        if (operation is BpfAluOperation.Div or BpfAluOperation.Mod && number == 0)
            number = 3;
        _ = wide ? _program.Alu64(operation, target, number) : _program.Alu32(operation, target, number);
    }

    private void Signed(BpfRegister target)
    {
        BpfRegister source = Defined();
        int number = Number();
        if (number == 0)
            number = -1;
        _ = _random.Next(8) switch
        {
            0 => _program.SignedDiv(target, source),
            1 => _program.SignedDiv32(target, source),
            2 => _program.SignedMod(target, source),
            3 => _program.SignedMod32(target, source),
            4 => _program.SignedDiv(target, number),
            5 => _program.SignedDiv32(target, number),
            6 => _program.SignedMod(target, number),
            _ => _program.SignedMod32(target, number),
        };
    }

    private void Endian()
    {
        BpfRegister target = Kept();
        int bits = Pick(16, 32, 64);
        _ = _random.Next(3) switch
        {
            0 => _program.ToBigEndian(target, bits),
            1 => _program.ToLittleEndian(target, bits),
            _ => _program.ByteSwap(target, bits),
        };
    }

    private void StackAccess()
    {
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            BpfSize size = AnySize();
            short at = (short)(-64 + (_random.Next(64 / SizeOf(size)) * SizeOf(size)));
            switch (_random.Next(4))
            {
                case 0: _program.Store(size, R10, at, Number()); break;
                case 1: _program.Store(size, R10, at, Defined()); break;
                case 2 when size != BpfSize.DoubleWord: _program.LoadSigned(size, Kept(), R10, at); break;
                default: _program.Load(size, Kept(), R10, at); break;
            }
        }
    }

    private void AtomicOnStack() => AtomicAt(R10, (short)(-64 + (_random.Next(8) * 8)));

    // An atomic operation on 8 bytes that hold a number.
    private void AtomicAt(BpfRegister address, short at)
    {
        Features |= ProgramFeatures.Atomics;
        BpfSize size = _random.Next(2) == 0 ? BpfSize.Word : BpfSize.DoubleWord;
        BpfRegister operand = Kept();
        switch (_random.Next(12))
        {
            case 10:
                _program.LoadAcquire(size, operand, address, at);
                return;
            case 11:
                _program.StoreRelease(size, address, at, operand);
                return;
            case 9:
                if ((_defined & 1) == 0 || address == R0)
                    goto default;
                _program.Atomic(BpfAtomicOperation.CompareExchange, size, address, at, operand);
                return;
            default:
                _program.Atomic(
                    Pick(
                        BpfAtomicOperation.Add, BpfAtomicOperation.Or, BpfAtomicOperation.And, BpfAtomicOperation.Xor, BpfAtomicOperation.FetchAdd,
                        BpfAtomicOperation.FetchOr, BpfAtomicOperation.FetchAnd, BpfAtomicOperation.FetchXor, BpfAtomicOperation.Exchange),
                    size,
                    address,
                    at,
                    operand);
                return;
        }
    }

    private void Branch(int depth)
    {
        string over = NewLabel("over");
        Condition(over);
        int before = _defined;
        for (int i = _random.Next(1, 4); i > 0; i--)
            Inner(depth);
        int after = _defined;
        if (_random.Next(2) == 0)
        {
            string end = NewLabel("end");
            _ = _random.Next(4) == 0 ? _program.JaLong(end) : _program.Ja(end);
            _program.Label(over);
            _defined = before;
            Arithmetic(_random.Next(1, 4));
            _program.Label(end);
            _defined &= after;
        }
        else
        {
            _program.Label(over);
            _defined = before & after;
        }
    }

    private void Inner(int depth)
    {
        if (depth < 3)
            Block(depth);
        else
            Arithmetic(1);
    }

    private void Condition(string label)
    {
        BpfJumpCondition condition = s_conditions[_random.Next(s_conditions.Length)];
        bool wide = _random.Next(2) == 0;
        BpfRegister left = Defined();
        if (_random.Next(2) == 0)
            _ = wide ? _program.Jump(condition, left, Defined(), label) : _program.Jump32(condition, left, Defined(), label);
        else
            _ = wide ? _program.Jump(condition, left, Number(), label) : _program.Jump32(condition, left, Number(), label);
    }

    // A counted loop; the counter has a slot of its own.
    private void Loop()
    {
        Features |= ProgramFeatures.Loops;
        string top = NewLabel("loop");
        _program.Mov(R0, 0).Store(BpfSize.DoubleWord, R10, CounterAt, R0);
        _defined = Bits(R0, R6, R7, R8, R9);
        _program.Label(top);
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            switch (_random.Next(5))
            {
                case 0: StackAccess(); break;
                case 1: AtomicOnStack(); break;
                case 2: Endian(); break;
                default: Arithmetic(2); break;
            }
        }

        _program.Load(BpfSize.DoubleWord, R5, R10, CounterAt).Add(R5, 1).Store(BpfSize.DoubleWord, R10, CounterAt, R5)
            .Mov(R0, R5).Jlt(R5, _random.Next(2, 12), top);
        _defined = Bits(R0, R6, R7, R8, R9);
    }

    private void CallSubprogram()
    {
        Features |= ProgramFeatures.Subprograms;
        string label = NewLabel("function");
        int seed = _random.Next();
        _program.Mov(R1, Defined()).Mov(R2, Kept()).Mov(R3, Number()).CallLocal(label);
        AfterCall();
        _program.Mov(Kept(), R0);
        _functions.Add((label, () => Subprogram(seed), false));
    }

    private void Subprogram(int seed)
    {
        _random = new Random(seed);
        // Its frame is new: the slots must hold numbers before they are read.
        for (int i = 0; i < Slots; i++)
            _program.Store(BpfSize.DoubleWord, R10, SlotAt(i), Number());
        _program.Mov(R6, R1).Mov(R7, R2).Mov(R8, R3).Mov(R9, Number()).Mov(R0, 1);
        _defined = Bits(R0, R1, R2, R3, R6, R7, R8, R9);
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            switch (_random.Next(4))
            {
                case 0: StackAccess(); break;
                case 1: Branch(3); break;
                case 2: AtomicOnStack(); break;
                default: Arithmetic(3); break;
            }
        }

        _program.Mov(R0, R6).Add(R0, R7).Xor(R0, R8).Sub(R0, R9).Exit();
    }

    private T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];
}
