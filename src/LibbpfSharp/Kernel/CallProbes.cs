using System.Text;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>
/// Asks a kernel whether programs of a type may call a helper or kfunc: by loading a call without arguments. What the
/// verifier says of it tells a function that may not be called from one that was called wrongly.
/// </summary>
internal static class CallProbes
{
    private const int LogSize = 64 * 1024;
    private const ulong CapabilitiesForHelpers = 1UL << 38 | 1UL << 39;

    // What verifiers of all versions, and the emulator, write of a function that a program may not call.
    private static readonly string[] s_refusals =
    [
        "invalid func ", "unknown func ", "program of this type cannot use helper ", "is not implemented by this emulated kernel",
        "calling kernel function ", "cannot call kernel functions", "kernel btf_id ",
    ];

    /// <summary>Tries a helper.</summary>
    /// <returns>0 or -errno: EINVAL where the kernel has it not, or not for this type.</returns>
    public static int TryHelper(IBpfKernel kernel, BpfProgramType type, BpfHelperId helper) =>
        Try(kernel, type, new BpfInstruction(BpfOpcode.Jmp | BpfOpcode.Call, (byte)0, BpfPseudo.HelperCall, 0, (int)helper));

    /// <summary>Tries a kernel function of the kernel itself.</summary>
    /// <returns>0 or -errno: ESRCH where the kernel has no such function, EINVAL where this type may not call it.</returns>
    public static int TryKfunc(IBpfKernel kernel, BpfProgramType type, string name)
    {
        if (KernelTypes.Of(kernel).TryGet() is not { } btf || !btf.TryFindByName(name, BtfKind.Func, out uint id))
            return -(int)BpfErrno.ESRCH;
        return Try(kernel, type, new BpfInstruction(BpfOpcode.Jmp | BpfOpcode.Call, (byte)0, BpfPseudo.KfuncCall, 0, (int)id));
    }

    /// <summary>Names of the functions that the kernel marks as kfuncs in its BTF (6.9), in order; empty on older ones.</summary>
    public static IReadOnlyList<string> MarkedKfuncs(IBpfKernel kernel)
    {
        if (KernelTypes.Of(kernel).TryGet() is not { } btf)
            return [];
        var names = new SortedSet<string>(StringComparer.Ordinal);
        for (uint id = btf.FirstId; id < btf.TypeCount; id++)
        {
            BtfType type = btf[id];
            if (type.Kind == BtfKind.DeclTag && type.Name == "bpf_kfunc" && type.ComponentIndex < 0)
                names.Add(btf[type.TypeId].Name);
        }

        return [.. names];
    }

    private static int Try(IBpfKernel kernel, BpfProgramType type, BpfInstruction call)
    {
        int found = FindTarget(kernel, type, out BpfAttachType attachType, out uint target);
        if (found < 0)
            return found;
        byte[] log = new byte[LogSize];
        int result = KernelProbes.LoadProgram(kernel, type, attachType, target, [call, KernelProbes.Exit], log);
        if (result >= 0)
        {
            kernel.Close(result);
            return 0;
        }

        int end = log.AsSpan().IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(log, 0, end < 0 ? log.Length : end);

        // Nothing written: the program was refused before anybody looked at the call.
        if (text.Length == 0)
            return KernelProbes.IsRefusal(result) || KernelProbes.IsInconclusive(result) ? result : -(int)BpfErrno.EINVAL;
        if (!s_refusals.Any(refusal => text.Contains(refusal, StringComparison.Ordinal)))
            return 0;

        // Without the capabilities most helpers are hidden, as if the type did not have them.
        return kernel.Facts.EffectiveCapabilities is { } held && (held & (1UL << 21)) == 0 && (held & CapabilitiesForHelpers) != CapabilitiesForHelpers
            ? -(int)BpfErrno.EPERM
            : -(int)BpfErrno.EINVAL;
    }

    // Where a program of the type would be attached, so that the verifier gets as far as the call.
    private static int FindTarget(IBpfKernel kernel, BpfProgramType type, out BpfAttachType attachType, out uint target)
    {
        attachType = KernelProbes.AttachTypeOf(type);
        target = 0;
        switch (type)
        {
            case BpfProgramType.Tracing:
                attachType = BpfAttachType.TraceRawTp;
                goto case BpfProgramType.Lsm;
            case BpfProgramType.Lsm:
                return ProbeTargets.TryFind(kernel, attachType, out target) ? 0 : -(int)BpfErrno.ESRCH;
            case BpfProgramType.StructOps: // attach type 0: the first member, a callback
                return KernelTypes.Of(kernel).TryGet() is { } btf && btf.TryFindByName("tcp_congestion_ops", BtfKind.Struct, out target) ? 0 : -(int)BpfErrno.ESRCH;
            case BpfProgramType.Ext:
                throw new ArgumentException("A replacement calls what the program may call whose function it replaces: ask for that type.", nameof(type));
            default:
                return 0;
        }
    }
}
