namespace LibbpfSharp.Formats.Btf;

/// <summary>An entry of a <see cref="BtfKind.DataSec"/>: a variable (or extern function) and where it lies in the section.</summary>
public readonly struct BtfSectionVariable : IBtfEntry<BtfSectionVariable>
{
    private BtfSectionVariable(uint typeId, uint offset, uint size)
    {
        TypeId = typeId;
        Offset = offset;
        Size = size;
    }

    /// <summary>Id of the <see cref="BtfKind.Var"/>, or <see cref="BtfKind.Func"/> in .ksyms.</summary>
    public uint TypeId { get; }

    /// <summary>Offset in the section in bytes. In an object that was not linked it may be 0 until it is taken from the ELF symbol.</summary>
    public uint Offset { get; }

    /// <summary>Size in bytes.</summary>
    public uint Size { get; }

    static BtfSectionVariable IBtfEntry<BtfSectionVariable>.Read(BtfType type, int index)
    {
        int at = type.TailOffset + (index * 12);
        return new(type.Btf.ReadTypeWord(at), type.Btf.ReadTypeWord(at + 4), type.Btf.ReadTypeWord(at + 8));
    }
}
