namespace LibbpfSharp.Emulator;

/// <summary>Programs at functions and tracepoints with BTF, and iterators.</summary>
internal sealed class TracingKind() : TracedKind(BpfProgramType.Tracing, "tracing")
{
    // net/bpf/test_run.c calls functions of its own for the program to be attached to: nothing that is not attached to them runs.
    public override int TestRun(ProgramTestRun request)
    {
        ref Interop.bpf_attr_test attr = ref request.Attr;
        if (attr.flags != 0 || attr.cpu != 0 || attr.batch_size != 0)
            return -Errno.EINVAL;
        switch (request.Program.ExpectedAttachType)
        {
            case BpfAttachType.TraceFentry or BpfAttachType.TraceFexit:
                attr.retval = 0;
                return 0;
            case BpfAttachType.ModifyReturn:
                // bpf_modify_return_test(1, &b) and, since 6.7, bpf_modify_return_test2 give 4 and 29, and each changes b.
                attr.retval = request.Kernel.IsAtLeast(6, 7) ? 2u << 16 | 33 : 1u << 16 | 4;
                return 0;
            default:
                return -Errno.EFAULT;
        }
    }
}
