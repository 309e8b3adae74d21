using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>Programs that bpf(2) runs: the context is memory of the caller, copied in and back.</summary>
internal sealed unsafe class SyscallKind() : PlainKind(BpfProgramType.Syscall, "syscall", 0, isWritable: true)
{
    // Linux loads them only as sleepable programs.
    public override int CheckLoad(ProgramLoad load)
    {
        if (load.IsSleepable)
            return 0;
        load.Log.WriteLine("Syscall programs can only be sleepable");
        return -Errno.EINVAL;
    }

    public override int TestRun(ProgramTestRun request)
    {
        ref Interop.bpf_attr_test attr = ref request.Attr;
        if (attr.data_in != 0 || attr.data_out != 0 || attr.ctx_out != 0 || attr.duration != 0 || attr.repeat != 0 || attr.flags != 0 || attr.batch_size != 0)
            return -Errno.EINVAL;
        if (attr.ctx_size_in < request.Program.MaximumContextOffset || attr.ctx_size_in > ushort.MaxValue)
            return -Errno.EINVAL;
        if (attr.ctx_size_in > 0 && !UserMemory.IsValid(attr.ctx_in))
            return -Errno.EFAULT;

        byte* context = (byte*)NativeMemory.AlignedAlloc(attr.ctx_size_in + 8, 8);
        try
        {
            var user = new Span<byte>((void*)attr.ctx_in, (int)attr.ctx_size_in);
            user.CopyTo(new Span<byte>(context, user.Length));
            int error = request.Repeat(context, attr.ctx_size_in, null, 1);
            if (error != 0)
                return error;
            new ReadOnlySpan<byte>(context, user.Length).CopyTo(user);
            request.WriteResult();
            return 0;
        }
        finally
        {
            NativeMemory.AlignedFree(context);
        }
    }
}
