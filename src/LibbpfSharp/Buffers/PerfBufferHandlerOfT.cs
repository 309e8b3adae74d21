namespace LibbpfSharp;

/// <summary>Receives a record of a perf buffer in place, as a structure, which is valid during the call only and 4-aligned.</summary>
/// <typeparam name="T">The structure that the program writes.</typeparam>
/// <param name="cpu">Number of the CPU that the program ran on.</param>
/// <param name="record">The record.</param>
public delegate void PerfBufferHandler<T>(int cpu, ref readonly T record)
    where T : unmanaged;
