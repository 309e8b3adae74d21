using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Interop;

/// <summary>
/// What libbpf says, for the thread that called it. libbpf has one print function for the process and calls it on the
/// thread that is inside libbpf, so a scope is a thread's: what is said outside any scope goes to whatever print
/// function was there before ours.
/// </summary>
internal static unsafe class LibbpfLog
{
    [ThreadStatic]
    private static Action<LibbpfLogLevel, string>? s_threadSink;

    private static delegate* unmanaged[Cdecl]<int, byte*, void*, int> s_previous;
    private static int s_installed;
    private static readonly Lock s_lock = new();

    /// <summary>Sends what libbpf says on this thread to a sink until the scope is disposed of (on this thread).</summary>
    public static Scope Capture(Action<LibbpfLogLevel, string> sink)
    {
        Install();
        var scope = new Scope(s_threadSink);
        s_threadSink = sink;
        return scope;
    }

    /// <summary>vsnprintf of a va_list that is consumed by it; text of any length.</summary>
    internal static string Format(byte* format, void* arguments)
    {
        const int FirstSize = 1024;
        byte* first = stackalloc byte[FirstSize];
        byte* spare = stackalloc byte[32];

        // The first pass consumes the list. Where a va_list is passed by reference its object is copied before
        // (24 bytes by the System V ABI of x86-64, 32 on arm64 and s390x); elsewhere the pointer itself is the list.
        int listSize = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 24,
            Architecture.Arm64 or Architecture.S390x => 32,
            _ => 0,
        };
        void* second = arguments;
        if (listSize > 0)
        {
            Unsafe.CopyBlockUnaligned(spare, arguments, (uint)listSize);
            second = spare;
        }

        int length = libc.vsnprintf(first, FirstSize, format, arguments);
        if (length < 0)
            return Marshal.PtrToStringUTF8((nint)format) ?? "";
        if (length < FirstSize)
            return Marshal.PtrToStringUTF8((nint)first, length);
        byte* whole = (byte*)NativeMemory.Alloc((nuint)length + 1);
        try
        {
            length = Math.Min(libc.vsnprintf(whole, (nuint)length + 1, format, second), length);
            return Marshal.PtrToStringUTF8((nint)whole, Math.Max(length, 0));
        }
        finally
        {
            NativeMemory.Free(whole);
        }
    }

    private static void Install()
    {
        if (Volatile.Read(ref s_installed) != 0)
            return;
        lock (s_lock)
        {
            if (s_installed == 0)
            {
                s_previous = libbpf.libbpf_set_print(&Print);
                Volatile.Write(ref s_installed, 1);
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Print(int level, byte* format, void* arguments)
    {
        // An exception that left this method would end the process.
        try
        {
            if (s_threadSink is { } sink)
            {
                sink((LibbpfLogLevel)level, Format(format, arguments));
                return 0;
            }

            return s_previous != null ? s_previous(level, format, arguments) : 0;
        }
        catch (Exception)
        {
            return -1;
        }
    }

    /// <summary>Restores the thread's former sink.</summary>
    internal readonly struct Scope : IDisposable
    {
        private readonly Action<LibbpfLogLevel, string>? _outer;

        internal Scope(Action<LibbpfLogLevel, string>? outer) => _outer = outer;

        public void Dispose() => s_threadSink = _outer;
    }
}
