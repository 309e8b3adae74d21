using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.Tests.Instructions;

/// <summary>
/// Every instruction with the operands where implementations go wrong, each with the result that RFC 9669 gives it. The
/// programs need no context and no maps, so they run on any kernel as socket filters; r0 is the result in 64 bits, and
/// <see cref="InstructionCase.Folded"/> what a return value of 32 bits shows of it.
/// </summary>
internal static class InstructionCases
{
    private static readonly ulong[] s_values =
    [
        0, 1, 2, 7, 63, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x1_0000_0000,
        0x0123_4567_89ab_cdef, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, 0xffff_ffff_8000_0000, 0xffff_ffff_ffff_ffff,
    ];

    private static readonly int[] s_immediates = [0, 1, -1, 2, 31, 0x7f, 0x80, 0xff, 0x7fff_ffff, int.MinValue, -2];

    /// <summary>All cases.</summary>
    public static IEnumerable<InstructionCase> All() => Arithmetic().Concat(Moves()).Concat(ByteOrder()).Concat(Jumps()).Concat(Memory()).Concat(Atomics()).Concat(Control());

    private static IEnumerable<InstructionCase> Arithmetic()
    {
        (string Name, byte Operation, short Offset, Func<ulong, ulong, bool, ulong> Result)[] operations =
        [
            ("add", BpfOpcode.Add, 0, (a, b, w) => a + b),
            ("sub", BpfOpcode.Sub, 0, (a, b, w) => a - b),
            ("mul", BpfOpcode.Mul, 0, (a, b, w) => a * b),
            ("div", BpfOpcode.Div, 0, (a, b, w) => w ? (b == 0 ? 0 : a / b) : (uint)b == 0 ? 0 : (uint)a / (uint)b),
            ("mod", BpfOpcode.Mod, 0, (a, b, w) => w ? (b == 0 ? a : a % b) : (uint)b == 0 ? (uint)a : (uint)a % (uint)b),
            ("sdiv", BpfOpcode.Div, 1, SignedDivide),
            ("smod", BpfOpcode.Mod, 1, SignedRemainder),
            ("or", BpfOpcode.Or, 0, (a, b, w) => a | b),
            ("and", BpfOpcode.And, 0, (a, b, w) => a & b),
            ("xor", BpfOpcode.Xor, 0, (a, b, w) => a ^ b),
            ("lsh", BpfOpcode.Lsh, 0, (a, b, w) => w ? a << (int)(b & 63) : (uint)a << (int)(b & 31)),
            ("rsh", BpfOpcode.Rsh, 0, (a, b, w) => w ? a >> (int)(b & 63) : (uint)a >> (int)(b & 31)),
            ("arsh", BpfOpcode.Arsh, 0, (a, b, w) => w ? (ulong)((long)a >> (int)(b & 63)) : (uint)((int)a >> (int)(b & 31))),
        ];
        foreach ((string name, byte operation, short offset, Func<ulong, ulong, bool, ulong> result) in operations)
        {
            bool shift = operation is BpfOpcode.Lsh or BpfOpcode.Rsh or BpfOpcode.Arsh;
            bool division = operation is BpfOpcode.Div or BpfOpcode.Mod;
            foreach (bool wide in (bool[])[true, false])
            {
                byte kind = wide ? BpfOpcode.Alu64 : BpfOpcode.Alu;
                foreach (ulong a in s_values)
                {
                    foreach (ulong b in s_values)
                    {
                        // Linux gives shifts by a register beyond the width no result that it promises; RFC 9669 masks, and so do both.
                        yield return new InstructionCase(
                            $"{name}{Width(wide)} 0x{a:x}, 0x{b:x}",
                            Program(p => p.LoadImm64(R0, a).LoadImm64(R1, b).Emit(new BpfInstruction((byte)(kind | operation | BpfOpcode.X), R0, R1, offset, 0))),
                            Narrow(result(a, b, wide), wide));
                    }

                    foreach (int k in s_immediates)
                    {
                        if ((shift && (k < 0 || k >= (wide ? 64 : 32))) || (division && k == 0))
                            continue; // Linux refuses these
                        yield return new InstructionCase(
                            $"{name}{Width(wide)} 0x{a:x}, {k}",
                            Program(p => p.LoadImm64(R0, a).Emit(new BpfInstruction((byte)(kind | operation | BpfOpcode.K), R0, R0, offset, k))),
                            Narrow(result(a, (ulong)(long)k, wide), wide));
                    }
                }
            }
        }

        foreach (ulong a in s_values)
        {
            yield return new InstructionCase($"neg64 0x{a:x}", Program(p => p.LoadImm64(R0, a).Neg(R0)), 0 - a);
            yield return new InstructionCase($"neg32 0x{a:x}", Program(p => p.LoadImm64(R0, a).Neg32(R0)), (uint)(0 - a));
        }
    }

