using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Options of a packet's tunnel. No packet here has come through IPsec.</summary>
internal static unsafe class TunnelHelpers
{
    private const int MaximumOptions = 255; // IP_TUNNEL_OPTS_MAX

    public static void Declare(HelperTable table)
    {
        table.Add(BpfHelperId.SkbGetTunnelOpt, "4.6", TcAndXmit, ReturnKind.Integer, [Context, WritableMemory, Size], &GetOptions);
        table.Add(BpfHelperId.SkbSetTunnelOpt, "4.6", TcAndXmit, ReturnKind.Integer, [Context, Memory, Size], &SetOptions);
        table.Add(BpfHelperId.SkbGetXfrmState, "4.18", TrafficControl, ReturnKind.Integer, [Context, Anything, WritableMemory, Size, Anything], &GetTransform);
    }

    private static ulong GetOptions(RunContext run, ulong context, ulong buffer, ulong size, ulong r4, ulong r5)
    {
        SocketBufferState skb = run.SocketBuffer(context);
        Span<byte> target = run.WriteSpan(buffer, size);
        target.Clear();
        if (skb.TunnelKey is null || skb.TunnelOptions is not { } options)
            return Error(Errno.ENOENT);
        if (target.Length < options.Length)
            return Error(Errno.ENOMEM);
        options.CopyTo(target);
        return (ulong)options.Length;
    }

    // Options go with a key that the program set.
    private static ulong SetOptions(RunContext run, ulong context, ulong buffer, ulong size, ulong r4, ulong r5)
    {
        SocketBufferState skb = run.SocketBuffer(context);
        ReadOnlySpan<byte> source = run.ReadSpan(buffer, size);
        if (skb.TunnelKey is null || (source.Length & 3) != 0)
            return Error(Errno.EINVAL);
        if (source.Length > MaximumOptions)
            return Error(Errno.ENOMEM);
        skb.TunnelOptions = source.ToArray();
        return 0;
    }

    private static ulong GetTransform(RunContext run, ulong context, ulong index, ulong buffer, ulong size, ulong flags)
    {
        _ = run.SocketBuffer(context);
        run.WriteSpan(buffer, size).Clear();
        return Error(Errno.EINVAL);
    }
}
