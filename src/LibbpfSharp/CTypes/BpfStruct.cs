using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace LibbpfSharp.CTypes;

/// <summary>What generated types have in common: they are their bytes, padding included.</summary>
public static class BpfStruct
{
    /// <summary>The bytes of a value.</summary>
    /// <typeparam name="T">A generated type.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>A view of it.</returns>
    public static ReadOnlySpan<byte> Bytes<T>(ref readonly T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));

    /// <summary>The bytes of a variable, to change them.</summary>
    /// <typeparam name="T">A generated type.</typeparam>
    /// <param name="value">The variable.</param>
    /// <returns>A view of it.</returns>
    public static Span<byte> MutableBytes<T>(ref T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new Span<T>(ref value));

    /// <summary>Reads a part of a value that need not be aligned.</summary>
    /// <typeparam name="T">A generated type.</typeparam>
    /// <typeparam name="TPart">Type of the part.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="offset">Offset of the part in bytes.</param>
    /// <returns>The part.</returns>
    public static TPart Read<T, TPart>(ref readonly T value, int offset)
        where T : unmanaged
        where TPart : unmanaged => MemoryMarshal.Read<TPart>(Bytes(in value)[offset..]);

    /// <summary>Writes a part of a variable that need not be aligned.</summary>
    /// <typeparam name="T">A generated type.</typeparam>
    /// <typeparam name="TPart">Type of the part.</typeparam>
    /// <param name="value">The variable.</param>
    /// <param name="offset">Offset of the part in bytes.</param>
    /// <param name="part">The new part.</param>
    public static void Write<T, TPart>(ref T value, int offset, TPart part)
        where T : unmanaged
        where TPart : unmanaged => MemoryMarshal.Write(MutableBytes(ref value)[offset..], in part);

    /// <summary>Compares byte by byte, as the kernel compares keys.</summary>
    /// <typeparam name="T">A generated type.</typeparam>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if all bytes are the same.</returns>
    public static bool AreEqual<T>(ref readonly T left, ref readonly T right)
        where T : unmanaged => Bytes(in left).SequenceEqual(Bytes(in right));

    /// <summary>A hash of all bytes.</summary>
    /// <typeparam name="T">A generated type.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>The hash.</returns>
    public static int GetHashCode<T>(ref readonly T value)
        where T : unmanaged
    {
        HashCode hash = default;
        hash.AddBytes(Bytes(in value));
        return hash.ToHashCode();
    }

    /// <summary>The elements that follow a record with a flexible array member.</summary>
    /// <typeparam name="T">Type of an element.</typeparam>
    /// <param name="record">All bytes of the record, as received.</param>
    /// <param name="offset">Offset of the array in bytes.</param>
    /// <returns>The whole elements that are there.</returns>
    public static ReadOnlySpan<T> Tail<T>(ReadOnlySpan<byte> record, int offset)
        where T : unmanaged
    {
        ReadOnlySpan<byte> tail = record.Length <= offset ? [] : record[offset..];
        return MemoryMarshal.Cast<byte, T>(tail[..(tail.Length / Unsafe.SizeOf<T>() * Unsafe.SizeOf<T>())]);
    }

    /// <summary>Reads text up to the first NUL.</summary>
    /// <param name="bytes">A char array.</param>
    /// <returns>The text, read as UTF-8.</returns>
    public static string ReadText(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>Writes text as UTF-8 and fills up with NUL, of which there is at least one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">The char array.</param>
    /// <exception cref="ArgumentException">The text is longer than the array less one byte.</exception>
    public static void WriteText(string text, Span<byte> bytes)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        if (length >= bytes.Length)
            throw new ArgumentException($"'{text}' has {length} bytes in UTF-8, but a char[{bytes.Length}] holds {bytes.Length - 1} and the NUL.", nameof(text));
        Encoding.UTF8.GetBytes(text, bytes);
        bytes[length..].Clear();
    }

    /// <summary>Lists the elements of an array, the first sixteen of a long one.</summary>
    /// <typeparam name="T">Type of an element.</typeparam>
    /// <param name="elements">The elements.</param>
    /// <returns>For example <c>[1, 2, 3]</c>.</returns>
    public static string Describe<T>(ReadOnlySpan<T> elements)
    {
        StringBuilder text = new("[");
        for (int i = 0; i < Math.Min(elements.Length, 16); i++)
            text.Append(i == 0 ? "" : ", ").Append(System.Globalization.CultureInfo.InvariantCulture, $"{elements[i]}");
        return text.Append(elements.Length > 16 ? $", ... {elements.Length} in all]" : "]").ToString();
    }

    /// <summary>Fails if the runtime gives a generated type another layout than C did. Called by generated checks.</summary>
    /// <param name="what">Name of the type or member.</param>
    /// <param name="actual">Size or offset in bytes at run time.</param>
    /// <param name="expected">Size or offset in bytes in BTF.</param>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public static void CheckLayout(string what, long actual, long expected)
    {
        if (actual != expected)
            throw new InvalidOperationException($"{what} is {actual} bytes here and {expected} in the BPF object; the generated code and the runtime disagree.");
    }
}
