using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.Tests.Conformance.RandomPrograms;

/// <summary>
/// Makes SCHED_CLS programs that the verifier accepts for the most part. r6 to r9 and eight stack slots hold numbers, never
/// addresses, so that what a program computes does not depend on where a kernel puts things; at the end all of them go
/// into a map. A program is a list of blocks; a block depends on its own seed and on which registers hold something.
/// </summary>
internal sealed partial class ProgramGenerator
{
    private const int Slots = 8;
    private const short ContextAt = -72;
    private const short KeyAt = -80;
    private const short ScratchAt = -96;
    private const short CounterAt = -104;

    private static readonly BpfAluOperation[] s_operations =
    [
        BpfAluOperation.Add, BpfAluOperation.Sub, BpfAluOperation.Mul, BpfAluOperation.Div, BpfAluOperation.Or, BpfAluOperation.And,
        BpfAluOperation.Lsh, BpfAluOperation.Rsh, BpfAluOperation.Mod, BpfAluOperation.Xor, BpfAluOperation.Mov, BpfAluOperation.Arsh,
    ];

    private static readonly BpfJumpCondition[] s_conditions = Enum.GetValues<BpfJumpCondition>();
    private static readonly int[] s_edges = [0, 1, -1, 2, 7, 8, 15, 16, 31, 32, 33, 63, 64, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, int.MaxValue, int.MinValue, 0x55555555];

    private readonly int _seed;
    private readonly IReadOnlySet<int> _leftOut;
    private readonly ProgramMaps _maps;
    private readonly BpfAssembler _program = new();
    private readonly List<(string Label, Action Body, bool Callback)> _functions = [];
    private readonly List<(uint Slot, uint FunctionId)> _functionInfo = [];
    private Random _random;
    private int _defined;
    private int _labels;

    private ProgramGenerator(int seed, ProgramMaps maps, IReadOnlySet<int> leftOut)
    {
        _seed = seed;
        _maps = maps;
        _leftOut = leftOut;
        _random = new Random(seed);
    }

    /// <summary>The instructions.</summary>
    public BpfInstruction[] Instructions { get; private set; } = [];

    /// <summary>Slot and BTF id of each function; empty where no callback needs them.</summary>
    public (uint Slot, uint FunctionId)[] Functions { get; private set; } = [];

    /// <summary>What it contains.</summary>
    public ProgramFeatures Features { get; private set; }

    /// <summary>Number of blocks.</summary>
    public int Blocks { get; private set; }

    /// <summary>Makes a seed's program for one kernel's maps.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="maps">Maps of the kernel.</param>
    /// <param name="leftOut">Blocks to leave out, to find the one that matters.</param>
    public static ProgramGenerator Generate(int seed, ProgramMaps maps, IReadOnlySet<int> leftOut)
    {
        var generator = new ProgramGenerator(seed, maps, leftOut);
        generator.Build();
        return generator;
    }

    private void Build()
    {
        _functionInfo.Add((0, _maps.MainFunction));
        Prologue();
        Blocks = _random.Next(4, 14);
        for (int i = 0; i < Blocks; i++)
        {
            _random = new Random(HashCode(_seed, i));
            if (!_leftOut.Contains(i))
                Block(depth: 0);
        }

        Epilogue();
        for (int i = 0; i < _functions.Count; i++)
        {
            (string label, Action body, bool callback) = _functions[i];
            _functionInfo.Add(((uint)_program.Count, callback ? _maps.Callback : _maps.Subprogram));
            _program.Label(label);
            body();
        }

        Instructions = _program.Build();
        Functions = Features.HasFlag(ProgramFeatures.Callbacks) ? [.. _functionInfo] : [];
    }

    // The same on every run and machine, which System.HashCode is not.
    private static int HashCode(int seed, int block) => unchecked((seed * 0x5bd1e995) ^ (block * 0x1b873593) ^ (seed >> 13));

