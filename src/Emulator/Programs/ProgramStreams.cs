using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>What a program, and the kernel about it, has written for its users (6.17): two streams, taken out as they are read.</summary>
internal sealed unsafe class ProgramStreams
{
    private const int Capacity = 100_000; // BPF_STREAM_MAX_CAPACITY
    private const uint Errors = 2;

    private readonly Lock _lock = new();
    private readonly List<byte>[] _streams = [[], []];

    /// <summary>BPF_PROG_STREAM_READ_BY_FD.</summary>
    /// <returns>Bytes read or -errno.</returns>
    public static int Read(EmulatedKernel kernel, in bpf_attr_prog_stream_read attr)
    {
        if (!kernel.IsAtLeast(6, 17))
            return -Errno.EINVAL;
        int error = kernel.Find(attr.prog_fd, out EmulatedProgram? program);
        if (error != 0)
            return error;
        if (attr.stream_id is 0 or > Errors)
            return -Errno.ENOENT;
        return UserMemory.IsValid(attr.stream_buf) || attr.stream_buf_len == 0
            ? program!.Streams.Take(attr.stream_id, new Span<byte>((void*)attr.stream_buf, (int)Math.Min(attr.stream_buf_len, int.MaxValue)))
            : -Errno.EFAULT;
    }

    /// <summary>Appends text to a stream.</summary>
    /// <returns>0; -ENOENT for a number that is no stream's; -ENOSPC where nobody has read for too long.</returns>
    public int Write(uint stream, ReadOnlySpan<byte> text)
    {
        if (stream is 0 or > Errors)
            return -Errno.ENOENT;
        lock (_lock)
        {
            List<byte> bytes = _streams[stream - 1];
            if (bytes.Count + text.Length > Capacity)
                return -Errno.ENOSPC;
            bytes.AddRange(text);
            return 0;
        }
    }

    private int Take(uint stream, Span<byte> buffer)
    {
        lock (_lock)
        {
            List<byte> bytes = _streams[stream - 1];
            int count = Math.Min(bytes.Count, buffer.Length);
            bytes[..count].CopyTo(buffer);
            bytes.RemoveRange(0, count);
            return count;
        }
    }
}
