namespace LibbpfSharp.Emulator;

/// <summary>
/// What an <see cref="Op"/> does. Dense, so that the interpreter's switch is one table; a form per operand kind and width,
/// so that no operand is examined while running. K: the second operand is the immediate, X: the source register.
/// </summary>
internal enum OpCode : ushort
{
    // Marks what was not decoded; a fault if it is met.
    Invalid,

    // 64-bit arithmetic.
    Add64X, Add64K,
    Sub64X, Sub64K,
    Mul64X, Mul64K,
    Div64X, Div64K,
    SDiv64X, SDiv64K,
    Or64X, Or64K,
    And64X, And64K,
    Lsh64X, Lsh64K,
    Rsh64X, Rsh64K,
    Mod64X, Mod64K,
    SMod64X, SMod64K,
    Xor64X, Xor64K,
    Mov64X, Mov64K,
    Arsh64X, Arsh64K,
    Neg64, MovSx8To64, MovSx16To64, MovSx32To64,

    // 32-bit arithmetic; the upper half of the destination becomes zero.
    Add32X, Add32K,
    Sub32X, Sub32K,
    Mul32X, Mul32K,
    Div32X, Div32K,
    SDiv32X, SDiv32K,
    Or32X, Or32K,
    And32X, And32K,
    Lsh32X, Lsh32K,
    Rsh32X, Rsh32K,
    Mod32X, Mod32K,
    SMod32X, SMod32K,
    Xor32X, Xor32K,
    Mov32X, Mov32K,
    Arsh32X, Arsh32K,
    Neg32, MovSx8To32, MovSx16To32,

    // Byte order.
    Swap16, Swap32, Swap64, Truncate16, Truncate32, Truncate64,

    // 64-bit immediate, address of a map, value or function.
    LoadImmediate,

    // Memory through any pointer.
    Load8, Load16, Load32, Load64, LoadSx8, LoadSx16, LoadSx32,
    Store8, Store16, Store32, Store64, StoreK8, StoreK16, StoreK32, StoreK64,

    // Memory at r10 plus a constant that was checked at load.
    StackLoad8, StackLoad16, StackLoad32, StackLoad64, StackLoadSx8, StackLoadSx16, StackLoadSx32,
    StackStore8, StackStore16, StackStore32, StackStore64, StackStoreK8, StackStoreK16, StackStoreK32, StackStoreK64,

    // Atomics; the immediate of Atomic32/64 is the operation as in the instruction.
    AtomicAdd32, AtomicAdd64, Atomic32, Atomic64,
    LoadAcquire8, LoadAcquire16, LoadAcquire32, LoadAcquire64,
    StoreRelease8, StoreRelease16, StoreRelease32, StoreRelease64,

    // Legacy packet loads into r0; Src is used by the indirect forms.
    PacketAbsolute8, PacketAbsolute16, PacketAbsolute32, PacketIndirect8, PacketIndirect16, PacketIndirect32,

    // Jumps.
    Jump, MayGoto,
    Jeq64X, Jeq64K,
    Jne64X, Jne64K,
    Jgt64X, Jgt64K,
    Jge64X, Jge64K,
    Jlt64X, Jlt64K,
    Jle64X, Jle64K,
    Jset64X, Jset64K,
    Jsgt64X, Jsgt64K,
    Jsge64X, Jsge64K,
    Jslt64X, Jslt64K,
    Jsle64X, Jsle64K,
    Jeq32X, Jeq32K,
    Jne32X, Jne32K,
    Jgt32X, Jgt32K,
    Jge32X, Jge32K,
    Jlt32X, Jlt32K,
    Jle32X, Jle32K,
    Jset32X, Jset32K,
    Jsgt32X, Jsgt32K,
    Jsge32X, Jsge32K,
    Jslt32X, Jslt32K,
    Jsle32X, Jsle32K,

    // Calls. CallFunction: Immediate is the function's number; CallHelper: a function pointer; CallRegistered: an index.
    CallFunction, CallRegister, CallHelper, CallRegistered, TailCall,

    Exit,

    // Moves between address spaces: user to kernel needs nothing, kernel to user keeps the offset in an arena.
    CastToKernel, CastToUser,

    // Several instructions in one step, where the first op's place tells (Superinstructions); the ops behind keep theirs.
    MovAddK64, MovAddX64, MovAddKAddX64, MovAddKJgt64, MovLshXor64, MovRshXor64, MovMov64, MovMov32,
    MovMulK32, MovAddX32, MovSubX32, MovDivX32, AddXMov64, AddXAddK64, AddKMov32,
    MovJneK64, MovJgtK32, AddKJneK64, AddKJeqK32, AddKJneK32, Load8JeqK32, Load8JneK32,

}
