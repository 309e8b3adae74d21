using System.Buffers.Binary;

namespace LibbpfSharp.Formats.Btf;

/// <content>Records as words, and changes to those already written (for sanitising and fixing up).</content>
public sealed partial class BtfBuilder
{
    internal uint FirstId => _firstId;

    /// <summary>A view of what is written so far; valid until the next change.</summary>
    internal BtfData Snapshot() => Build();

    internal void SetName(uint id, uint nameOffset) => WriteWord(OffsetOf(id), nameOffset);

    internal void SetInfo(uint id, BtfKind kind, int vlen, bool flag) =>
        WriteWord(OffsetOf(id) + 4, Info(kind, vlen, flag));

    internal void SetSizeOrType(uint id, uint value) => WriteWord(OffsetOf(id) + 8, value);

    internal void SetTailWord(uint id, int index, uint value) => WriteWord(OffsetOf(id) + BtfType.HeaderSize + (index * 4), value);

    private static uint Info(BtfKind kind, int vlen, bool flag) => ((uint)kind << 24) | (uint)vlen | (flag ? 1u << 31 : 0);

    private uint AddType(BtfKind kind, string name, int vlen, bool flag, uint sizeOrType)
    {
        uint nameOffset = AddString(name);
        _offsets.Add(_typesLength);
        AppendWord(nameOffset);
        AppendWord(Info(kind, vlen, flag));
        AppendWord(sizeOrType);
        return TypeCount - 1;
    }

    private int OffsetOf(uint id) => _offsets[(int)(id - _firstId)];

    private int LastType(BtfKind one, BtfKind other)
    {
        int at = _offsets.Count == 0 ? -1 : _offsets[^1];
        BtfKind kind = at < 0 ? BtfKind.Void : (BtfKind)((ReadWord(at + 4) >> 24) & 0x1f);
        return kind == one || kind == other
            ? at
            : throw new InvalidOperationException($"The type added last is a {BtfNames.Of(kind)}, not a {BtfNames.Of(one)}.");
    }

    private void CountEntry(int at)
    {
        uint info = ReadWord(at + 4);
        if ((info & 0xffff) == 0xffff)
            throw new InvalidOperationException("A type in BTF has at most 65535 members, enumerators, parameters or variables.");
        WriteWord(at + 4, info + 1);
    }

    private void AppendWord(uint word)
    {
        Reserve(ref _types, _typesLength, 4);
        WriteWord(_typesLength, word);
        _typesLength += 4;
    }

    private uint ReadWord(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_types.AsSpan(at));

    private void WriteWord(int at, uint word) => BinaryPrimitives.WriteUInt32LittleEndian(_types.AsSpan(at), word);
}