    private static IEnumerable<InstructionCase> Moves()
    {
        foreach (ulong a in s_values)
        {
            yield return new InstructionCase($"mov64 0x{a:x}", Program(p => p.LoadImm64(R1, a).Mov(R0, R1)), a);
            yield return new InstructionCase($"mov32 0x{a:x}", Program(p => p.LoadImm64(R1, a).LoadImm64(R0, ulong.MaxValue).Mov32(R0, R1)), (uint)a);
            yield return new InstructionCase($"movsx8to64 0x{a:x}", Program(p => p.LoadImm64(R1, a).MovSigned(R0, R1, 8)), (ulong)(sbyte)a);
            yield return new InstructionCase($"movsx16to64 0x{a:x}", Program(p => p.LoadImm64(R1, a).MovSigned(R0, R1, 16)), (ulong)(short)a);
            yield return new InstructionCase($"movsx32to64 0x{a:x}", Program(p => p.LoadImm64(R1, a).MovSigned(R0, R1, 32)), (ulong)(int)a);
            yield return new InstructionCase($"movsx8to32 0x{a:x}", Program(p => p.LoadImm64(R1, a).MovSigned32(R0, R1, 8)), (uint)(sbyte)a);
            yield return new InstructionCase($"movsx16to32 0x{a:x}", Program(p => p.LoadImm64(R1, a).MovSigned32(R0, R1, 16)), (uint)(short)a);
        }

        foreach (int k in s_immediates)
        {
            yield return new InstructionCase($"mov64 {k}", Program(p => p.Mov(R0, k)), (ulong)(long)k);
            yield return new InstructionCase($"mov32 {k}", Program(p => p.Mov32(R0, k)), (uint)k);
        }
    }

    private static IEnumerable<InstructionCase> ByteOrder()
    {
        foreach (ulong a in s_values)
        {
            foreach (int bits in (int[])[16, 32, 64])
            {
                ulong cut = bits == 64 ? a : a & ((1UL << bits) - 1);
                ulong swapped = bits switch
                {
                    16 => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness((ushort)a),
                    32 => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness((uint)a),
                    _ => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(a),
                };
                yield return new InstructionCase($"le{bits} 0x{a:x}", Program(p => p.LoadImm64(R0, a).ToLittleEndian(R0, bits)), cut);
                yield return new InstructionCase($"be{bits} 0x{a:x}", Program(p => p.LoadImm64(R0, a).ToBigEndian(R0, bits)), swapped);
                yield return new InstructionCase($"bswap{bits} 0x{a:x}", Program(p => p.LoadImm64(R0, a).ByteSwap(R0, bits)), swapped);
            }
        }
    }

