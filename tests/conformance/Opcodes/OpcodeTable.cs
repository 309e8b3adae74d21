using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.Tests.Conformance.Opcodes;

/// <summary>Every instruction of RFC 9669 that computes, moves or decides, with its meaning written down in C#.</summary>
internal static class OpcodeTable
{
    private const short Slot = -8;

    private static readonly int[] s_immediates = [0, 1, -1, 2, 7, 31, 0x7fff, 0x8000, int.MaxValue, int.MinValue, 0x12345678, -0x12345678];
    private static readonly int[] s_shifts32 = [0, 1, 7, 31];
    private static readonly int[] s_shifts64 = [0, 1, 31, 32, 63];

    /// <summary>All cases by name.</summary>
    public static IReadOnlyDictionary<string, OpcodeCase> Cases { get; } = All().ToDictionary(c => c.Name, StringComparer.Ordinal);

    private static IEnumerable<OpcodeCase> All() => [.. Arithmetic(), .. Signed(), .. Moves(), .. Endian(), .. Jumps(), .. Memory(), .. Atomics(), .. Ordered()];

    private static IEnumerable<OpcodeCase> Arithmetic()
    {
        foreach (BpfAluOperation operation in Enum.GetValues<BpfAluOperation>())
        {
            yield return new($"r6 {operation} r7", p => p.Alu64(operation, R6, R7), (a, b) => Alu64(operation, a, b));
            yield return new($"w6 {operation} w7", p => p.Alu32(operation, R6, R7), (a, b) => Alu32(operation, (uint)a, (uint)b));
            yield return new($"r6 {operation} r6", p => p.Alu64(operation, R6, R6), (a, _) => Alu64(operation, a, a));
            bool shift = operation is BpfAluOperation.Lsh or BpfAluOperation.Rsh or BpfAluOperation.Arsh;
            bool divide = operation is BpfAluOperation.Div or BpfAluOperation.Mod;
            foreach (int number in (shift ? s_shifts64 : s_immediates).Where(n => n != 0 || !divide))
                yield return new(Text($"r6 {operation} {number}"), p => p.Alu64(operation, R6, number), (a, _) => Alu64(operation, a, (ulong)number));
            foreach (int number in (shift ? s_shifts32 : s_immediates).Where(n => n != 0 || !divide))
                yield return new(Text($"w6 {operation} {number}"), p => p.Alu32(operation, R6, number), (a, _) => Alu32(operation, (uint)a, (uint)number));
        }

        yield return new("r6 = -r6", p => p.Neg(R6), (a, _) => 0 - a);
        yield return new("w6 = -w6", p => p.Neg32(R6), (a, _) => 0 - (uint)a);
    }

    private static IEnumerable<OpcodeCase> Signed()
    {
        yield return new("r6 s/= r7", p => p.SignedDiv(R6, R7), (a, b) => SignedDivide((long)a, (long)b));
        yield return new("w6 s/= w7", p => p.SignedDiv32(R6, R7), (a, b) => (uint)SignedDivide((int)a, (int)b));
        yield return new("r6 s%= r7", p => p.SignedMod(R6, R7), (a, b) => SignedRemainder((long)a, (long)b));
        yield return new("w6 s%= w7", p => p.SignedMod32(R6, R7), (a, b) => (uint)SignedRemainder((int)a, (int)b));
        foreach (int number in s_immediates.Where(n => n != 0))
        {
            yield return new(Text($"r6 s/= {number}"), p => p.SignedDiv(R6, number), (a, _) => SignedDivide((long)a, number));
            yield return new(Text($"w6 s/= {number}"), p => p.SignedDiv32(R6, number), (a, _) => (uint)SignedDivide((int)a, number));
            yield return new(Text($"r6 s%= {number}"), p => p.SignedMod(R6, number), (a, _) => SignedRemainder((long)a, number));
            yield return new(Text($"w6 s%= {number}"), p => p.SignedMod32(R6, number), (a, _) => (uint)SignedRemainder((int)a, number));
        }
    }

