using System.Text;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

public sealed unsafe partial class BpfProgram
{
    /// <summary>
    /// Reads what the program, or the kernel about it, has written to a stream (BPF_PROG_STREAM_READ_BY_FD, 6.17), and
    /// takes it out of the stream. Never waits.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="buffer">Where the bytes go.</param>
    /// <returns>How many there were; 0 if there is nothing to read.</returns>
    /// <exception cref="BpfUnsupportedFeatureException">The kernel has no streams of programs.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public int ReadStream(BpfProgramStream stream, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            BpfAttr attr = default;
            attr.prog_stream_read.stream_buf = (ulong)pointer;
            attr.prog_stream_read.stream_buf_len = (uint)buffer.Length;
            attr.prog_stream_read.stream_id = (uint)stream;
            attr.prog_stream_read.prog_fd = (uint)_handle.Enter();
            int read;
            try
            {
                read = Kernel.Bpf(BpfCommand.ProgStreamReadByFd, ref attr, BpfAttr.ByteSize);
            }
            finally
            {
                _handle.Exit();
            }

            // A kernel that does not know the command says EINVAL; one that does has no other use for it here.
            if (read == -(int)BpfErrno.EINVAL)
                throw new BpfUnsupportedFeatureException("streams of programs", new Version(6, 17), Kernel.Name, Subject);
            return KernelErrors.Check(read, Kernel, "BPF_PROG_STREAM_READ_BY_FD", Subject, read == -(int)BpfErrno.ENOENT ? $"There is no stream {(uint)stream}." : null);
        }
    }

    /// <summary>Reads all that a stream holds as text.</summary>
    /// <param name="stream">The stream.</param>
    /// <returns>The text; empty if there is nothing to read.</returns>
    /// <exception cref="BpfUnsupportedFeatureException">The kernel has no streams of programs.</exception>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public string ReadStream(BpfProgramStream stream)
    {
        byte[] buffer = new byte[4096];
        var bytes = new List<byte>();
        while (ReadStream(stream, buffer) is > 0 and var read)
            bytes.AddRange(buffer.AsSpan(0, read));
        return Encoding.UTF8.GetString([.. bytes]);
    }
}