    private static IEnumerable<InstructionCase> Jumps()
    {
        (BpfJumpCondition Condition, Func<ulong, ulong, bool, bool> Holds)[] conditions =
        [
            (BpfJumpCondition.Equal, (a, b, w) => w ? a == b : (uint)a == (uint)b),
            (BpfJumpCondition.NotEqual, (a, b, w) => w ? a != b : (uint)a != (uint)b),
            (BpfJumpCondition.Greater, (a, b, w) => w ? a > b : (uint)a > (uint)b),
            (BpfJumpCondition.GreaterOrEqual, (a, b, w) => w ? a >= b : (uint)a >= (uint)b),
            (BpfJumpCondition.Less, (a, b, w) => w ? a < b : (uint)a < (uint)b),
            (BpfJumpCondition.LessOrEqual, (a, b, w) => w ? a <= b : (uint)a <= (uint)b),
            (BpfJumpCondition.SignedGreater, (a, b, w) => w ? (long)a > (long)b : (int)a > (int)b),
            (BpfJumpCondition.SignedGreaterOrEqual, (a, b, w) => w ? (long)a >= (long)b : (int)a >= (int)b),
            (BpfJumpCondition.SignedLess, (a, b, w) => w ? (long)a < (long)b : (int)a < (int)b),
            (BpfJumpCondition.SignedLessOrEqual, (a, b, w) => w ? (long)a <= (long)b : (int)a <= (int)b),
            (BpfJumpCondition.BitsSet, (a, b, w) => w ? (a & b) != 0 : (uint)(a & b) != 0),
        ];
        foreach ((BpfJumpCondition condition, Func<ulong, ulong, bool, bool> holds) in conditions)
        {
            foreach (bool wide in (bool[])[true, false])
            {
                foreach (ulong a in s_values)
                {
                    foreach (ulong b in s_values)
                    {
                        yield return new InstructionCase(
                            $"j{condition}{Width(wide)} 0x{a:x}, 0x{b:x}",
                            Program(p =>
                            {
                                p.LoadImm64(R1, a).LoadImm64(R2, b).Mov(R0, 1);
                                return (wide ? p.Jump(condition, R1, R2, "yes") : p.Jump32(condition, R1, R2, "yes")).Mov(R0, 0).Label("yes");
                            }),
                            holds(a, b, wide) ? 1u : 0);
                    }

                    foreach (int k in s_immediates)
                    {
                        yield return new InstructionCase(
                            $"j{condition}{Width(wide)} 0x{a:x}, {k}",
                            Program(p =>
                            {
                                p.LoadImm64(R1, a).Mov(R0, 1);
                                return (wide ? p.Jump(condition, R1, k, "yes") : p.Jump32(condition, R1, k, "yes")).Mov(R0, 0).Label("yes");
                            }),
                            holds(a, (ulong)(long)k, wide) ? 1u : 0);
                    }
                }
            }
        }
    }

    private static IEnumerable<InstructionCase> Memory()
    {
        (BpfSize Size, int Bytes)[] sizes = [(BpfSize.Byte, 1), (BpfSize.Half, 2), (BpfSize.Word, 4), (BpfSize.DoubleWord, 8)];
        foreach (ulong a in s_values)
        {
            foreach ((BpfSize size, int bytes) in sizes)
            {
                ulong cut = bytes == 8 ? a : a & ((1UL << (bytes * 8)) - 1);

                // Once through r10, where the offset is a constant, and once through another register.
                yield return new InstructionCase(
                    $"stx/ldx {bytes} 0x{a:x} r10",
                    Program(p => p.LoadImm64(R1, a).Store(BpfSize.DoubleWord, R10, -8, 0).Store(size, R10, -8, R1).Load(size, R0, R10, -8)), cut);
                yield return new InstructionCase(
                    $"stx/ldx {bytes} 0x{a:x} r2",
                    Program(p => p.LoadImm64(R1, a).Store(BpfSize.DoubleWord, R10, -16, -1).Mov(R2, R10).Add(R2, -24).Store(size, R2, 8, R1).Load(BpfSize.DoubleWord, R0, R2, 8)),
                    bytes == 8 ? a : (ulong.MaxValue << (bytes * 8)) | cut);
                if (bytes < 8)
                {
                    ulong extended = bytes switch { 1 => (ulong)(sbyte)a, 2 => (ulong)(short)a, _ => (ulong)(int)a };
                    yield return new InstructionCase(
                        $"ldxs {bytes} 0x{a:x} r10", Program(p => p.LoadImm64(R1, a).Store(BpfSize.DoubleWord, R10, -8, R1).LoadSigned(size, R0, R10, -8)), extended);
                    yield return new InstructionCase(
                        $"ldxs {bytes} 0x{a:x} r2", Program(p => p.LoadImm64(R1, a).Store(BpfSize.DoubleWord, R10, -8, R1).Mov(R2, R10).LoadSigned(size, R0, R2, -8)), extended);
                }
            }
        }

        foreach (int k in s_immediates)
        {
            foreach ((BpfSize size, int bytes) in sizes)
            {
                ulong cut = bytes == 8 ? (ulong)(long)k : (ulong)(long)k & ((1UL << (bytes * 8)) - 1);
                yield return new InstructionCase($"st {bytes} {k} r10", Program(p => p.Store(BpfSize.DoubleWord, R10, -8, 0).Store(size, R10, -8, k).Load(BpfSize.DoubleWord, R0, R10, -8)), cut);
                yield return new InstructionCase(
                    $"st {bytes} {k} r2", Program(p => p.Store(BpfSize.DoubleWord, R10, -8, 0).Mov(R2, R10).Store(size, R2, -8, k).Load(BpfSize.DoubleWord, R0, R10, -8)), cut);
            }
        }
    }

