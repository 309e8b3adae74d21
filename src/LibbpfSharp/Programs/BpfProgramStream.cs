namespace LibbpfSharp;

/// <summary>Streams of a program, as enum bpf_stream_id's BPF_STDOUT and BPF_STDERR.</summary>
public enum BpfProgramStream
{
    /// <summary>BPF_STDOUT: what the program writes for its users.</summary>
    Output = 1,

    /// <summary>BPF_STDERR: what the program and the kernel say of its errors (timeouts, arena faults, deadlocks).</summary>
    Error = 2,
}
