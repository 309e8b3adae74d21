using System.Text;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>One link on many functions: kprobe.multi (5.18) and uprobe.multi (6.6).</summary>
internal static unsafe class MultiProbeAttach
{
    private const uint OnReturn = 1;

    /// <summary>Kernel functions by name.</summary>
    public static BpfLink Kprobes(BpfProgram program, IReadOnlyList<string> functions, bool onReturn, IReadOnlyList<ulong>? cookies)
    {
        AttachErrors.RequireType(program, "kernel functions", BpfProgramType.Kprobe);
        ArgumentNullException.ThrowIfNull(functions);
        if (functions.Count == 0)
            throw new ArgumentException("No function is named.", nameof(functions));
        RequireCount(cookies, functions.Count);
        byte[] names = Encoding.UTF8.GetBytes(string.Join('\0', functions) + '\0');
        ulong[] cookieArray = cookies is null ? [] : [.. cookies];
        ulong[] pointers = new ulong[functions.Count];
        fixed (byte* text = names)
        fixed (ulong* pointer = pointers, cookiePointer = cookieArray)
        {
            int at = 0;
            for (int i = 0; i < pointers.Length; i++)
            {
                pointers[i] = (ulong)(text + at);
                at += Encoding.UTF8.GetByteCount(functions[i]) + 1;
            }

            BpfAttr attr = default;
            attr.link_create.attach_type = (uint)(program.ExpectedAttachType == BpfAttachType.TraceKprobeSession ? BpfAttachType.TraceKprobeSession : BpfAttachType.TraceKprobeMulti);
            attr.link_create.kprobe_multi_flags = onReturn ? OnReturn : 0;
            attr.link_create.kprobe_multi_cnt = (uint)pointers.Length;
            attr.link_create.kprobe_multi_syms = (ulong)pointer;
            attr.link_create.kprobe_multi_cookies = (ulong)cookiePointer;
            string what = functions.Count == 1 ? $"kernel function '{functions[0]}'" : $"{functions.Count} kernel functions ('{functions[0]}', ...)";
            return program.CreateLink(ref attr, what, errno => errno switch
            {
                BpfErrno.EOPNOTSUPP => $"{program.Kernel.Name} was built without CONFIG_FPROBE: use kprobes one by one.",
                BpfErrno.ESRCH or BpfErrno.ENOENT => Missing(program.Kernel, functions),
                BpfErrno.EINVAL => "The program must be loaded for kprobe.multi (SEC(\"kprobe.multi/...\") or expected attach type TraceKprobeMulti), on Linux 5.18 or newer.",
                _ => null,
            });
        }
    }

    /// <summary>Kernel functions that match a pattern with * and ?.</summary>
    public static BpfLink Kprobes(BpfProgram program, string pattern, bool onReturn)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        if (pattern.AsSpan().IndexOfAny('*', '?') < 0)
            return Kprobes(program, [pattern], onReturn, null);
        string[] functions =
        [
            .. program.Kernel.Facts.ReadSymbols()
                .Where(s => s.Type is 't' or 'T' && s.Module is null && GlobPattern.IsMatch(pattern, s.Name))
                .Select(s => s.Name)
                .Distinct(StringComparer.Ordinal),
        ];
        return functions.Length > 0
            ? Kprobes(program, functions, onReturn, null)
            : throw AttachErrors.Refused(program, -(int)BpfErrno.ENOENT, $"kernel functions '{pattern}'", "No function matches, or /proc/kallsyms cannot be read.");
    }

    /// <summary>Offsets in one file.</summary>
    public static BpfLink Uprobes(BpfProgram program, string path, ReadOnlySpan<ulong> offsets, ReadOnlySpan<ulong> referenceCounters, ReadOnlySpan<ulong> cookies, bool onReturn, int processId, string target)
    {
        AttachErrors.RequireType(program, "functions of a binary", BpfProgramType.Kprobe);
        byte[] name = Encoding.UTF8.GetBytes(path + '\0');
        fixed (byte* namePointer = name)
        fixed (ulong* offsetPointer = offsets, counterPointer = referenceCounters, cookiePointer = cookies)
        {
            BpfAttr attr = default;
            attr.link_create.attach_type = (uint)(program.ExpectedAttachType == BpfAttachType.TraceUprobeSession ? BpfAttachType.TraceUprobeSession : BpfAttachType.TraceUprobeMulti);
            attr.link_create.uprobe_multi_path = (ulong)namePointer;
            attr.link_create.uprobe_multi_offsets = (ulong)offsetPointer;
            attr.link_create.uprobe_multi_ref_ctr_offsets = (ulong)counterPointer;
            attr.link_create.uprobe_multi_cookies = (ulong)cookiePointer;
            attr.link_create.uprobe_multi_cnt = (uint)offsets.Length;
            attr.link_create.uprobe_multi_flags = onReturn ? OnReturn : 0;
            attr.link_create.uprobe_multi_pid = processId < 0 ? 0 : (uint)processId;
            return program.CreateLink(ref attr, target, errno => errno switch
            {
                BpfErrno.EINVAL => "uprobe.multi needs Linux 6.6 and a program loaded for it (SEC(\"uprobe.multi/...\") or expected attach type TraceUprobeMulti); else an offset is not at the start of an instruction.",
                BpfErrno.ESRCH => $"There is no process {processId}.",
                BpfErrno.ENOENT or BpfErrno.EBADF => $"There is no file '{path}', or it cannot be probed.",
                _ => null,
            });
        }
    }

    // Which of the functions the kernel does not have, if its symbols can be read.
    private static string Missing(IBpfKernel kernel, IReadOnlyList<string> functions)
    {
        var unknown = functions.ToHashSet(StringComparer.Ordinal);
        unknown.ExceptWith(kernel.Facts.ReadSymbols().Select(s => s.Name));
        string which = unknown.Count == 0 || unknown.Count == functions.Count ? "One of the functions" : $"'{string.Join("', '", unknown.Order(StringComparer.Ordinal).Take(5))}'";
        return $"{which} does not exist or cannot be traced: see /sys/kernel/tracing/available_filter_functions.";
    }

    private static void RequireCount(IReadOnlyList<ulong>? cookies, int count)
    {
        if (cookies is not null && cookies.Count != count)
            throw new ArgumentException($"{cookies.Count} cookies for {count} functions; there must be one each.", nameof(cookies));
    }
}