    private static IEnumerable<OpcodeCase> Moves()
    {
        yield return new("r6 = (s8)r7", p => p.MovSigned(R6, R7, 8), (_, b) => (ulong)(sbyte)b);
        yield return new("r6 = (s16)r7", p => p.MovSigned(R6, R7, 16), (_, b) => (ulong)(short)b);
        yield return new("r6 = (s32)r7", p => p.MovSigned(R6, R7, 32), (_, b) => (ulong)(int)b);
        yield return new("w6 = (s8)w7", p => p.MovSigned32(R6, R7, 8), (_, b) => (uint)(sbyte)b);
        yield return new("w6 = (s16)w7", p => p.MovSigned32(R6, R7, 16), (_, b) => (uint)(short)b);
        yield return new("r6 = 0x123456789abcdef0 ll", p => p.LoadImm64(R6, 0x123456789abcdef0UL), (_, _) => 0x123456789abcdef0UL);
        yield return new("call local", p => p.Mov(R1, R6).Mov(R2, R7).CallLocal("add").Mov(R6, R0), (a, b) => a + b);
        yield return new("goto +1", p => p.Jne(R7, 0, "other").Ja("end").Label("other").Mov(R6, 1).Label("end"), (a, b) => b == 0 ? a : 1);
        yield return new("gotol +1", p => p.Jne(R7, 0, "other").JaLong("end").Label("other").Mov(R6, 1).Label("end"), (a, b) => b == 0 ? a : 1);
    }

    private static IEnumerable<OpcodeCase> Endian()
    {
        yield return new("r6 = be16 r6", p => p.ToBigEndian(R6, 16), (a, _) => BinaryPrimitives.ReverseEndianness((ushort)a));
        yield return new("r6 = be32 r6", p => p.ToBigEndian(R6, 32), (a, _) => BinaryPrimitives.ReverseEndianness((uint)a));
        yield return new("r6 = be64 r6", p => p.ToBigEndian(R6, 64), (a, _) => BinaryPrimitives.ReverseEndianness(a));
        yield return new("r6 = le16 r6", p => p.ToLittleEndian(R6, 16), (a, _) => (ushort)a);
        yield return new("r6 = le32 r6", p => p.ToLittleEndian(R6, 32), (a, _) => (uint)a);
        yield return new("r6 = le64 r6", p => p.ToLittleEndian(R6, 64), (a, _) => a);
        yield return new("r6 = bswap16 r6", p => p.ByteSwap(R6, 16), (a, _) => BinaryPrimitives.ReverseEndianness((ushort)a));
        yield return new("r6 = bswap32 r6", p => p.ByteSwap(R6, 32), (a, _) => BinaryPrimitives.ReverseEndianness((uint)a));
        yield return new("r6 = bswap64 r6", p => p.ByteSwap(R6, 64), (a, _) => BinaryPrimitives.ReverseEndianness(a));
    }

    private static IEnumerable<OpcodeCase> Jumps()
    {
        foreach (BpfJumpCondition condition in Enum.GetValues<BpfJumpCondition>())
        {
            yield return Jump(Text($"if r6 {condition} r7"), (p, l) => p.Jump(condition, R6, R7, l), (a, b) => Holds(condition, (long)a, (long)b, a, b));
            yield return Jump(Text($"if w6 {condition} w7"), (p, l) => p.Jump32(condition, R6, R7, l), (a, b) => Holds(condition, (int)a, (int)b, (uint)a, (uint)b));
            foreach (int number in s_immediates)
            {
                yield return Jump(Text($"if r6 {condition} {number}"), (p, l) => p.Jump(condition, R6, number, l), (a, _) => Holds(condition, (long)a, number, a, (ulong)number));
                yield return Jump(Text($"if w6 {condition} {number}"), (p, l) => p.Jump32(condition, R6, number, l), (a, _) => Holds(condition, (int)a, number, (uint)a, (uint)number));
            }
        }
    }

