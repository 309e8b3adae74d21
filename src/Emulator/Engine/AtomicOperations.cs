using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>Atomic operations on guest memory; real ones, since virtual CPUs may be threads.</summary>
internal static unsafe class AtomicOperations
{
    private const int Fetch = 1;

    public static void Execute(RunContext run, Op* op, ulong* r)
    {
        switch (op->Code)
        {
            case OpCode.LoadAcquire8: r[op->Dst] = Volatile.Read(ref *Address(run, op, r[op->Src], 1, false)); break;
            case OpCode.LoadAcquire16: r[op->Dst] = Volatile.Read(ref *(ushort*)Address(run, op, r[op->Src], 2, false)); break;
            case OpCode.LoadAcquire32: r[op->Dst] = Volatile.Read(ref *(uint*)Address(run, op, r[op->Src], 4, false)); break;
            case OpCode.LoadAcquire64: r[op->Dst] = Volatile.Read(ref *(ulong*)Address(run, op, r[op->Src], 8, false)); break;
            case OpCode.StoreRelease8: Volatile.Write(ref *Address(run, op, r[op->Dst], 1, true), (byte)r[op->Src]); break;
            case OpCode.StoreRelease16: Volatile.Write(ref *(ushort*)Address(run, op, r[op->Dst], 2, true), (ushort)r[op->Src]); break;
            case OpCode.StoreRelease32: Volatile.Write(ref *(uint*)Address(run, op, r[op->Dst], 4, true), (uint)r[op->Src]); break;
            case OpCode.StoreRelease64: Volatile.Write(ref *(ulong*)Address(run, op, r[op->Dst], 8, true), r[op->Src]); break;
            case OpCode.AtomicAdd32: Interlocked.Add(ref *(uint*)Address(run, op, r[op->Dst], 4, true), (uint)r[op->Src]); break;
            case OpCode.AtomicAdd64: Interlocked.Add(ref *(ulong*)Address(run, op, r[op->Dst], 8, true), r[op->Src]); break;
            case OpCode.Atomic32: Execute32(op, r, ref *(uint*)Address(run, op, r[op->Dst], 4, true)); break;
            default: Execute64(op, r, ref *(ulong*)Address(run, op, r[op->Dst], 8, true)); break;
        }
    }

    private static void Execute32(Op* op, ulong* r, ref uint target)
    {
        uint source = (uint)r[op->Src];
        var operation = (BpfAtomicOperation)op->Immediate;
        if (operation == BpfAtomicOperation.CompareExchange)
        {
            r[0] = Interlocked.CompareExchange(ref target, source, (uint)r[0]);
            return;
        }

        uint old = operation switch
        {
            BpfAtomicOperation.Exchange => Interlocked.Exchange(ref target, source),
            BpfAtomicOperation.Add or BpfAtomicOperation.FetchAdd => Interlocked.Add(ref target, source) - source,
            BpfAtomicOperation.And or BpfAtomicOperation.FetchAnd => Interlocked.And(ref target, source),
            BpfAtomicOperation.Or or BpfAtomicOperation.FetchOr => Interlocked.Or(ref target, source),
            _ => Xor(ref target, source),
        };
        if (((int)op->Immediate & Fetch) != 0)
            r[op->Src] = old;

        static uint Xor(ref uint target, uint source)
        {
            uint seen = Volatile.Read(ref target);
            for (uint old; (old = Interlocked.CompareExchange(ref target, seen ^ source, seen)) != seen; seen = old)
            {
            }

            return seen;
        }
    }

    private static void Execute64(Op* op, ulong* r, ref ulong target)
    {
        ulong source = r[op->Src];
        var operation = (BpfAtomicOperation)op->Immediate;
        if (operation == BpfAtomicOperation.CompareExchange)
        {
            r[0] = Interlocked.CompareExchange(ref target, source, r[0]);
            return;
        }

        ulong old = operation switch
        {
            BpfAtomicOperation.Exchange => Interlocked.Exchange(ref target, source),
            BpfAtomicOperation.Add or BpfAtomicOperation.FetchAdd => Interlocked.Add(ref target, source) - source,
            BpfAtomicOperation.And or BpfAtomicOperation.FetchAnd => Interlocked.And(ref target, source),
            BpfAtomicOperation.Or or BpfAtomicOperation.FetchOr => Interlocked.Or(ref target, source),
            _ => Xor(ref target, source),
        };
        if (((int)op->Immediate & Fetch) != 0)
            r[op->Src] = old;

        static ulong Xor(ref ulong target, ulong source)
        {
            ulong seen = Volatile.Read(ref target);
            for (ulong old; (old = Interlocked.CompareExchange(ref target, seen ^ source, seen)) != seen; seen = old)
            {
            }

            return seen;
        }
    }

    private static byte* Address(RunContext run, Op* op, ulong register, int size, bool write)
    {
        ulong address = register + (ulong)(long)op->Offset;
        if (!run.TryTranslate(address, (uint)size, write, out byte* native))
            run.FaultAccess(address, (uint)size, write);
        if (((ulong)native & (uint)(size - 1)) != 0)
        {
            throw new BpfFaultException(BpfFaultKind.Misaligned, $"An atomic operation of {size} bytes needs an address that is a multiple of {size}.")
            {
                Address = address,
                AccessSize = size,
                IsWrite = write,
            };
        }

        return native;
    }
}
