namespace LibbpfSharp.Formats.BtfExt;

/// <summary>The records of .BTF.ext that belong to one ELF section.</summary>
/// <typeparam name="T">The record.</typeparam>
public sealed class BtfExtSection<T>
    where T : struct
{
    internal BtfExtSection(string sectionName, int offset, int recordSize, T[] records)
    {
        SectionName = sectionName;
        Offset = offset;
        RecordSize = recordSize;
        Records = records;
    }

    /// <summary>Name of the ELF section.</summary>
    public string SectionName { get; }

    /// <summary>The records in the order of the file.</summary>
    public IReadOnlyList<T> Records { get; }

    /// <summary>Offset in .BTF.ext of the first record, in bytes.</summary>
    internal int Offset { get; }

    internal int RecordSize { get; }

    internal long OffsetOf(int index) => Offset + ((long)index * RecordSize);
}
