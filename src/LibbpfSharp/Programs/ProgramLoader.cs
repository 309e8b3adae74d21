using System.Runtime.InteropServices;
using System.Text;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>BPF_PROG_LOAD with what experience demands of it: retries while a signal interrupts, a log after a refusal, a log that grows.</summary>
internal static unsafe class ProgramLoader
{
    private const int FirstLogSize = 64 << 10;
    private const int Attempts = 5;

    /// <summary>Loads a program and throws if it is refused.</summary>
    /// <returns>The descriptor, owned by the caller, and the log.</returns>
    public static ProgramLoadResult LoadOrThrow(IBpfKernel kernel, ProgramLoadRequest request)
    {
        ProgramLoadResult loaded = Load(kernel, request);
        return loaded.Result >= 0 ? loaded : throw Refusal(kernel, request.Name, request.Type, loaded);
    }

    /// <summary>The exception for a refusal: the verifier's if it wrote a log, else the kernel's.</summary>
    public static BpfException Refusal(IBpfKernel kernel, string name, BpfProgramType type, ProgramLoadResult loaded)
    {
        var errno = (BpfErrno)(-loaded.Result);
        if (loaded.Log.Length > 0)
            return new BpfVerifierException(errno, name, loaded.Log, loaded.IsLogTruncated);
        string? remedy = errno switch
        {
            BpfErrno.EPERM when type is BpfProgramType.Tracing or BpfProgramType.Lsm or BpfProgramType.Ext =>
                $"The kernel refused it before verification. {KernelErrors.Remedy(errno, kernel)} Some kernels are built to refuse {type} programs to everybody.",
            BpfErrno.EINVAL or BpfErrno.E2BIG => $"{kernel.Name} may not know program type {type}, its attach type or a flag: it wrote no log.",
            _ => KernelErrors.Remedy(errno, kernel),
        };
        return KernelErrors.Create(loaded.Result, kernel, "BPF_PROG_LOAD", $"program '{name}' ({type})", remedy);
    }

    /// <summary>Loads a program.</summary>
    public static ProgramLoadResult Load(IBpfKernel kernel, ProgramLoadRequest request)
    {
        if (request.LogLevel == 0)
        {
            int result = TryOnce(kernel, request, 0, null, 0, out _);
            if (result >= 0)
                return new ProgramLoadResult(result, "", false);
        }

        uint level = Math.Max(request.LogLevel, 1);
        int size = Math.Min(FirstLogSize, request.MaxLogSize);
        while (true)
        {
            byte* log = (byte*)NativeMemory.AllocZeroed((nuint)size);
            try
            {
                int result = TryOnce(kernel, request, level, log, size, out uint trueSize);
                bool tooSmall = result == -(int)BpfErrno.ENOSPC || trueSize > (uint)size;
                if (tooSmall && size < request.MaxLogSize)
                {
                    // A program that loaded is closed again: its log is only whole if it is walked once more.
                    if (result >= 0)
                        kernel.Close(result);
                    long wanted = trueSize > (uint)size ? trueSize : 2L * size;
                    size = (int)Math.Min(wanted, request.MaxLogSize);
                    continue;
                }

                string text = Marshal.PtrToStringUTF8((nint)log, LengthOf(log, size)).TrimEnd('\n');
                return new ProgramLoadResult(result, text, tooSmall);
            }
            finally
            {
                NativeMemory.Free(log);
            }
        }
    }

    private static int LengthOf(byte* log, int size)
    {
        int end = new ReadOnlySpan<byte>(log, size).IndexOf((byte)0);
        return end < 0 ? size : end;
    }

    private static int TryOnce(IBpfKernel kernel, ProgramLoadRequest request, uint logLevel, byte* log, int logSize, out uint trueLogSize)
    {
        byte[] license = new byte[Encoding.UTF8.GetByteCount(request.License) + 1];
        Encoding.UTF8.GetBytes(request.License, license);
        int[] fds = [.. request.FdArray];
        fixed (byte* instructions = request.Instructions.Span, licensePointer = license, functions = request.FunctionInfo.Span, linesPointer = request.LineInfo.Span)
        fixed (int* fdPointer = fds)
        {
            BpfAttr attr = default;
            ref bpf_attr_prog_load load = ref attr.prog_load;
            load.prog_type = (uint)request.Type;
            load.expected_attach_type = (uint)request.ExpectedAttachType;
            load.insns = (ulong)instructions;
            load.insn_cnt = (uint)(request.Instructions.Length / 8);
            load.license = (ulong)licensePointer;
            load.prog_flags = request.Flags;
            load.prog_name = bpf_obj_name.From(request.Name);
            load.prog_ifindex = request.InterfaceIndex;
            load.kern_version = VersionCode(kernel.Facts.Release);
            load.attach_btf_id = request.AttachBtfId;
            load.attach_btf_obj_fd = (uint)request.AttachFd;
            load.log_level = logLevel;
            load.log_buf = (ulong)log;
            load.log_size = (uint)logSize;
            if (request.BtfFd >= 0)
            {
                load.prog_btf_fd = (uint)request.BtfFd;
                if (request.FunctionInfo.Length > 0)
                {
                    load.func_info = (ulong)functions;
                    load.func_info_rec_size = request.FunctionInfoRecordSize;
                    load.func_info_cnt = (uint)request.FunctionInfo.Length / request.FunctionInfoRecordSize;
                }

                if (request.LineInfo.Length > 0)
                {
                    load.line_info = (ulong)linesPointer;
                    load.line_info_rec_size = request.LineInfoRecordSize;
                    load.line_info_cnt = (uint)request.LineInfo.Length / request.LineInfoRecordSize;
                }
            }

            if (fds.Length > 0)
                load.fd_array = (ulong)fdPointer;

            int result;
            int attempt = 0;
            do
            {
                load.log_true_size = 0;
                result = kernel.Bpf(BpfCommand.ProgLoad, ref attr, AttrSize);
            }
            while (result == -(int)BpfErrno.EAGAIN && ++attempt < Attempts);
            trueLogSize = load.log_true_size;
            return result;
        }
    }

    /// <summary>Up to and with log_true_size (6.4), which older kernels accept as long as it is zero.</summary>
    private static uint AttrSize => 144;

    // Only kernels before 5.0 look at it, for kprobes.
    private static uint VersionCode(Version release) =>
        (uint)(release.Major << 16 | release.Minor << 8 | Math.Clamp(release.Build, 0, 255));
}
