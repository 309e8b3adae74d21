using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibbpfSharp;

/// <summary>Compares the length of a record with the structure that it is read as.</summary>
internal static class RecordSize
{
    /// <summary>Most bytes that the kernel adds to a perf buffer's record, to make record and length 8-aligned.</summary>
    public const int PerfPadding = 7;

    /// <summary>A record as a structure, in place.</summary>
    /// <param name="record">The record.</param>
    /// <param name="padding">Most bytes that the record may have in excess.</param>
    /// <param name="subject">Its map, for the message.</param>
    /// <exception cref="BpfException">EINVAL: the length differs.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref readonly T As<T>(ReadOnlySpan<byte> record, int padding, string subject)
        where T : unmanaged
    {
        if ((uint)(record.Length - Unsafe.SizeOf<T>()) > (uint)padding)
            ThrowLength(record.Length, typeof(T), Unsafe.SizeOf<T>(), subject);
        return ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(record));
    }

    [DoesNotReturn]
    private static void ThrowLength(int length, Type type, int size, string subject) => throw new BpfException(
        BpfErrno.EINVAL,
        $"reading a record as {type.Name}",
        subject,
        $"The record has {length} bytes, {type.Name} {size}: declare the structure as the program does, or read records that vary in length as bytes.");
}
