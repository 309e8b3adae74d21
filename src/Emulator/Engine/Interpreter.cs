using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// Steps through decoded ops with one switch. Registers are an array in native memory, so a case is a load, an operation and
/// a store; memory accesses go through the region table with one compare; what cannot be done in a line is a call of a
/// method that is not inlined, to keep the loop small enough for the JIT's optimiser.
/// </summary>
internal sealed unsafe class Interpreter : ProgramEngine
{
    public static readonly Interpreter Instance = new();

    public override ulong Call(RunContext run, EmulatedProgram program, int function, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        ProgramFunction target = program.Code.Functions[function];
        Frame* frame = run.Push(function, (uint)target.StackToClear);
        frame->Return = null;
        ulong* r = frame->Registers;
        r[0] = 0;
        r[1] = r1;
        r[2] = r2;
        r[3] = r3;
        r[4] = r4;
        r[5] = r5;
        r[6] = r[7] = r[8] = r[9] = 0;
        Op* start = (run.Diagnosis is null ? program.Code.FastOps : program.Code.Ops) + target.FirstOp;
        if (--run.Budget < 0)
            OutOfBudget(run, start);
        return run.Diagnosis is null ? Run<PlainMode>(run, start, r) : Run<DiagnosisMode>(run, start, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Run<TMode>(RunContext run, Op* op, ulong* r)
        where TMode : struct, IStepMode
    {
        Region* regions = run.Regions;
        byte* stack = run.StackOf(run.Depth) + RunContext.StackSize;
        long budget = run.Budget;

        while (true)
        {
            if (TMode.IsStepping)
            {
                run.Budget = budget;
                TMode.Step(run, op, r);
            }

            switch (op->Code)
            {
                case OpCode.Add64X: r[op->Dst] += r[op->Src]; op++; continue;
                case OpCode.Add64K: r[op->Dst] += (ulong)op->Immediate; op++; continue;
                case OpCode.Sub64X: r[op->Dst] -= r[op->Src]; op++; continue;
                case OpCode.Sub64K: r[op->Dst] -= (ulong)op->Immediate; op++; continue;
                case OpCode.Mul64X: r[op->Dst] *= r[op->Src]; op++; continue;
                case OpCode.Mul64K: r[op->Dst] *= (ulong)op->Immediate; op++; continue;
                case OpCode.Or64X: r[op->Dst] |= r[op->Src]; op++; continue;
                case OpCode.Or64K: r[op->Dst] |= (ulong)op->Immediate; op++; continue;
                case OpCode.And64X: r[op->Dst] &= r[op->Src]; op++; continue;
                case OpCode.And64K: r[op->Dst] &= (ulong)op->Immediate; op++; continue;
                case OpCode.Xor64X: r[op->Dst] ^= r[op->Src]; op++; continue;
                case OpCode.Xor64K: r[op->Dst] ^= (ulong)op->Immediate; op++; continue;
                case OpCode.Mov64X: r[op->Dst] = r[op->Src]; op++; continue;
                case OpCode.Mov64K: r[op->Dst] = (ulong)op->Immediate; op++; continue;
                case OpCode.LoadImmediate: r[op->Dst] = (ulong)op->Immediate; op++; continue;
                case OpCode.Lsh64X: r[op->Dst] <<= (int)(r[op->Src] & 63); op++; continue;
                case OpCode.Lsh64K: r[op->Dst] <<= (int)op->Immediate; op++; continue;
                case OpCode.Rsh64X: r[op->Dst] >>= (int)(r[op->Src] & 63); op++; continue;
                case OpCode.Rsh64K: r[op->Dst] >>= (int)op->Immediate; op++; continue;
                case OpCode.Arsh64X: r[op->Dst] = (ulong)((long)r[op->Dst] >> (int)(r[op->Src] & 63)); op++; continue;
                case OpCode.Arsh64K: r[op->Dst] = (ulong)((long)r[op->Dst] >> (int)op->Immediate); op++; continue;
                case OpCode.Neg64: r[op->Dst] = 0UL - r[op->Dst]; op++; continue;
                case OpCode.Div64X: r[op->Dst] = Div64(r[op->Dst], r[op->Src]); op++; continue;
                case OpCode.Div64K: r[op->Dst] = Div64(r[op->Dst], (ulong)op->Immediate); op++; continue;
                case OpCode.Mod64X: r[op->Dst] = Mod64(r[op->Dst], r[op->Src]); op++; continue;
                case OpCode.Mod64K: r[op->Dst] = Mod64(r[op->Dst], (ulong)op->Immediate); op++; continue;
                case OpCode.SDiv64X: r[op->Dst] = SDiv64(r[op->Dst], r[op->Src]); op++; continue;
                case OpCode.SDiv64K: r[op->Dst] = SDiv64(r[op->Dst], (ulong)op->Immediate); op++; continue;
                case OpCode.SMod64X: r[op->Dst] = SMod64(r[op->Dst], r[op->Src]); op++; continue;
                case OpCode.SMod64K: r[op->Dst] = SMod64(r[op->Dst], (ulong)op->Immediate); op++; continue;
                case OpCode.MovSx8To64: r[op->Dst] = (ulong)(sbyte)r[op->Src]; op++; continue;
                case OpCode.MovSx16To64: r[op->Dst] = (ulong)(short)r[op->Src]; op++; continue;
                case OpCode.MovSx32To64: r[op->Dst] = (ulong)(int)r[op->Src]; op++; continue;

                case OpCode.Add32X: r[op->Dst] = (uint)r[op->Dst] + (uint)r[op->Src]; op++; continue;
                case OpCode.Add32K: r[op->Dst] = (uint)r[op->Dst] + (uint)op->Immediate; op++; continue;
                case OpCode.Sub32X: r[op->Dst] = (uint)r[op->Dst] - (uint)r[op->Src]; op++; continue;
                case OpCode.Sub32K: r[op->Dst] = (uint)r[op->Dst] - (uint)op->Immediate; op++; continue;
                case OpCode.Mul32X: r[op->Dst] = (uint)r[op->Dst] * (uint)r[op->Src]; op++; continue;
                case OpCode.Mul32K: r[op->Dst] = (uint)r[op->Dst] * (uint)op->Immediate; op++; continue;
                case OpCode.Or32X: r[op->Dst] = (uint)r[op->Dst] | (uint)r[op->Src]; op++; continue;
                case OpCode.Or32K: r[op->Dst] = (uint)r[op->Dst] | (uint)op->Immediate; op++; continue;
                case OpCode.And32X: r[op->Dst] = (uint)r[op->Dst] & (uint)r[op->Src]; op++; continue;
                case OpCode.And32K: r[op->Dst] = (uint)r[op->Dst] & (uint)op->Immediate; op++; continue;
                case OpCode.Xor32X: r[op->Dst] = (uint)r[op->Dst] ^ (uint)r[op->Src]; op++; continue;
                case OpCode.Xor32K: r[op->Dst] = (uint)r[op->Dst] ^ (uint)op->Immediate; op++; continue;
                case OpCode.Mov32X: r[op->Dst] = (uint)r[op->Src]; op++; continue;
                case OpCode.Mov32K: r[op->Dst] = (uint)op->Immediate; op++; continue;
                case OpCode.Lsh32X: r[op->Dst] = (uint)r[op->Dst] << (int)((uint)r[op->Src] & 31); op++; continue;
                case OpCode.Lsh32K: r[op->Dst] = (uint)r[op->Dst] << (int)op->Immediate; op++; continue;
                case OpCode.Rsh32X: r[op->Dst] = (uint)r[op->Dst] >> (int)((uint)r[op->Src] & 31); op++; continue;
                case OpCode.Rsh32K: r[op->Dst] = (uint)r[op->Dst] >> (int)op->Immediate; op++; continue;
                case OpCode.Arsh32X: r[op->Dst] = (uint)((int)r[op->Dst] >> (int)((uint)r[op->Src] & 31)); op++; continue;
                case OpCode.Arsh32K: r[op->Dst] = (uint)((int)r[op->Dst] >> (int)op->Immediate); op++; continue;
                case OpCode.Neg32: r[op->Dst] = 0U - (uint)r[op->Dst]; op++; continue;
                case OpCode.Div32X: r[op->Dst] = Div32((uint)r[op->Dst], (uint)r[op->Src]); op++; continue;
                case OpCode.Div32K: r[op->Dst] = Div32((uint)r[op->Dst], (uint)op->Immediate); op++; continue;
                case OpCode.Mod32X: r[op->Dst] = Mod32((uint)r[op->Dst], (uint)r[op->Src]); op++; continue;
                case OpCode.Mod32K: r[op->Dst] = Mod32((uint)r[op->Dst], (uint)op->Immediate); op++; continue;
                case OpCode.SDiv32X: r[op->Dst] = SDiv32((uint)r[op->Dst], (uint)r[op->Src]); op++; continue;
                case OpCode.SDiv32K: r[op->Dst] = SDiv32((uint)r[op->Dst], (uint)op->Immediate); op++; continue;
                case OpCode.SMod32X: r[op->Dst] = SMod32((uint)r[op->Dst], (uint)r[op->Src]); op++; continue;
                case OpCode.SMod32K: r[op->Dst] = SMod32((uint)r[op->Dst], (uint)op->Immediate); op++; continue;
                case OpCode.MovSx8To32: r[op->Dst] = (uint)(sbyte)r[op->Src]; op++; continue;
                case OpCode.MovSx16To32: r[op->Dst] = (uint)(short)r[op->Src]; op++; continue;

                case OpCode.Swap16: r[op->Dst] = BinaryPrimitives.ReverseEndianness((ushort)r[op->Dst]); op++; continue;
                case OpCode.Swap32: r[op->Dst] = BinaryPrimitives.ReverseEndianness((uint)r[op->Dst]); op++; continue;
                case OpCode.Swap64: r[op->Dst] = BinaryPrimitives.ReverseEndianness(r[op->Dst]); op++; continue;
                case OpCode.Truncate16: r[op->Dst] = (ushort)r[op->Dst]; op++; continue;
                case OpCode.Truncate64: op++; continue;
                case OpCode.Truncate32: r[op->Dst] = (uint)r[op->Dst]; op++; continue;

                case OpCode.Load8:
                {
                    ulong a = r[op->Src] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 1 > g->ReadLength)
                        goto SlowLoad;
                    r[op->Dst] = *(byte*)((long)a + g->Delta);
                    op++;
                    continue;
                }

                case OpCode.Load16:
                {
                    ulong a = r[op->Src] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 2 > g->ReadLength)
                        goto SlowLoad;
                    r[op->Dst] = *(ushort*)((long)a + g->Delta);
                    op++;
                    continue;
                }

                case OpCode.Load32:
                {
                    ulong a = r[op->Src] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 4 > g->ReadLength)
                        goto SlowLoad;
                    r[op->Dst] = *(uint*)((long)a + g->Delta);
                    op++;
                    continue;
                }

                case OpCode.Load64:
                {
                    ulong a = r[op->Src] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 8 > g->ReadLength)
                        goto SlowLoad;
                    r[op->Dst] = *(ulong*)((long)a + g->Delta);
                    op++;
                    continue;
                }

                case OpCode.LoadSx8:
                {
                    ulong a = r[op->Src] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 1 > g->ReadLength)
                        goto SlowLoad;
                    r[op->Dst] = (ulong)*(sbyte*)((long)a + g->Delta);
                    op++;
                    continue;
                }

