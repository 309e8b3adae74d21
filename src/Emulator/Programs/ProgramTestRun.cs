using System.Diagnostics;
using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>One BPF_PROG_TEST_RUN: what was asked, and the copying in and out that Linux does for all types.</summary>
internal sealed unsafe class ProgramTestRun
{
    private readonly bpf_attr_test* _attr;

    public ProgramTestRun(EmulatedProgram program, bpf_attr_test* attr)
    {
        Program = program;
        _attr = attr;
    }

    public EmulatedProgram Program { get; }

    public EmulatedKernel Kernel => Program.Kernel;

    /// <summary>The attributes, in and out.</summary>
    public ref bpf_attr_test Attr => ref *_attr;

    /// <summary>Slot of the CPU to run on.</summary>
    public int CpuSlot { get; set; }

    /// <summary>r0 of the last run.</summary>
    public uint Result { get; private set; }

    /// <summary>Mean nanoseconds of a run.</summary>
    public uint Duration { get; private set; }

    /// <summary>Runs the program as often as asked.</summary>
    /// <returns>0, or -EFAULT after a fault.</returns>
    public int Repeat(byte* context, uint contextLength, ContextState? state, uint repeat, Func<ulong, uint>? result = null)
    {
        if (repeat == 0)
            repeat = 1;
        long start = Stopwatch.GetTimestamp();
        ulong last = 0;
        for (uint i = 0; i < repeat; i++)
        {
            if (!Kernel.Runner.TryRun(Program, context, contextLength, state, CpuSlot, out last, out _))
                return -Errno.EFAULT;
        }

        long elapsed = Stopwatch.GetElapsedTime(start).Ticks * 100;
        Duration = (uint)Math.Min(elapsed / repeat, uint.MaxValue);
        Result = result?.Invoke(last) ?? (uint)last;
        return 0;
    }

    /// <summary>Copies the context in (bpf_ctx_init): bytes beyond the size known must be zero.</summary>
    /// <param name="context">Receives the context; zeroed first.</param>
    /// <param name="given">False if neither ctx_in nor ctx_out was given.</param>
    /// <returns>0 or -errno.</returns>
    public int ReadContext(Span<byte> context, out bool given)
    {
        context.Clear();
        given = _attr->ctx_in != 0 || _attr->ctx_out != 0;
        if (_attr->ctx_in == 0)
            return 0;
        if (!UserMemory.IsValid(_attr->ctx_in))
            return -Errno.EFAULT;
        var source = new ReadOnlySpan<byte>((byte*)_attr->ctx_in, (int)Math.Min(_attr->ctx_size_in, int.MaxValue));
        if (source.Length > context.Length)
        {
            if (source.Length > 4096 || source[context.Length..].ContainsAnyExcept((byte)0))
                return -Errno.E2BIG;
            source = source[..context.Length];
        }

        source.CopyTo(context);
        return 0;
    }

    /// <summary>Copies the context out (bpf_ctx_finish).</summary>
    /// <returns>0, -ENOSPC or -EFAULT.</returns>
    public int WriteContext(ReadOnlySpan<byte> context)
    {
        if (_attr->ctx_out == 0)
            return 0;
        if (!UserMemory.IsValid(_attr->ctx_out))
            return -Errno.EFAULT;
        int copied = (int)Math.Min((uint)context.Length, _attr->ctx_size_out);
        context[..copied].CopyTo(new Span<byte>((byte*)_attr->ctx_out, copied));
        _attr->ctx_size_out = (uint)context.Length;
        return copied < context.Length ? -Errno.ENOSPC : 0;
    }

    /// <summary>Copies the data and the results out (bpf_test_finish).</summary>
    /// <returns>0, -ENOSPC when data_size_out was too small (it then says what was needed), or -EFAULT.</returns>
    public int WriteResults(ReadOnlySpan<byte> data)
    {
        int error = 0;
        int copied = data.Length;
        if (_attr->data_size_out != 0 && (uint)copied > _attr->data_size_out)
        {
            copied = (int)_attr->data_size_out;
            error = -Errno.ENOSPC;
        }

        if (_attr->data_out != 0)
        {
            if (!UserMemory.IsValid(_attr->data_out))
                return -Errno.EFAULT;
            data[..copied].CopyTo(new Span<byte>((byte*)_attr->data_out, copied));
        }

        _attr->data_size_out = (uint)data.Length;
        _attr->retval = Result;
        _attr->duration = Duration;
        return error;
    }

    /// <summary>Reads the packet (bpf_test_init).</summary>
    /// <param name="limit">Most bytes that fit.</param>
    /// <param name="data">The bytes, in the caller's memory.</param>
    /// <returns>0, -EINVAL or -EFAULT.</returns>
    public int ReadData(uint limit, out ReadOnlySpan<byte> data)
    {
        const uint EthernetHeader = 14;
        data = default;
        if (_attr->data_size_in < EthernetHeader || _attr->data_size_in > limit)
            return -Errno.EINVAL;
        if (!UserMemory.IsValid(_attr->data_in))
            return -Errno.EFAULT;
        data = new ReadOnlySpan<byte>((byte*)_attr->data_in, (int)_attr->data_size_in);
        return 0;
    }

    /// <summary>Writes only the return value, for types without data.</summary>
    public void WriteResult() => _attr->retval = Result;

    /// <summary>BPF_PROG_TEST_RUN.</summary>
    public static int Execute(EmulatedKernel kernel, ref BpfAttr attr)
    {
        ref bpf_attr_test test = ref attr.test;
        if ((test.ctx_size_in != 0) != (test.ctx_in != 0) || (test.ctx_size_out != 0) != (test.ctx_out != 0))
            return -Errno.EINVAL;
        int error = kernel.Find(test.prog_fd, out EmulatedProgram? program);
        if (error != 0)
            return error;
        var request = new ProgramTestRun(program!, (bpf_attr_test*)Unsafe.AsPointer(ref test)) { CpuSlot = kernel.CurrentCpuSlot };
        return program!.Kind.TestRun(request);
    }
}
