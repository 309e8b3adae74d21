using System.Buffers.Binary;
using System.Text;

namespace LibbpfSharp.Tests.Unit.Formats.Btf;

/// <summary>Writes BTF word by word, with no help and no checks: what the tests of the reader need.</summary>
internal sealed class RawBtf
{
    private readonly List<byte> _types = [];
    private readonly List<byte> _strings;
    private readonly uint _stringBase;

    public RawBtf(bool split = false, uint stringBase = 0)
    {
        _strings = split ? [] : [0];
        _stringBase = stringBase;
    }

    public uint Text(string text)
    {
        uint at = (uint)_strings.Count + _stringBase;
        _strings.AddRange(Encoding.UTF8.GetBytes(text));
        _strings.Add(0);
        return at;
    }

    public RawBtf Type(uint name, int kind, int vlen, bool flag, uint sizeOrType, params uint[] tail)
    {
        Word(name);
        Word((uint)((kind << 24) | vlen) | (flag ? 1u << 31 : 0));
        Word(sizeOrType);
        foreach (uint word in tail)
            Word(word);
        return this;
    }

    public RawBtf Word(uint word)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
        _types.AddRange(bytes);
        return this;
    }

    public byte[] ToArray()
    {
        byte[] all = new byte[24 + _types.Count + _strings.Count];
        BinaryPrimitives.WriteUInt16LittleEndian(all, 0xeb9f);
        all[2] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(all.AsSpan(4), 24);
        BinaryPrimitives.WriteUInt32LittleEndian(all.AsSpan(12), (uint)_types.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(all.AsSpan(16), (uint)_types.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(all.AsSpan(20), (uint)_strings.Count);
        _types.CopyTo(all, 24);
        _strings.CopyTo(all, 24 + _types.Count);
        return all;
    }
}