    private static IEnumerable<OpcodeCase> Memory()
    {
        foreach ((BpfSize size, ulong mask, int bits) in ((BpfSize, ulong, int)[])[(BpfSize.Byte, 0xff, 8), (BpfSize.Half, 0xffff, 16), (BpfSize.Word, 0xffffffff, 32), (BpfSize.DoubleWord, ulong.MaxValue, 64)])
        {
            yield return new($"load {size}", p => Keep(p, R6).Load(size, R6, R10, Slot), (a, _) => a & mask);
            yield return new($"store {size}", p => Keep(p, R6).Store(size, R10, Slot, R7).Load(BpfSize.DoubleWord, R6, R10, Slot), (a, b) => (a & ~mask) | (b & mask));
            yield return new($"store immediate {size}", p => Keep(p, R6).Store(size, R10, Slot, -2).Load(BpfSize.DoubleWord, R6, R10, Slot), (a, _) => (a & ~mask) | (mask & ~1UL));
            if (size != BpfSize.DoubleWord)
                yield return new($"load signed {size}", p => Keep(p, R6).LoadSigned(size, R6, R10, Slot), (a, _) => (ulong)((long)(a << (64 - bits)) >> (64 - bits)));
        }
    }

    private static IEnumerable<OpcodeCase> Atomics()
    {
        foreach ((BpfAtomicOperation operation, Func<ulong, ulong, ulong> apply) in ((BpfAtomicOperation, Func<ulong, ulong, ulong>)[])
        [
            (BpfAtomicOperation.Add, (a, b) => a + b), (BpfAtomicOperation.Or, (a, b) => a | b), (BpfAtomicOperation.And, (a, b) => a & b),
            (BpfAtomicOperation.Xor, (a, b) => a ^ b), (BpfAtomicOperation.FetchAdd, (a, b) => a + b), (BpfAtomicOperation.FetchOr, (a, b) => a | b),
            (BpfAtomicOperation.FetchAnd, (a, b) => a & b), (BpfAtomicOperation.FetchXor, (a, b) => a ^ b), (BpfAtomicOperation.Exchange, (_, b) => b),
        ])
        {
            yield return new($"lock {operation} 64: memory", p => Keep(p, R6).Atomic(operation, BpfSize.DoubleWord, R10, Slot, R7).Load(BpfSize.DoubleWord, R6, R10, Slot), apply);
            yield return new($"lock {operation} 32: memory", p => Keep(p, R6).Atomic(operation, BpfSize.Word, R10, Slot, R7).Load(BpfSize.DoubleWord, R6, R10, Slot), (a, b) => Low(a, apply(a, b)));
            bool fetches = ((int)operation & 1) != 0;
            yield return new($"lock {operation} 64: register", p => Keep(p, R6).Atomic(operation, BpfSize.DoubleWord, R10, Slot, R7).Mov(R6, R7), (a, b) => fetches ? a : b);
            yield return new($"lock {operation} 32: register", p => Keep(p, R6).Atomic(operation, BpfSize.Word, R10, Slot, R7).Mov(R6, R7), (a, b) => fetches ? (uint)a : b);
        }

        // r0 holds r7; what is there is r6: equal for some operands only.
        BpfAtomicOperation swap = BpfAtomicOperation.CompareExchange;
        yield return new("lock cmpxchg 64: memory", p => Keep(p, R6).Mov(R0, R7).Mov(R1, 77).Atomic(swap, BpfSize.DoubleWord, R10, Slot, R1).Load(BpfSize.DoubleWord, R6, R10, Slot), (a, b) => a == b ? 77 : a);
        yield return new("lock cmpxchg 64: r0", p => Keep(p, R6).Mov(R0, R7).Mov(R1, 77).Atomic(swap, BpfSize.DoubleWord, R10, Slot, R1).Mov(R6, R0), (a, _) => a);
        yield return new("lock cmpxchg 32: memory", p => Keep(p, R6).Mov(R0, R7).Mov(R1, 77).Atomic(swap, BpfSize.Word, R10, Slot, R1).Load(BpfSize.DoubleWord, R6, R10, Slot), (a, b) => (uint)a == (uint)b ? Low(a, 77) : a);
        yield return new("lock cmpxchg 32: r0", p => Keep(p, R6).Mov(R0, R7).Mov(R1, 77).Atomic(swap, BpfSize.Word, R10, Slot, R1).Mov(R6, R0), (a, _) => (uint)a);
    }

