using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Unit.Interop;

namespace LibbpfSharp.Tests.Unit.Objects;

/// <summary>BPF_PROG_STREAM_READ_BY_FD: what the kernel is asked, and what its answers become.</summary>
public sealed class ProgramStreamTests
{
    [Fact]
    public void All_that_a_stream_holds_is_read_in_order()
    {
        var kernel = new StreamKernel(5000);
        using BpfProgram program = New(kernel);
        string text = program.ReadStream(BpfProgramStream.Error);
        Assert.Equal(5000, text.Length);
        Assert.Equal("abcdefghij", text[..10]);
        Assert.Equal((9u, 2u), kernel.Asked);
        Assert.Equal("", program.ReadStream(BpfProgramStream.Output));
        Assert.Equal((9u, 1u), kernel.Asked);
    }

    [Fact]
    public void Kernel_without_streams_and_stream_that_is_not_there()
    {
        using BpfProgram old = New(new StreamKernel(0) { Error = BpfErrno.EINVAL });
        Assert.Equal(new Version(6, 17), Assert.Throws<BpfUnsupportedFeatureException>(() => old.ReadStream(BpfProgramStream.Output)).MinimumKernel);
        using BpfProgram program = New(new StreamKernel(0) { Error = BpfErrno.ENOENT });
        Assert.Contains("no stream 9", Assert.Throws<BpfException>(() => program.ReadStream((BpfProgramStream)9, new byte[4])).Message, StringComparison.Ordinal);
    }

    private static BpfProgram New(FakeKernel kernel) => new(new KernelHandle(kernel, 9, "program 'p'"), "p", "syscall", BpfProgramType.Syscall, 0);

    /// <summary>Holds some bytes in the error stream, and nothing in the other.</summary>
    private sealed class StreamKernel(int length) : FakeKernel
    {
        private int _given;

        public BpfErrno Error { get; init; }

        public (uint Program, uint Stream) Asked { get; private set; }

        public override unsafe int Bpf(BpfCommand command, ref BpfAttr attr, uint size)
        {
            Assert.Equal(BpfCommand.ProgStreamReadByFd, command);
            Asked = (attr.prog_stream_read.prog_fd, attr.prog_stream_read.stream_id);
            if (Error != BpfErrno.None)
                return -(int)Error;
            if (attr.prog_stream_read.stream_id != 2)
                return 0;
            int part = Math.Min(length - _given, Math.Min((int)attr.prog_stream_read.stream_buf_len, 1500));
            for (int i = 0; i < part; i++)
                ((byte*)attr.prog_stream_read.stream_buf)[i] = (byte)('a' + (_given + i) % 26);
            _given += part;
            return part;
        }
    }
}
