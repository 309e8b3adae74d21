using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Programs on perf events: with a link where the kernel has them (5.15), else by ioctl.</summary>
internal static unsafe class PerfEventLink
{
    private static readonly Version s_links = new(5, 15);
    private const uint IocEnable = 0x2400;
    private const uint IocSetBpf = 0x40042408;

    /// <summary>Opens a perf event and attaches a program to it; the link owns both.</summary>
    public static BpfLink Open(BpfProgram program, PerfEventAttr attr, int processId, int cpu, string target, ulong cookie, Func<BpfErrno, string?>? remedy = null)
    {
        IBpfKernel kernel = program.Kernel;
        int fd = kernel.OpenPerfEvent(ref Unsafe.As<PerfEventAttr, byte>(ref attr), processId, cpu, -1, 0);
        if (fd < 0)
            throw AttachErrors.Refused(program, fd, target, remedy?.Invoke((BpfErrno)(-fd)) ?? Remedy((BpfErrno)(-fd)));
        var perfEvent = new KernelHandle(kernel, fd, $"perf event of {target}");
        try
        {
            return Attach(program, perfEvent, target, cookie);
        }
        catch
        {
            perfEvent.Dispose();
            throw;
        }
    }

    /// <summary>Attaches to a perf event, which the link owns from now on if this succeeds.</summary>
    public static BpfLink Attach(BpfProgram program, KernelHandle perfEvent, string target, ulong cookie)
    {
        IBpfKernel kernel = program.Kernel;
        string description = $"{program.Subject} on {target}";
        int programFd = program.Handle.Enter();
        int link;
        try
        {
            BpfAttr attr = default;
            attr.link_create.prog_fd = (uint)programFd;
            attr.link_create.target_fd = (uint)perfEvent.DangerousFd;
            attr.link_create.attach_type = (uint)BpfAttachType.PerfEvent;
            attr.link_create.perf_event_bpf_cookie = cookie;
            link = kernel.Bpf(BpfCommand.LinkCreate, ref attr, (uint)sizeof(bpf_attr_link_create));

            // Before 5.15 there are no links of perf events. A cookie cannot be given any other way.
            if (link is -(int)BpfErrno.EINVAL or -(int)BpfErrno.EOPNOTSUPP && kernel.Facts.Release < s_links)
            {
                if (cookie != 0)
                    throw new BpfUnsupportedFeatureException($"a cookie on {target}", s_links, kernel.Name, program.Subject, (BpfErrno)(-link));
                int set = kernel.ControlPerfEvent(perfEvent.DangerousFd, IocSetBpf, (ulong)programFd);
                if (set < 0)
                    throw AttachErrors.Refused(program, set, target);
                link = -1;
            }
            else if (link < 0)
            {
                throw AttachErrors.Refused(program, link, target, Remedy((BpfErrno)(-link)));
            }
        }
        finally
        {
            program.Handle.Exit();
        }

        KernelHandle? handle = link < 0 ? null : new KernelHandle(kernel, link, description);
        int enabled = kernel.ControlPerfEvent(perfEvent.DangerousFd, IocEnable, 0);
        if (enabled < 0)
        {
            handle?.Dispose();
            throw AttachErrors.Refused(program, enabled, target);
        }

        return BpfLink.FromPerfEvent(kernel, handle, perfEvent, description);
    }

    private static string? Remedy(BpfErrno errno) => errno switch
    {
        BpfErrno.EACCES or BpfErrno.EPERM => "perf events of the whole system need CAP_PERFMON (or root), or a lower kernel.perf_event_paranoid.",
        BpfErrno.EEXIST => "Another program is attached to this event.",
        _ => null,
    };
}