    private static IEnumerable<InstructionCase> Atomics()
    {
        (BpfAtomicOperation Operation, Func<ulong, ulong, ulong> New)[] operations =
        [
            (BpfAtomicOperation.Add, (m, s) => m + s),
            (BpfAtomicOperation.And, (m, s) => m & s),
            (BpfAtomicOperation.Or, (m, s) => m | s),
            (BpfAtomicOperation.Xor, (m, s) => m ^ s),
            (BpfAtomicOperation.FetchAdd, (m, s) => m + s),
            (BpfAtomicOperation.FetchAnd, (m, s) => m & s),
            (BpfAtomicOperation.FetchOr, (m, s) => m | s),
            (BpfAtomicOperation.FetchXor, (m, s) => m ^ s),
            (BpfAtomicOperation.Exchange, (m, s) => s),
        ];
        ulong[] values = [0, 1, 0x8000_0000, 0xffff_ffff, 0x0123_4567_89ab_cdef, ulong.MaxValue];
        foreach ((BpfAtomicOperation operation, Func<ulong, ulong, ulong> next) in operations)
        {
            foreach (bool wide in (bool[])[true, false])
            {
                BpfSize size = wide ? BpfSize.DoubleWord : BpfSize.Word;
                foreach (ulong m in values)
                {
                    foreach (ulong s in values)
                    {
                        BpfAssembler Do(BpfAssembler p) => p.LoadImm64(R1, m).Store(BpfSize.DoubleWord, R10, -8, R1).LoadImm64(R2, s).Atomic(operation, size, R10, -8, R2);
                        ulong stored = wide ? next(m, s) : (m & ~0xffff_ffffUL) | (uint)next(m, s);
                        ulong fetched = ((int)operation & 1) == 0 ? s : wide ? m : (uint)m;
                        yield return new InstructionCase($"{operation}{Width(wide)} memory 0x{m:x}, 0x{s:x}", Program(p => Do(p).Load(BpfSize.DoubleWord, R0, R10, -8)), stored);
                        yield return new InstructionCase($"{operation}{Width(wide)} register 0x{m:x}, 0x{s:x}", Program(p => Do(p).Mov(R0, R2)), fetched);
                    }
                }
            }
        }

        foreach (bool wide in (bool[])[true, false])
        {
            BpfSize size = wide ? BpfSize.DoubleWord : BpfSize.Word;
            foreach (ulong m in values)
            {
                foreach (ulong expected in values)
                {
                    const ulong Replacement = 0x1111_2222_3333_4444;
                    bool equal = wide ? m == expected : (uint)m == (uint)expected;
                    BpfAssembler Do(BpfAssembler p) => p.LoadImm64(R1, m).Store(BpfSize.DoubleWord, R10, -8, R1).LoadImm64(R0, expected).LoadImm64(R2, Replacement)
                        .Atomic(BpfAtomicOperation.CompareExchange, size, R10, -8, R2);
                    ulong stored = !equal ? m : wide ? Replacement : (m & ~0xffff_ffffUL) | (Replacement & 0xffff_ffff);
                    yield return new InstructionCase($"cmpxchg{Width(wide)} r0 0x{m:x}, 0x{expected:x}", Program(p => Do(p)), wide ? m : (uint)m);
                    yield return new InstructionCase($"cmpxchg{Width(wide)} memory 0x{m:x}, 0x{expected:x}", Program(p => Do(p).Load(BpfSize.DoubleWord, R0, R10, -8)), stored);
                }
            }
        }

        foreach ((BpfSize size, int bytes) in ((BpfSize, int)[])[(BpfSize.Byte, 1), (BpfSize.Half, 2), (BpfSize.Word, 4), (BpfSize.DoubleWord, 8)])
        {
            foreach (ulong m in values)
            {
                ulong cut = bytes == 8 ? m : m & ((1UL << (bytes * 8)) - 1);
                yield return new InstructionCase($"load_acquire{bytes} 0x{m:x}", Program(p => p.LoadImm64(R1, m).Store(BpfSize.DoubleWord, R10, -8, R1).LoadAcquire(size, R0, R10, -8)), cut);
                yield return new InstructionCase(
                    $"store_release{bytes} 0x{m:x}", Program(p => p.LoadImm64(R1, m).Store(BpfSize.DoubleWord, R10, -8, 0).StoreRelease(size, R10, -8, R1).Load(BpfSize.DoubleWord, R0, R10, -8)), cut);
            }
        }
    }