                case OpCode.LoadSx16:
                {
                    ulong a = r[op->Src] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 2 > g->ReadLength)
                        goto SlowLoad;
                    r[op->Dst] = (ulong)*(short*)((long)a + g->Delta);
                    op++;
                    continue;
                }

                case OpCode.LoadSx32:
                {
                    ulong a = r[op->Src] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 4 > g->ReadLength)
                        goto SlowLoad;
                    r[op->Dst] = (ulong)*(int*)((long)a + g->Delta);
                    op++;
                    continue;
                }

                case OpCode.Store8:
                {
                    ulong a = r[op->Dst] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 1 > g->WriteLength)
                        goto SlowStore;
                    *(byte*)((long)a + g->Delta) = (byte)r[op->Src];
                    op++;
                    continue;
                }

                case OpCode.Store16:
                {
                    ulong a = r[op->Dst] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 2 > g->WriteLength)
                        goto SlowStore;
                    *(ushort*)((long)a + g->Delta) = (ushort)r[op->Src];
                    op++;
                    continue;
                }

                case OpCode.Store32:
                {
                    ulong a = r[op->Dst] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 4 > g->WriteLength)
                        goto SlowStore;
                    *(uint*)((long)a + g->Delta) = (uint)r[op->Src];
                    op++;
                    continue;
                }

                case OpCode.Store64:
                {
                    ulong a = r[op->Dst] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 8 > g->WriteLength)
                        goto SlowStore;
                    *(ulong*)((long)a + g->Delta) = (ulong)r[op->Src];
                    op++;
                    continue;
                }

                case OpCode.StoreK8:
                {
                    ulong a = r[op->Dst] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 1 > g->WriteLength)
                        goto SlowStore;
                    *(byte*)((long)a + g->Delta) = (byte)op->Immediate;
                    op++;
                    continue;
                }

                case OpCode.StoreK16:
                {
                    ulong a = r[op->Dst] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 2 > g->WriteLength)
                        goto SlowStore;
                    *(ushort*)((long)a + g->Delta) = (ushort)op->Immediate;
                    op++;
                    continue;
                }

                case OpCode.StoreK32:
                {
                    ulong a = r[op->Dst] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 4 > g->WriteLength)
                        goto SlowStore;
                    *(uint*)((long)a + g->Delta) = (uint)op->Immediate;
                    op++;
                    continue;
                }

                case OpCode.StoreK64:
                {
                    ulong a = r[op->Dst] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 8 > g->WriteLength)
                        goto SlowStore;
                    *(ulong*)((long)a + g->Delta) = (ulong)op->Immediate;
                    op++;
                    continue;
                }

                case OpCode.StackLoad8: r[op->Dst] = *(byte*)(stack + op->Offset); op++; continue;
                case OpCode.StackLoad16: r[op->Dst] = *(ushort*)(stack + op->Offset); op++; continue;
                case OpCode.StackLoad32: r[op->Dst] = *(uint*)(stack + op->Offset); op++; continue;
                case OpCode.StackLoad64: r[op->Dst] = *(ulong*)(stack + op->Offset); op++; continue;
                case OpCode.StackLoadSx8: r[op->Dst] = (ulong)*(sbyte*)(stack + op->Offset); op++; continue;
                case OpCode.StackLoadSx16: r[op->Dst] = (ulong)*(short*)(stack + op->Offset); op++; continue;
                case OpCode.StackLoadSx32: r[op->Dst] = (ulong)*(int*)(stack + op->Offset); op++; continue;
                case OpCode.StackStore8: *(byte*)(stack + op->Offset) = (byte)r[op->Src]; op++; continue;
                case OpCode.StackStore16: *(ushort*)(stack + op->Offset) = (ushort)r[op->Src]; op++; continue;
                case OpCode.StackStore32: *(uint*)(stack + op->Offset) = (uint)r[op->Src]; op++; continue;
                case OpCode.StackStore64: *(ulong*)(stack + op->Offset) = (ulong)r[op->Src]; op++; continue;
                case OpCode.StackStoreK8: *(byte*)(stack + op->Offset) = (byte)op->Immediate; op++; continue;
                case OpCode.StackStoreK16: *(ushort*)(stack + op->Offset) = (ushort)op->Immediate; op++; continue;
                case OpCode.StackStoreK32: *(uint*)(stack + op->Offset) = (uint)op->Immediate; op++; continue;
                case OpCode.StackStoreK64: *(ulong*)(stack + op->Offset) = (ulong)op->Immediate; op++; continue;

                case OpCode.AtomicAdd32: case OpCode.AtomicAdd64: case OpCode.Atomic32: case OpCode.Atomic64:
                case OpCode.LoadAcquire8: case OpCode.LoadAcquire16: case OpCode.LoadAcquire32: case OpCode.LoadAcquire64:
                case OpCode.StoreRelease8: case OpCode.StoreRelease16: case OpCode.StoreRelease32: case OpCode.StoreRelease64:
                    ((Frame*)r)->Current = op;
                    AtomicOperations.Execute(run, op, r);
                    op++;
                    continue;

                case OpCode.PacketAbsolute8: case OpCode.PacketAbsolute16: case OpCode.PacketAbsolute32:
                case OpCode.PacketIndirect8: case OpCode.PacketIndirect16: case OpCode.PacketIndirect32:
                    ((Frame*)r)->Current = op;
                    if (!PacketLoads.Execute(run, op, r))
                    {
                        // A load beyond the packet ends the program with 0.
                        r[0] = 0;
                        goto Leave;
                    }

                    op++;
                    continue;

                case OpCode.CastToKernel: case OpCode.CastToUser:
                    ((Frame*)r)->Current = op;
                    r[op->Dst] = run.CastAddress(r[op->Src], op->Code == OpCode.CastToUser);
                    op++;
                    continue;

                case OpCode.Jump: goto Taken;
                case OpCode.MayGoto: if (--((Frame*)r)->MayGotoLeft < 0) goto Taken; op++; continue;
                case OpCode.Jeq64X: if (r[op->Dst] == r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jeq64K: if (r[op->Dst] == (ulong)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jne64X: if (r[op->Dst] != r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jne64K: if (r[op->Dst] != (ulong)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jgt64X: if (r[op->Dst] > r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jgt64K: if (r[op->Dst] > (ulong)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jge64X: if (r[op->Dst] >= r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jge64K: if (r[op->Dst] >= (ulong)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jlt64X: if (r[op->Dst] < r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jlt64K: if (r[op->Dst] < (ulong)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jle64X: if (r[op->Dst] <= r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jle64K: if (r[op->Dst] <= (ulong)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jsgt64X: if ((long)r[op->Dst] > (long)r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jsgt64K: if ((long)r[op->Dst] > op->Immediate) goto Taken; op++; continue;
                case OpCode.Jsge64X: if ((long)r[op->Dst] >= (long)r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jsge64K: if ((long)r[op->Dst] >= op->Immediate) goto Taken; op++; continue;
                case OpCode.Jslt64X: if ((long)r[op->Dst] < (long)r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jslt64K: if ((long)r[op->Dst] < op->Immediate) goto Taken; op++; continue;
                case OpCode.Jsle64X: if ((long)r[op->Dst] <= (long)r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jsle64K: if ((long)r[op->Dst] <= op->Immediate) goto Taken; op++; continue;
                case OpCode.Jset64X: if ((r[op->Dst] & r[op->Src]) != 0) goto Taken; op++; continue;
                case OpCode.Jset64K: if ((r[op->Dst] & (ulong)op->Immediate) != 0) goto Taken; op++; continue;
                case OpCode.Jeq32X: if ((uint)r[op->Dst] == (uint)r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jeq32K: if ((uint)r[op->Dst] == (uint)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jne32X: if ((uint)r[op->Dst] != (uint)r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jne32K: if ((uint)r[op->Dst] != (uint)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jgt32X: if ((uint)r[op->Dst] > (uint)r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jgt32K: if ((uint)r[op->Dst] > (uint)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jge32X: if ((uint)r[op->Dst] >= (uint)r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jge32K: if ((uint)r[op->Dst] >= (uint)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jlt32X: if ((uint)r[op->Dst] < (uint)r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jlt32K: if ((uint)r[op->Dst] < (uint)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jle32X: if ((uint)r[op->Dst] <= (uint)r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jle32K: if ((uint)r[op->Dst] <= (uint)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jsgt32X: if ((int)r[op->Dst] > (int)r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jsgt32K: if ((int)r[op->Dst] > (int)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jsge32X: if ((int)r[op->Dst] >= (int)r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jsge32K: if ((int)r[op->Dst] >= (int)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jslt32X: if ((int)r[op->Dst] < (int)r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jslt32K: if ((int)r[op->Dst] < (int)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jsle32X: if ((int)r[op->Dst] <= (int)r[op->Src]) goto Taken; op++; continue;
                case OpCode.Jsle32K: if ((int)r[op->Dst] <= (int)op->Immediate) goto Taken; op++; continue;
                case OpCode.Jset32X: if ((uint)(r[op->Dst] & r[op->Src]) != 0) goto Taken; op++; continue;
                case OpCode.Jset32K: if ((uint)(r[op->Dst] & (ulong)op->Immediate) != 0) goto Taken; op++; continue;

                case OpCode.MovAddK64: r[op->Dst] = r[op->Src] + (ulong)op[1].Immediate; op += 2; continue;
                case OpCode.MovAddX64: r[op->Dst] = r[op->Src] + r[op[1].Src]; op += 2; continue;
                case OpCode.MovAddKAddX64: r[op->Dst] = r[op->Src] + (ulong)op[1].Immediate + r[op[2].Src]; op += 3; continue;
                case OpCode.MovAddKJgt64: r[op->Dst] = r[op->Src] + (ulong)op[1].Immediate; if (r[op[2].Dst] > r[op[2].Src]) goto TakenThird; op += 3; continue;
                case OpCode.MovLshXor64: r[op->Dst] = (r[op->Src] << (int)op[1].Immediate) ^ r[op[2].Src]; op += 3; continue;
                case OpCode.MovRshXor64: r[op->Dst] = (r[op->Src] >> (int)op[1].Immediate) ^ r[op[2].Src]; op += 3; continue;
                case OpCode.MovMov64: r[op->Dst] = r[op->Src]; r[op[1].Dst] = r[op[1].Src]; op += 2; continue;
                case OpCode.MovMov32: r[op->Dst] = (uint)r[op->Src]; r[op[1].Dst] = (uint)r[op[1].Src]; op += 2; continue;
                case OpCode.MovMulK32: r[op->Dst] = (uint)r[op->Src] * (uint)(ulong)op[1].Immediate; op += 2; continue;
                case OpCode.MovAddX32: r[op->Dst] = (uint)r[op->Src] + (uint)r[op[1].Src]; op += 2; continue;
                case OpCode.MovSubX32: r[op->Dst] = (uint)r[op->Src] - (uint)r[op[1].Src]; op += 2; continue;
                case OpCode.MovDivX32: r[op->Dst] = Div32((uint)r[op->Src], (uint)r[op[1].Src]); op += 2; continue;
                case OpCode.AddXMov64: r[op->Dst] += r[op->Src]; r[op[1].Dst] = r[op[1].Src]; op += 2; continue;
                case OpCode.AddXAddK64: r[op->Dst] += r[op->Src]; r[op[1].Dst] += (ulong)op[1].Immediate; op += 2; continue;
                case OpCode.AddKMov32: r[op->Dst] = (uint)r[op->Dst] + (uint)(ulong)op->Immediate; r[op[1].Dst] = (uint)r[op[1].Src]; op += 2; continue;
                case OpCode.MovJneK64: r[op->Dst] = r[op->Src]; if (r[op[1].Dst] != (ulong)op[1].Immediate) goto TakenSecond; op += 2; continue;
                case OpCode.MovJgtK32: r[op->Dst] = (uint)r[op->Src]; if ((uint)r[op[1].Dst] > (uint)(ulong)op[1].Immediate) goto TakenSecond; op += 2; continue;
                case OpCode.AddKJneK64: r[op->Dst] += (ulong)op->Immediate; if (r[op->Dst] != (ulong)op[1].Immediate) goto TakenSecond; op += 2; continue;
                case OpCode.AddKJeqK32: r[op->Dst] = (uint)r[op->Dst] + (uint)(ulong)op->Immediate; if ((uint)r[op->Dst] == (uint)(ulong)op[1].Immediate) goto TakenSecond; op += 2; continue;
                case OpCode.AddKJneK32: r[op->Dst] = (uint)r[op->Dst] + (uint)(ulong)op->Immediate; if ((uint)r[op->Dst] != (uint)(ulong)op[1].Immediate) goto TakenSecond; op += 2; continue;
                case OpCode.Load8JeqK32:
                {
                    ulong a = r[op->Src] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 1 > g->ReadLength)
                        goto SlowLoad;
                    uint loaded = *(byte*)((long)a + g->Delta);
                    r[op->Dst] = loaded;
                    if (loaded == (uint)(ulong)op[1].Immediate)
                        goto TakenSecond;
                    op += 2;
                    continue;
                }

                case OpCode.Load8JneK32:
                {
                    ulong a = r[op->Src] + (ulong)(long)op->Offset;
                    Region* g = Select(regions, a);
                    if (a - g->GuestBase + 1 > g->ReadLength)
                        goto SlowLoad;
                    uint loaded = *(byte*)((long)a + g->Delta);
                    r[op->Dst] = loaded;
                    if (loaded != (uint)(ulong)op[1].Immediate)
                        goto TakenSecond;
                    op += 2;
                    continue;
                }


                case OpCode.Invalid: break;

                case OpCode.CallHelper:
                    ((Frame*)r)->Current = op;
                    run.Budget = budget;
                    r[0] = ((delegate* managed<RunContext, ulong, ulong, ulong, ulong, ulong, ulong>)op->Immediate)(run, r[1], r[2], r[3], r[4], r[5]);
                    budget = run.Budget;
                    op++;
                    continue;

                case OpCode.CallRegistered:
                    ((Frame*)r)->Current = op;
                    run.Budget = budget;
                    r[0] = CallRegistered(run, (int)op->Immediate, r);
                    budget = run.Budget;
                    op++;
                    continue;

                case OpCode.CallRegister when !GuestAddress.IsTagged(r[op->Dst]):
                    ((Frame*)r)->Current = op;
                    run.Budget = budget;
                    r[0] = CallNumber(run, r[op->Dst], r);
                    budget = run.Budget;
                    op++;
                    continue;

                case OpCode.CallRegister:
                case OpCode.CallFunction:
                    ((Frame*)r)->Current = op;
                    if (--budget < 0)
                        goto OutOfBudget;
                    r = Enter(run, op, r);
                    op = ((Frame*)r)->Current;
                    stack = run.StackOf(run.Depth) + RunContext.StackSize;
                    continue;

                case OpCode.TailCall:
                {
                    ((Frame*)r)->Current = op;
                    EmulatedProgram? next = TailCalls.Resolve(run, r[2], r[3]);
                    if (next is null)
                    {
                        op++;
                        continue;
                    }

                    if (--budget < 0)
                        goto OutOfBudget;
                    op = TailCalls.Enter(run, next, r);
                    continue;
                }

                case OpCode.Exit: goto Leave;
            }

            ((Frame*)r)->Current = op;
            NotThere(run, op);

        TakenThird:
            op++;
        TakenSecond:
            op++;
        Taken:
            {
                // Distances of jumps are in bytes. Only a jump back can make a program endless: it pays for what it repeats.
                int distance = op->Offset;
                op = (Op*)((byte*)op + distance);
                if (distance > 0)
                    continue;
                budget += (distance >> 4) - 1;
                if (budget >= 0)
                    continue;
                op = (Op*)((byte*)op - distance);
            }

        OutOfBudget:
            run.Budget = budget;
            OutOfBudget(run, op);

        SlowLoad:
            ((Frame*)r)->Current = op;
            r[op->Dst] = SlowAccess.Load(run, op, r);
            op++;
            continue;

        SlowStore:
            ((Frame*)r)->Current = op;
            SlowAccess.Store(run, op, r);
            op++;
            continue;

        Leave:
            {
                Op* back = ((Frame*)r)->Return;
                ulong result = r[0];
                ((Frame*)r)->Current = op; // for a fault about what was not given back
                if (((Frame*)r)->Replaced != 0)
                    run.RestoreProgram();
                run.Pop();
                if (back == null)
                {
                    run.Budget = budget;
                    return result;
                }

                r = (ulong*)((byte*)r - Frame.SizeInBytes);
                r[0] = result;
                op = back;
                stack -= RunContext.StackSize;
            }
        }
    }

    // The entry of the region table that an address selects: an index of 16 bits times 32 bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Region* Select(Region* regions, ulong address) =>
        (Region*)((byte*)regions + ((address >> (GuestAddress.RegionShift - 5)) & ((ulong)GuestAddress.RegionMask << 5)));

    private static ulong* Enter(RunContext run, Op* op, ulong* r)
    {
        ProgramCode code = run.Program.Code;
        int function = op->Code == OpCode.CallFunction ? (int)op->Immediate : run.FunctionIndex(r[op->Dst]);
        ProgramFunction target = code.Functions[function];
        Frame* frame = run.Push(function, (uint)target.StackToClear);
        ulong* to = frame->Registers;
        to[0] = 0;
        to[1] = r[1];
        to[2] = r[2];
        to[3] = r[3];
        to[4] = r[4];
        to[5] = r[5];
        to[6] = to[7] = to[8] = to[9] = 0;
        frame->Return = op + 1;
        frame->Current = (run.Diagnosis is null ? code.FastOps : code.Ops) + target.FirstOp;
        return to;
    }

    // A register call of a number calls the helper of that number, as the instruction suite has it.
    private static ulong CallNumber(RunContext run, ulong number, ulong* r)
    {
        HelperDescriptor? helper = number <= int.MaxValue ? run.Kernel.Helpers.Find((int)number) : null;
        if (helper is null || !helper.ProgramTypes.Contains(run.Program.Type) || (helper.GplOnly && !run.Program.IsGplCompatible))
            RunContext.Fault(BpfFaultKind.InvalidCall, $"0x{number:x} is neither the address of a function nor the number of a helper that this program may call.");
        return helper.Registered is { } registered
            ? (ulong)registered(new EmulatedCall(run, r[1], r[2], r[3], r[4], r[5]))
            : helper.Implementation(run, r[1], r[2], r[3], r[4], r[5]);
    }

    private static void NotThere(RunContext run, Op* op)
    {
        int slot = FaultReport.SlotOf(run.Program.Code, run.Frames + run.Depth);
        bool standsIn = slot >= 0 && ProgramDecoder.IsLoadersStandIn(run.Program.Code.Instructions[slot]);
        RunContext.Fault(
            BpfFaultKind.InvalidInstruction,
            standsIn
                ? "The program reached what this kernel does not have: a CO-RE relocation or a weak kernel function that the kernel's BTF could not resolve. Guard it with bpf_core_field_exists(), bpf_core_type_exists() or bpf_ksym_exists(), or give the emulator BTF that has it."
                : $"The emulator has no {op->Code}.");
    }

    private static ulong CallRegistered(RunContext run, int index, ulong* r) =>
        (ulong)run.Program.Code.Registered[index](new EmulatedCall(run, r[1], r[2], r[3], r[4], r[5]));

    private static void OutOfBudget(RunContext run, Op* op)
    {
        run.Frames[run.Depth].Current = op;
        RunContext.Fault(
            BpfFaultKind.BudgetExceeded,
            $"The program ran more than {run.Kernel.InstructionBudget} instructions; it looks like an endless loop (EmulatedKernel.InstructionBudget sets the limit).");
    }

    private static ulong Div64(ulong a, ulong b) => b == 0 ? 0 : a / b;

    private static ulong Mod64(ulong a, ulong b) => b == 0 ? a : a % b;

    private static ulong SDiv64(ulong a, ulong b) => b == 0 ? 0 : b == ulong.MaxValue ? 0 - a : (ulong)((long)a / (long)b);

    private static ulong SMod64(ulong a, ulong b) => b == 0 ? a : b == ulong.MaxValue ? 0 : (ulong)((long)a % (long)b);

    private static uint Div32(uint a, uint b) => b == 0 ? 0 : a / b;

    private static uint Mod32(uint a, uint b) => b == 0 ? a : a % b;

    private static uint SDiv32(uint a, uint b) => b == 0 ? 0 : b == uint.MaxValue ? 0 - a : (uint)((int)a / (int)b);

    private static uint SMod32(uint a, uint b) => b == 0 ? a : b == uint.MaxValue ? 0 : (uint)((int)a % (int)b);
}
