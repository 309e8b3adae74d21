using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>What helpers do with their arguments and results in the same way.</summary>
internal static unsafe class HelperArguments
{
    /// <summary>An error as a helper returns it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Error(int errno) => (ulong)(long)-errno;

    /// <summary>The socket buffer behind the context that a helper was given.</summary>
    public static SocketBufferState SocketBuffer(this RunContext run, ulong context) => State<SocketBufferState>(run, context);

    /// <summary>The xdp_buff behind the context that a helper was given.</summary>
    public static XdpState XdpBuffer(this RunContext run, ulong context) => State<XdpState>(run, context);

    /// <summary>What stands behind the context that a helper was given; a fault if it was given anything else.</summary>
    public static T State<T>(this RunContext run, ulong context)
        where T : ContextState
    {
        if (context != run.ContextAddress)
            RunContext.FaultArgument($"The helper takes the program's context; 0x{context:x} is not it.");
        if (run.ContextState is not T state)
        {
            RunContext.FaultArgument($"The helper needs a {run.Program.Kind.Name} context with a packet or socket, and this run was started without one.");
            return null!;
        }

        return state;
    }

    /// <summary>Memory of an argument to be read, as a span.</summary>
    public static ReadOnlySpan<byte> ReadSpan(this RunContext run, ulong address, ulong size)
    {
        uint length = (uint)size;
        return length == 0 ? default : new ReadOnlySpan<byte>(run.Read(address, CheckedLength(length)), (int)length);
    }

    /// <summary>Memory of an argument to be written, as a span.</summary>
    public static Span<byte> WriteSpan(this RunContext run, ulong address, ulong size)
    {
        uint length = (uint)size;
        return length == 0 ? default : new Span<byte>(run.Write(address, CheckedLength(length)), (int)length);
    }

    // The verifier of Linux refuses sizes that may be negative.
    private static uint CheckedLength(uint length)
    {
        if (length > int.MaxValue)
            RunContext.FaultArgument($"A size of {(int)length} bytes is negative; check it before the call.");
        return length;
    }
}