    private static IEnumerable<InstructionCase> Control()
    {
        yield return new InstructionCase("lddw", Program(p => p.LoadImm64(R0, 0x1122_3344_5566_7788UL)), 0x1122_3344_5566_7788);
        yield return new InstructionCase("ja", Program(p => p.Mov(R0, 1).Ja("over").Mov(R0, 2).Label("over"), skipsDead: true), 1);
        yield return new InstructionCase("gotol", Program(p => p.Mov(R0, 1).Jeq(R0, 2, "dead").JaLong("over").Label("dead").Mov(R0, 2).Label("over")), 1);
        yield return new InstructionCase("loop backwards", Program(p => p.Mov(R0, 0).Mov(R1, 10).Label("again").Add(R0, R1).Add(R1, -1).Jne(R1, 0, "again")), 55);
        yield return new InstructionCase(
            "local call keeps r6 to r9",
            [.. new BpfAssembler().Mov(R6, 6).Mov(R7, 7).Mov(R8, 8).Mov(R9, 9).Mov(R1, 30).Mov(R2, 12).CallLocal("f")
                .Add(R0, R6).Add(R0, R7).Add(R0, R8).Add(R0, R9).Exit()
                .Label("f").Mov(R0, R1).Add(R0, R2).Mov(R6, 1000).Mov(R7, 1000).Mov(R8, 1000).Mov(R9, 1000).Exit().Build()],
            72);
        yield return new InstructionCase(
            "local call has a stack of its own",
            [.. new BpfAssembler().Store(BpfSize.DoubleWord, R10, -8, 5).CallLocal("f").Load(BpfSize.DoubleWord, R0, R10, -8).Exit()
                .Label("f").Store(BpfSize.DoubleWord, R10, -8, 99).Mov(R0, 0).Exit().Build()],
            5);
        yield return new InstructionCase(
            "local call through a pointer to the caller's stack",
            [.. new BpfAssembler().Store(BpfSize.DoubleWord, R10, -8, 5).Mov(R1, R10).Add(R1, -8).CallLocal("f").Load(BpfSize.DoubleWord, R0, R10, -8).Exit()
                .Label("f").Store(BpfSize.DoubleWord, R1, 0, 99).Mov(R0, 0).Exit().Build()],
            99);
        yield return new InstructionCase(
            "eight frames",
            [.. Nest(new BpfAssembler(), 8).Build()],
            8);
    }

    private static BpfAssembler Nest(BpfAssembler p, int frames)
    {
        for (int i = 1; i < frames; i++)
            p.Label($"f{i}").CallLocal($"f{i + 1}").Add(R0, 1).Exit();
        return p.Label($"f{frames}").Mov(R0, 1).Exit();
    }

    private static ulong SignedDivide(ulong a, ulong b, bool wide) => wide
        ? b == 0 ? 0 : b == ulong.MaxValue ? 0 - a : (ulong)((long)a / (long)b)
        : (uint)b == 0 ? 0 : (uint)b == uint.MaxValue ? 0u - (uint)a : (uint)((int)a / (int)b);

    private static ulong SignedRemainder(ulong a, ulong b, bool wide) => wide
        ? b == 0 ? a : b == ulong.MaxValue ? 0 : (ulong)((long)a % (long)b)
        : (uint)b == 0 ? (uint)a : (uint)b == uint.MaxValue ? 0 : (uint)((int)a % (int)b);

    private static ulong Narrow(ulong value, bool wide) => wide ? value : (uint)value;

    private static string Width(bool wide) => wide ? "64" : "32";

    private static BpfInstruction[] Program(Func<BpfAssembler, BpfAssembler> build, bool skipsDead = false)
    {
        BpfInstruction[] code = build(new BpfAssembler()).Exit().Build();
        if (!skipsDead)
            return code;

        // Code that nothing leads to is refused by Linux: drop what an unconditional jump skips.
        var kept = new List<BpfInstruction>();
        for (int i = 0; i < code.Length; i++)
        {
            if (code[i].Opcode == (BpfOpcode.Jmp | BpfOpcode.Ja) && code[i].Offset > 0)
            {
                kept.Add(code[i].WithOffset(0));
                i += code[i].Offset;
            }
            else
            {
                kept.Add(code[i]);
            }
        }

        return [.. kept];
    }
}
