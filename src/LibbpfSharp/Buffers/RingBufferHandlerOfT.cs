namespace LibbpfSharp;

/// <summary>Receives a record of a ring buffer in place, as a structure: it is the kernel's memory and valid during the call only.</summary>
/// <typeparam name="T">The structure that the program writes.</typeparam>
/// <param name="record">The record.</param>
public delegate void RingBufferHandler<T>(ref readonly T record)
    where T : unmanaged;
