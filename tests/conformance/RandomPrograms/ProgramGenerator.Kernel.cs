using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.Tests.Conformance.RandomPrograms;

// Maps, helpers, packets.
internal sealed partial class ProgramGenerator
{
    private const short DataAt = 76;
    private const short DataEndAt = 80;

    // A global variable: the address of a value in an array map.
    private void ArrayValue()
    {
        Features |= ProgramFeatures.Maps;
        _program.LoadMapValue(R5, _maps.Array, _random.Next((ProgramMaps.ArrayValueSize / 8) - 3) * 8);
        _defined &= ~Bits(R5);
        UseValue(R5, 32);
    }

    // Reads and writes of a value whose address a register holds.
    private void UseValue(BpfRegister address, int size)
    {
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            BpfSize width = AnySize();
            short at = (short)(_random.Next(size / SizeOf(width)) * SizeOf(width));
            switch (_random.Next(6))
            {
                case 0: _program.Store(width, address, at, Number()); break;
                case 1: _program.Store(width, address, at, Kept()); break;
                case 2 when width != BpfSize.DoubleWord: _program.LoadSigned(width, Kept(), address, at); break;
                case 3: AtomicAt(address, (short)(_random.Next(size / 8) * 8)); break;
                default: _program.Load(width, Kept(), address, at); break;
            }
        }
    }

    private void Key(BpfRegister source, int mask) =>
        _program.Mov(R0, source).And(R0, mask).Store(BpfSize.Word, R10, KeyAt, R0);

    private void Lookup(int map, int mask, int size)
    {
        Features |= ProgramFeatures.Maps | ProgramFeatures.Helpers;
        string missing = NewLabel("missing");
        Key(Kept(), mask);
        _program.LoadMapFd(R1, map).Mov(R2, R10).Add(R2, KeyAt).Call(BpfHelperId.MapLookupElem).Jeq(R0, 0, missing).Mov(R5, R0);
        AfterCall();
        _defined &= ~Bits(R0);
        UseValue(R5, size);
        _program.Label(missing);
        _defined &= ~Bits(R5);
        Number(R0);
    }

    private void HashLookup() => Lookup(_maps.Hash, 15, ProgramMaps.HashValueSize);

    private void PerCpuLookup() => Lookup(_maps.PerCpu, 7, ProgramMaps.HashValueSize);

    private void HashChange()
    {
        Features |= ProgramFeatures.Maps | ProgramFeatures.Helpers;
        Key(Kept(), 15);
        if (_random.Next(3) == 0)
        {
            _program.LoadMapFd(R1, _maps.Hash).Mov(R2, R10).Add(R2, KeyAt).Call(BpfHelperId.MapDeleteElem);
        }
        else
        {
            _program.Store(BpfSize.DoubleWord, R10, ScratchAt, Kept()).Store(BpfSize.DoubleWord, R10, ScratchAt + 8, Kept())
                .LoadMapFd(R1, _maps.Hash).Mov(R2, R10).Add(R2, KeyAt).Mov(R3, R10).Add(R3, ScratchAt).Mov(R4, Pick(0, 0, 1, 2, 3))
                .Call(BpfHelperId.MapUpdateElem);
        }

        AfterCall();
        _program.Xor(Kept(), R0);
    }

    // An element of an array at an offset that the verifier knows only the bounds of.
    private void VariableOffset()
    {
        Features |= ProgramFeatures.Maps;
        BpfSize size = AnySize();
        _program.Mov(R4, Kept()).And(R4, 63 & ~(SizeOf(size) - 1)).LoadMapValue(R5, _maps.Array, _random.Next(4) * 64).Add(R5, R4);
        _defined &= ~Bits(R5);
        if (_random.Next(2) == 0)
            _program.Store(size, R5, 0, Kept());
        else
            _program.Load(size, Kept(), R5, 0);
        _defined |= Bits(R4);
    }

    private void PacketAccess()
    {
        Features |= ProgramFeatures.Packet;
        string outside = NewLabel("outside");
        int reach = Pick(4, 14, 20, 40, 60, 64, 100);
        _program.Load(BpfSize.DoubleWord, R1, R10, ContextAt).Load(BpfSize.Word, R2, R1, DataAt).Load(BpfSize.Word, R3, R1, DataEndAt)
            .Mov(R4, R2).Add(R4, reach).Jgt(R4, R3, outside);
        _defined &= ~Bits(R1, R2, R3, R4);
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            BpfSize size = AnySize();
            if (SizeOf(size) > reach)
                continue;
            short at = (short)_random.Next(0, reach - SizeOf(size) + 1);
            switch (_random.Next(4))
            {
                case 0: _program.Store(size, R2, at, Kept()); break;
                case 1: _program.Store(size, R2, at, Number()); break;
                case 2 when size != BpfSize.DoubleWord: _program.LoadSigned(size, Kept(), R2, at); break;
                default: _program.Load(size, Kept(), R2, at); break;
            }
        }

        _program.Label(outside);
    }

    private void PacketHelper()
    {
        Features |= ProgramFeatures.Packet | ProgramFeatures.Helpers;
        _program.Store(BpfSize.DoubleWord, R10, ScratchAt, Kept()).Store(BpfSize.DoubleWord, R10, ScratchAt + 8, Number())
            .Load(BpfSize.DoubleWord, R1, R10, ContextAt).Mov(R2, Pick(0, 4, 13, 50, 56, 60, 64, 1000)).Mov(R3, R10).Add(R3, ScratchAt).Mov(R4, Pick(1, 2, 8, 16));
        if (_random.Next(2) == 0)
            _program.Call(BpfHelperId.SkbLoadBytes);
        else
            _program.Mov(R5, 0).Call(BpfHelperId.SkbStoreBytes);
        AfterCall();
        _program.Add(Kept(), R0).Load(BpfSize.DoubleWord, Kept(), R10, ScratchAt).Load(BpfSize.DoubleWord, Kept(), R10, ScratchAt + 8);
    }

    private void SmallHelper()
    {
        Features |= ProgramFeatures.Helpers;
        if (_random.Next(3) == 0)
        {
            _program.Call(BpfHelperId.GetSmpProcessorId);
        }
        else
        {
            int from = Pick(0, 4, 8, 16);
            int to = Pick(0, 4, 8, 16);
            if (from + to == 0)
                to = 16;
            _program.Mov(R1, R10).Add(R1, -64).Mov(R2, from).Mov(R3, R10).Add(R3, -32).Mov(R4, to).Mov(R5, Kept()).Call(BpfHelperId.CsumDiff);
        }

        AfterCall();
        _program.Add(Kept(), R0);
    }

    // bpf_loop over a callback that works on the caller's slots.
    private void LoopHelper()
    {
        Features |= ProgramFeatures.Loops | ProgramFeatures.Helpers | ProgramFeatures.Callbacks;
        string label = NewLabel("callback");
        int seed = _random.Next();
        // No constant 0: Linux 6.18 trips over its own removal of a callback that is never called (EFAULT).
        if (_random.Next(2) == 0)
            _program.Mov(R1, Pick(1, 5, 17));
        else
            _program.Mov(R1, Kept()).And(R1, 15);
        _program.LoadFunction(R2, label).Mov(R3, R10).Add(R3, -64).Mov(R4, _random.Next(8) == 0 ? 1 : 0).Call(BpfHelperId.Loop);
        AfterCall();
        _program.Add(Kept(), R0);
        _functions.Add((label, () => Callback(seed), true));
    }

    private void Callback(int seed)
    {
        _random = new Random(seed);
        _program.Mov(R6, R1).Mov(R7, Number()).Mov(R8, Number()).Mov(R9, Number()).Mov(R5, R2);
        _defined = Bits(R6, R7, R8, R9);
        UseValue(R5, 64);
        Arithmetic(_random.Next(1, 5));
        _program.Load(BpfSize.DoubleWord, R1, R5, 8).Add(R1, R6).Store(BpfSize.DoubleWord, R5, 8, R1).Mov(R0, 0);
        if (_random.Next(2) == 0)
        {
            string more = NewLabel("more");
            _program.And(R1, 7).Jne(R1, 3, more).Mov(R0, 1).Label(more);
        }

        _program.Exit();
    }

    private void Number(BpfRegister register)
    {
        _program.Mov(register, Number());
        _defined |= Bits(register);
    }
}
