namespace LibbpfSharp;

/// <summary>Receives a record of a ring buffer in place: the bytes are the kernel's memory and valid during the call only.</summary>
/// <param name="record">The record, without header.</param>
public delegate void RingBufferHandler(ReadOnlySpan<byte> record);
