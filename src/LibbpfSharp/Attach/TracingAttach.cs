using System.Text;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Tracepoints, raw tracepoints, and the targets by BTF that a program is loaded for.</summary>
internal static unsafe class TracingAttach
{
    /// <summary>A tracepoint, through a perf event. tracefs must be mounted.</summary>
    public static BpfLink Tracepoint(BpfProgram program, string category, string name, ulong cookie)
    {
        AttachErrors.RequireType(program, "a tracepoint", BpfProgramType.Tracepoint);
        ArgumentException.ThrowIfNullOrEmpty(category);
        ArgumentException.ThrowIfNullOrEmpty(name);
        string target = $"tracepoint '{category}/{name}'";
        int id = program.Kernel.Facts.GetTracepointId(category, name);
        if (id < 0)
        {
            throw AttachErrors.Refused(program, id, target, (BpfErrno)(-id) switch
            {
                BpfErrno.ENODEV => AttachErrors.MountTracefs,
                BpfErrno.ENOENT => "The kernel has no such tracepoint: see /sys/kernel/tracing/available_events.",
                BpfErrno.EACCES => "tracefs cannot be read: root is needed.",
                _ => null,
            });
        }

        const uint PerfTypeTracepoint = 2;
        PerfEventAttr attr = default;
        attr.Type = PerfTypeTracepoint;
        attr.Size = PerfEventAttr.ByteSize;
        attr.Config = (ulong)id;
        attr.SamplePeriod = 1;
        attr.WakeupEvents = 1;
        return PerfEventLink.Open(program, attr, processId: -1, cpu: 0, target, cookie);
    }

    /// <summary>A raw tracepoint; tracefs is not needed.</summary>
    public static BpfLink RawTracepoint(BpfProgram program, string name, ulong cookie)
    {
        AttachErrors.RequireType(program, "a raw tracepoint", BpfProgramType.RawTracepoint, BpfProgramType.RawTracepointWritable);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Open(program, name, cookie, $"raw tracepoint '{name}'");
    }

    /// <summary>The target that the program was loaded for: tp_btf, fentry, fexit, fmod_ret, an LSM hook, a function to replace.</summary>
    public static BpfLink LoadedTarget(BpfProgram program, ulong cookie)
    {
        AttachErrors.RequireType(program, "its BTF target", BpfProgramType.Tracing, BpfProgramType.Lsm, BpfProgramType.Ext);
        string target = program.AttachTarget.Length > 0 ? $"'{program.AttachTarget}'" : "its target";
        if (cookie == 0 || program.ExpectedAttachType == BpfAttachType.TraceRawTp)
            return Open(program, null, cookie, target);
        BpfAttr attr = default;
        attr.link_create.attach_type = (uint)program.ExpectedAttachType;
        attr.link_create.tracing_cookie = cookie;
        return program.CreateLink(ref attr, target);
    }

    /// <summary>A function of another program than the one that a replacement was loaded for (5.10).</summary>
    public static BpfLink Function(BpfProgram program, BpfProgram target, string function)
    {
        AttachErrors.RequireType(program, "a function of a program", BpfProgramType.Ext);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentException.ThrowIfNullOrEmpty(function);
        target.Handle.RequireKernel(program.Kernel);
        string where = $"function '{function}' of {target.Subject}";
        if (!AttachTargets.TryFindFunction(target, function, out uint id, out string? why))
            throw AttachErrors.Refused(program, -(int)BpfErrno.ESRCH, where, why);
        BpfAttr attr = default;
        attr.link_create.target_btf_id = id;
        attr.link_create.target_fd = (uint)target.Handle.Enter();
        try
        {
            return program.CreateLink(ref attr, where, errno => errno switch
            {
                BpfErrno.EINVAL => "The function must be global, of the same prototype as the one the program was loaded for, and of a program of the same type.",
                BpfErrno.EBUSY => "The function is replaced already, or its program is in a program array.",
                _ => null,
            });
        }
        finally
        {
            target.Handle.Exit();
        }
    }

    /// <summary>BPF_RAW_TRACEPOINT_OPEN, which also serves programs that were loaded for one target.</summary>
    private static BpfLink Open(BpfProgram program, string? name, ulong cookie, string target)
    {
        byte[] bytes = name is null ? [] : [.. Encoding.UTF8.GetBytes(name), 0];
        int fd;
        fixed (byte* pointer = bytes)
        {
            BpfAttr attr = default;
            attr.raw_tracepoint.name = (ulong)pointer;
            attr.raw_tracepoint.cookie = cookie;
            attr.raw_tracepoint.prog_fd = (uint)program.Handle.Enter();
            try
            {
                fd = program.Kernel.Bpf(BpfCommand.RawTracepointOpen, ref attr, (uint)sizeof(bpf_attr_raw_tracepoint));
            }
            finally
            {
                program.Handle.Exit();
            }
        }

        var cookies = new Version(6, 10);
        if (fd == -(int)BpfErrno.EINVAL && cookie != 0 && program.Kernel.Facts.Release < cookies)
            throw new BpfUnsupportedFeatureException($"a cookie on {target}", cookies, program.Kernel.Name, program.Subject, BpfErrno.EINVAL);
        return fd >= 0
            ? BpfLink.FromDescriptor(program.Kernel, fd, $"{program.Subject} on {target}")
            : throw AttachErrors.Refused(program, fd, target, fd switch
            {
                -(int)BpfErrno.ENOENT when name is not null => "The kernel has no such raw tracepoint.",
                -(int)BpfErrno.EEXIST => "The program is attached to it already, and before Linux 6.10 that can be done once only: dispose of the other link, or load the object again.",
                _ => null,
            });
    }
}
