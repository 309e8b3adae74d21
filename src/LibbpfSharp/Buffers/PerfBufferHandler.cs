namespace LibbpfSharp;

/// <summary>Receives a record of a perf buffer: the bytes are valid during the call only.</summary>
/// <param name="cpu">Number of the CPU that the program ran on.</param>
/// <param name="record">What the program gave to bpf_perf_event_output(), padded by up to 7 bytes as the kernel does.</param>
public delegate void PerfBufferHandler(int cpu, ReadOnlySpan<byte> record);