    private void Prologue()
    {
        _program.Store(BpfSize.DoubleWord, R10, ContextAt, R1);
        for (int i = 0; i < Slots; i++)
        {
            if (i % 2 == 0)
                _program.LoadImm64(R0, Number64());
            else
                _program.Mov(R0, Number());
            _program.Store(BpfSize.DoubleWord, R10, SlotAt(i), R0);
        }

        // Numbers that the verifier does not know, from the packet.
        _program.Mov(R6, R1).Mov(R7, 1).Mov(R8, 2).Mov(R9, 3)
            .Load(BpfSize.Word, R2, R6, 76).Load(BpfSize.Word, R3, R6, 80).Mov(R6, 0).Mov(R4, R2).Add(R4, 48).Jgt(R4, R3, "short")
            .Load(BpfSize.DoubleWord, R6, R2, 16).Load(BpfSize.DoubleWord, R7, R2, 24).Load(BpfSize.Word, R8, R2, 32).Load(BpfSize.Byte, R9, R2, 40)
            .Label("short");
        _defined = Bits(R0, R6, R7, R8, R9);
    }

    private void Epilogue()
    {
        _program.LoadMapValue(R1, _maps.Result, 0);
        for (int i = 0; i < Slots; i++)
            _program.Load(BpfSize.DoubleWord, R2, R10, SlotAt(i)).Store(BpfSize.DoubleWord, R1, (short)(i * 8), R2);
        for (int i = 0; i < 4; i++)
            _program.Store(BpfSize.DoubleWord, R1, (short)(64 + (i * 8)), (BpfRegister)((int)R6 + i));
        _program.Mov(R0, R6).Xor(R0, R7).Add(R0, R8).Xor(R0, R9).Exit();
    }

    private void Block(int depth)
    {
        switch (_random.Next(depth == 0 ? 20 : 8))
        {
            case 0 or 1 or 2: Arithmetic(_random.Next(1, 6)); break;
            case 3: StackAccess(); break;
            case 4: Endian(); break;
            case 5: AtomicOnStack(); break;
            case 6: ArrayValue(); break;
            case 7: Branch(depth + 1); break;
            case 8 or 9: Loop(); break;
            case 10 or 11: CallSubprogram(); break;
            case 12: HashLookup(); break;
            case 13: HashChange(); break;
            case 14: PerCpuLookup(); break;
            case 15: PacketAccess(); break;
            case 16: PacketHelper(); break;
            case 17: LoopHelper(); break;
            case 18: SmallHelper(); break;
            default: VariableOffset(); break;
        }
    }

    private static short SlotAt(int slot) => (short)(-64 + (slot * 8));

    private static int Bits(params ReadOnlySpan<BpfRegister> registers)
    {
        int bits = 0;
        foreach (BpfRegister register in registers)
            bits |= 1 << (int)register;
        return bits;
    }

    private string NewLabel(string name) => $"{name}{_labels++}";

    // After a call r1 to r5 hold nothing.
    private void AfterCall() => _defined = (_defined & ~Bits(R1, R2, R3, R4, R5)) | Bits(R0);

    private BpfRegister Defined()
    {
        while (true)
        {
            int register = _random.Next(10);
            if ((_defined & (1 << register)) != 0)
                return (BpfRegister)register;
        }
    }

    // A register to write: mostly one that is kept to the end.
    private BpfRegister Target()
    {
        BpfRegister register = _random.Next(4) == 0 ? Defined() : (BpfRegister)_random.Next(6, 10);
        return register;
    }

    private BpfRegister Kept() => (BpfRegister)_random.Next(6, 10);

    private int Number() => _random.Next(3) == 0 ? s_edges[_random.Next(s_edges.Length)] : unchecked((int)_random.NextInt64(1L << 32));

    private long Number64() => _random.Next(4) == 0 ? s_edges[_random.Next(s_edges.Length)] : _random.NextInt64(long.MinValue, long.MaxValue);

    private BpfSize AnySize() => Pick(BpfSize.Byte, BpfSize.Half, BpfSize.Word, BpfSize.DoubleWord);

    private static int SizeOf(BpfSize size) => size switch { BpfSize.Byte => 1, BpfSize.Half => 2, BpfSize.Word => 4, _ => 8 };
}
