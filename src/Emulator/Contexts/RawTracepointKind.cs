namespace LibbpfSharp.Emulator;

/// <summary>Raw tracepoints: the context is the tracepoint's arguments, 8 bytes each.</summary>
internal sealed unsafe class RawTracepointKind(BpfProgramType type, string name) : PlainKind(type, name, 0)
{
    private const uint MaximumArguments = 12;
    private const uint FlagRunOnCpu = 1;

    public override int TestRun(ProgramTestRun request)
    {
        ref Interop.bpf_attr_test attr = ref request.Attr;
        if (Type == BpfProgramType.RawTracepointWritable)
            return -Errno.ENOTSUPP;
        if (attr.data_in != 0 || attr.data_out != 0 || attr.ctx_out != 0 || attr.duration != 0 || attr.repeat != 0 || attr.batch_size != 0)
            return -Errno.EINVAL;
        if (attr.ctx_size_in < request.Program.MaximumContextOffset || attr.ctx_size_in > MaximumArguments * sizeof(ulong))
            return -Errno.EINVAL;
        if ((attr.flags & FlagRunOnCpu) == 0 && attr.cpu != 0)
            return -Errno.EINVAL;
        ulong* context = stackalloc ulong[(int)MaximumArguments];
        if (attr.ctx_size_in > 0)
        {
            if (!UserMemory.IsValid(attr.ctx_in))
                return -Errno.EFAULT;
            new ReadOnlySpan<byte>((void*)attr.ctx_in, (int)attr.ctx_size_in).CopyTo(new Span<byte>(context, (int)attr.ctx_size_in));
        }

        if ((attr.flags & FlagRunOnCpu) != 0)
        {
            int slot = request.Kernel.Machine.SlotOf((int)attr.cpu);
            if (slot < 0)
                return -Errno.ENXIO;
            request.CpuSlot = slot;
        }

        int error = request.Repeat((byte*)context, attr.ctx_size_in, null, 1);
        if (error == 0)
            request.WriteResult();
        return error;
    }
}
