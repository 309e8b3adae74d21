using System.Text;

namespace LibbpfSharp.Interop;

/// <summary>Writes one netlink request (linux/netlink.h): header, fixed part, attributes. Host byte order.</summary>
internal ref struct NetlinkMessage
{
    public const int HeaderSize = 16;
    private const int Nested = 0x8000;
    private readonly Span<byte> _buffer;
    private int _length;

    public NetlinkMessage(Span<byte> buffer, ushort type, ushort flags)
    {
        _buffer = buffer;
        _buffer.Clear();
        _length = HeaderSize;
        BitConverter.TryWriteBytes(_buffer[4..], type);
        BitConverter.TryWriteBytes(_buffer[6..], flags);
        BitConverter.TryWriteBytes(_buffer[8..], 1u); // sequence: one request a socket
    }

    /// <summary>The request with its length filled in.</summary>
    public readonly ReadOnlySpan<byte> Bytes
    {
        get
        {
            BitConverter.TryWriteBytes(_buffer, (uint)_length);
            return _buffer[.._length];
        }
    }

    /// <summary>The fixed part that follows the header.</summary>
    public Span<byte> Fixed(int size)
    {
        Span<byte> part = _buffer.Slice(_length, size);
        _length += Align(size);
        return part;
    }

    public void Add(ushort type, uint value)
    {
        Span<byte> payload = Attribute(type, sizeof(uint));
        BitConverter.TryWriteBytes(payload, value);
    }

    public void Add(ushort type, string text)
    {
        Span<byte> payload = Attribute(type, Encoding.UTF8.GetByteCount(text) + 1);
        Encoding.UTF8.GetBytes(text, payload);
    }

    /// <summary>Begins a nested attribute; pass what it returns to <see cref="End"/>.</summary>
    public int Begin(ushort type)
    {
        int start = _length;
        Attribute((ushort)(type | Nested), 0);
        return start;
    }

    public readonly void End(int start) => BitConverter.TryWriteBytes(_buffer[start..], (ushort)(_length - start));

    public static int Align(int length) => (length + 3) & ~3;

    /// <summary>The payload of an attribute in a list of attributes; empty if it is not there.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort type)
    {
        while (attributes.Length >= 4)
        {
            int length = BitConverter.ToUInt16(attributes);
            if (length < 4 || length > attributes.Length)
                break;
            if ((BitConverter.ToUInt16(attributes[2..]) & 0x3FFF) == type)
                return attributes[4..length];
            attributes = attributes[Math.Min(Align(length), attributes.Length)..];
        }

        return default;
    }

    /// <summary>A 32-bit attribute, 0 if it is not there.</summary>
    public static uint FindUInt32(ReadOnlySpan<byte> attributes, ushort type)
    {
        ReadOnlySpan<byte> payload = Find(attributes, type);
        return payload.Length < 4 ? 0 : BitConverter.ToUInt32(payload);
    }

    private Span<byte> Attribute(ushort type, int size)
    {
        Span<byte> attribute = _buffer[_length..];
        BitConverter.TryWriteBytes(attribute, (ushort)(4 + size));
        BitConverter.TryWriteBytes(attribute[2..], type);
        _length += Align(4 + size);
        return attribute.Slice(4, size);
    }
}
