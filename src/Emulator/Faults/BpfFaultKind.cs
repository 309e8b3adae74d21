namespace LibbpfSharp.Emulator;

/// <summary>What a program did wrong at run time.</summary>
public enum BpfFaultKind
{
    /// <summary>Not a fault.</summary>
    None,

    /// <summary>An access through NULL or a small offset from it: usually a map lookup whose result was not tested.</summary>
    NullPointer,

    /// <summary>An access through a number that is no address of the program's memory.</summary>
    InvalidAddress,

    /// <summary>An access that starts or ends outside the memory that the address points into.</summary>
    OutOfBounds,

    /// <summary>A store to memory that is read-only for programs.</summary>
    ReadOnly,

    /// <summary>An access to memory that was given back: a submitted ring buffer record, a packet that moved, a stack frame that returned.</summary>
    UseAfterRelease,

    /// <summary>An access to the context that its program type does not have: offset, size, or a store to a read-only field.</summary>
    InvalidContextAccess,

    /// <summary>A packet access at or past data_end.</summary>
    PacketOutOfBounds,

    /// <summary>An atomic operation whose address is not a multiple of its size.</summary>
    Misaligned,

    /// <summary>A read of stack bytes that were never written (only under Strict).</summary>
    UninitializedStack,

    /// <summary>A read of a register that was never written (only under Strict).</summary>
    UninitializedRegister,

    /// <summary>The instruction budget is used up: an endless loop, as a rule.</summary>
    BudgetExceeded,

    /// <summary>More nested calls than the kernel allows.</summary>
    CallDepth,

    /// <summary>An indirect call to something that is no function.</summary>
    InvalidCall,

    /// <summary>A helper or kfunc was given something it cannot take.</summary>
    InvalidArgument,

    /// <summary>A reference (ring buffer record, socket, task, ...) was not given back before the program ended, or twice.</summary>
    UnbalancedReference,

    /// <summary>A lock was not released before the program ended, taken twice, or released without being held.</summary>
    UnbalancedLock,

    /// <summary>More memory regions at once than a run can have.</summary>
    ResourceLimit,

    /// <summary>An instruction that cannot be run.</summary>
    InvalidInstruction,

    /// <summary>The emulator itself failed; the message says how. Please report it.</summary>
    Internal,
}
