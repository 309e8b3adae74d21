using System.Buffers;
using System.Text;

namespace LibbpfSharp.Maps;

/// <content>Keys that are text: <c>char[N]</c>, UTF-8, zero-padded to key_size.</content>
public sealed unsafe partial class BpfMap
{
    private const int StackBytes = 512;

    /// <summary>Writes an element whose key is a <c>char[N]</c>.</summary>
    /// <param name="key">Text of at most key_size - 1 bytes in UTF-8; the rest of the key is zero.</param>
    /// <param name="value"><see cref="ElementSize"/> bytes.</param>
    /// <param name="flags">Whether to create, overwrite or both.</param>
    /// <exception cref="ArgumentException">The text is too long for the key.</exception>
    /// <inheritdoc cref="UpdateElem(ReadOnlySpan{byte}, ReadOnlySpan{byte}, BpfUpdateFlags)" path="/exception"/>
    public void UpdateElem(string key, ReadOnlySpan<byte> value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        byte[]? rented = null;
        Span<byte> bytes = _keySize <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(_keySize);
        try
        {
            UpdateElem(EncodeKey(key, bytes[.._keySize]), value, flags);
        }
        finally
        {
            Return(rented);
        }
    }

    /// <typeparam name="TValue">A type of <see cref="ElementSize"/> bytes.</typeparam>
    /// <inheritdoc cref="UpdateElem(string, ReadOnlySpan{byte}, BpfUpdateFlags)"/>
    public void UpdateElem<TValue>(string key, in TValue value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
        where TValue : unmanaged
    {
        fixed (TValue* v = &value)
        {
            UpdateElem(key, new ReadOnlySpan<byte>(v, sizeof(TValue)), flags);
        }
    }

    /// <summary>Reads an element whose key is a <c>char[N]</c>.</summary>
    /// <param name="key">Text of at most key_size - 1 bytes in UTF-8.</param>
    /// <param name="value">Receives <see cref="ElementSize"/> bytes.</param>
    /// <param name="flags">Any, or Lock.</param>
    /// <returns>False if the key is missing.</returns>
    /// <exception cref="ArgumentException">The text is too long for the key.</exception>
    /// <inheritdoc cref="LookupElem(ReadOnlySpan{byte}, Span{byte}, BpfUpdateFlags)" path="/exception"/>
    public bool LookupElem(string key, Span<byte> value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        byte[]? rented = null;
        Span<byte> bytes = _keySize <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(_keySize);
        try
        {
            return LookupElem(EncodeKey(key, bytes[.._keySize]), value, flags);
        }
        finally
        {
            Return(rented);
        }
    }

    /// <typeparam name="TValue">A type of <see cref="ElementSize"/> bytes.</typeparam>
    /// <inheritdoc cref="LookupElem(string, Span{byte}, BpfUpdateFlags)"/>
    public bool LookupElem<TValue>(string key, out TValue value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
        where TValue : unmanaged
    {
        value = default;
        fixed (TValue* v = &value)
        {
            return LookupElem(key, new Span<byte>(v, sizeof(TValue)), flags);
        }
    }

    /// <summary>Deletes an element whose key is a <c>char[N]</c>.</summary>
    /// <param name="key">Text of at most key_size - 1 bytes in UTF-8.</param>
    /// <returns>False if the key is missing.</returns>
    /// <exception cref="ArgumentException">The text is too long for the key.</exception>
    /// <inheritdoc cref="DeleteElem(ReadOnlySpan{byte})" path="/exception"/>
    public bool DeleteElem(string key)
    {
        byte[]? rented = null;
        Span<byte> bytes = _keySize <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(_keySize);
        try
        {
            return DeleteElem(EncodeKey(key, bytes[.._keySize]));
        }
        finally
        {
            Return(rented);
        }
    }

    private static void Return(byte[]? rented)
    {
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    private ReadOnlySpan<byte> EncodeKey(string key, Span<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(key);
        int length = Encoding.UTF8.GetByteCount(key);
        if (length >= bytes.Length)
        {
            throw new ArgumentException(_keySize == 0
                ? $"{Subject}: a {Type} has no keys."
                : $"{Subject}: the key '{key}' is {length} bytes in UTF-8; a key of {_keySize} bytes holds at most {_keySize - 1} and a NUL.", nameof(key));
        }

        Encoding.UTF8.GetBytes(key, bytes);
        bytes[length..].Clear();
        return bytes;
    }
}
