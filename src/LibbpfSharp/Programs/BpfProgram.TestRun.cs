using LibbpfSharp.Interop;

namespace LibbpfSharp;

public sealed unsafe partial class BpfProgram
{
    /// <summary>Runs the program on a packet (BPF_PROG_TEST_RUN).</summary>
    /// <param name="data">The packet.</param>
    /// <returns>The result.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public BpfTestRunResult TestRun(ReadOnlyMemory<byte> data) => TestRun(new BpfTestRunOptions { Data = data });

    /// <summary>Runs the program (BPF_PROG_TEST_RUN; on Linux XDP, TC, socket, cgroup_skb, flow dissector, raw tracepoint, syscall and a few more kinds).</summary>
    /// <param name="options">Packet, context and the rest; null for none.</param>
    /// <returns>The result.</returns>
    /// <exception cref="BpfException">The kernel refused: ENOTSUPP for a kind of program that has no test run, ENOSPC for an output buffer that is too small, EINVAL for a missing or unwanted packet or context.</exception>
    public BpfTestRunResult TestRun(BpfTestRunOptions? options = null)
    {
        options ??= new BpfTestRunOptions();
        fixed (byte* data = options.Data.Span, dataOut = options.DataOut.Span, context = options.Context.Span, contextOut = options.ContextOut.Span)
        {
            BpfAttr attr = default;
            ref bpf_attr_test test = ref attr.test;
            test.data_in = (ulong)data;
            test.data_size_in = (uint)options.Data.Length;
            test.data_out = (ulong)dataOut;
            test.data_size_out = (uint)options.DataOut.Length;
            test.ctx_in = (ulong)context;
            test.ctx_size_in = (uint)options.Context.Length;
            test.ctx_out = (ulong)contextOut;
            test.ctx_size_out = (uint)options.ContextOut.Length;
            test.repeat = (uint)options.Repeat;
            test.flags = options.Flags;
            test.batch_size = (uint)options.BatchSize;
            if (options.Cpu is { } cpu)
            {
                test.cpu = (uint)cpu;
                test.flags |= 1; // BPF_F_TEST_RUN_ON_CPU
            }

            test.prog_fd = (uint)_handle.Enter();
            int result;
            try
            {
                result = Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize);
            }
            finally
            {
                _handle.Exit();
            }

            if (result < 0)
                KernelErrors.Throw(result, Kernel, "BPF_PROG_TEST_RUN", Subject, TestRunRemedy((BpfErrno)(-result), test, options));
            return new BpfTestRunResult(test.retval, TimeSpan.FromMicroseconds(test.duration / 1000.0), (int)test.data_size_out, (int)test.ctx_size_out);
        }
    }

    private string? TestRunRemedy(BpfErrno errno, in bpf_attr_test test, BpfTestRunOptions options) => errno switch
    {
        BpfErrno.ENOTSUPP => $"{Type} programs have no test run on {Kernel.Name}.",
        BpfErrno.ENOSPC => $"The packet has {test.data_size_out} bytes after the run, the buffer {options.DataOut.Length}.",
        BpfErrno.EINVAL when options.Data.Length is > 0 and < 14 => "A packet needs at least the 14 bytes of an Ethernet header.",
        BpfErrno.EINVAL when options.Cpu is not null && Type != BpfProgramType.RawTracepoint => $"{Type} programs run on the caller's CPU: leave {nameof(options.Cpu)} null.",
        BpfErrno.EINVAL when options.Repeat > 1 && Type is BpfProgramType.RawTracepoint or BpfProgramType.Syscall => $"{Type} programs run once: leave Repeat at 0.",
        _ => null,
    };
}