    private static IEnumerable<OpcodeCase> Ordered()
    {
        foreach ((BpfSize size, ulong mask) in ((BpfSize, ulong)[])[(BpfSize.Byte, 0xff), (BpfSize.Half, 0xffff), (BpfSize.Word, 0xffffffff), (BpfSize.DoubleWord, ulong.MaxValue)])
        {
            yield return new($"load_acquire {size}", p => Keep(p, R6).LoadAcquire(size, R6, R10, Slot), (a, _) => a & mask);
            yield return new($"store_release {size}", p => Keep(p, R6).StoreRelease(size, R10, Slot, R7).Load(BpfSize.DoubleWord, R6, R10, Slot), (a, b) => (a & ~mask) | (b & mask));
        }
    }

    private static OpcodeCase Jump(string name, Action<BpfAssembler, string> emit, Func<ulong, ulong, bool> holds) => new(
        name,
        p =>
        {
            emit(p, "yes");
            p.Mov(R6, 0).Ja("end").Label("yes").Mov(R6, 1).Label("end");
        },
        (a, b) => holds(a, b) ? 1UL : 0);

    private static BpfAssembler Keep(BpfAssembler program, BpfRegister register) => program.Store(BpfSize.DoubleWord, R10, Slot, register);

    private static ulong Low(ulong high, ulong low) => (high & 0xffffffff00000000) | (uint)low;

    private static ulong Alu64(BpfAluOperation operation, ulong a, ulong b) => operation switch
    {
        BpfAluOperation.Div => b == 0 ? 0 : a / b,
        BpfAluOperation.Mod => b == 0 ? a : a % b,
        BpfAluOperation.Lsh => a << (int)(b & 63),
        BpfAluOperation.Rsh => a >> (int)(b & 63),
        BpfAluOperation.Arsh => (ulong)((long)a >> (int)(b & 63)),
        _ => Simple(operation, a, b),
    };

    private static uint Alu32(BpfAluOperation operation, uint a, uint b) => operation switch
    {
        BpfAluOperation.Div => b == 0 ? 0 : a / b,
        BpfAluOperation.Mod => b == 0 ? a : a % b,
        BpfAluOperation.Lsh => a << (int)(b & 31),
        BpfAluOperation.Rsh => a >> (int)(b & 31),
        BpfAluOperation.Arsh => (uint)((int)a >> (int)(b & 31)),
        _ => Simple(operation, a, b),
    };

    private static T Simple<T>(BpfAluOperation operation, T a, T b)
        where T : IBinaryInteger<T> => operation switch
    {
        BpfAluOperation.Add => unchecked(a + b),
        BpfAluOperation.Sub => unchecked(a - b),
        BpfAluOperation.Mul => unchecked(a * b),
        BpfAluOperation.Or => a | b,
        BpfAluOperation.And => a & b,
        BpfAluOperation.Xor => a ^ b,
        BpfAluOperation.Mov => b,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    private static ulong SignedDivide(long a, long b) => b == 0 ? 0 : b == -1 ? (ulong)unchecked(0 - a) : (ulong)(a / b);

    private static ulong SignedRemainder(long a, long b) => b == 0 ? (ulong)a : b == -1 ? 0 : (ulong)(a % b);

    private static bool Holds(BpfJumpCondition condition, long signedLeft, long signedRight, ulong left, ulong right) => condition switch
    {
        BpfJumpCondition.Equal => left == right,
        BpfJumpCondition.NotEqual => left != right,
        BpfJumpCondition.Greater => left > right,
        BpfJumpCondition.GreaterOrEqual => left >= right,
        BpfJumpCondition.Less => left < right,
        BpfJumpCondition.LessOrEqual => left <= right,
        BpfJumpCondition.SignedGreater => signedLeft > signedRight,
        BpfJumpCondition.SignedGreaterOrEqual => signedLeft >= signedRight,
        BpfJumpCondition.SignedLess => signedLeft < signedRight,
        BpfJumpCondition.SignedLessOrEqual => signedLeft <= signedRight,
        BpfJumpCondition.BitsSet => (left & right) != 0,
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, null),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
