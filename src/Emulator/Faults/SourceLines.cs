using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Emulator;

/// <summary>The C lines of a program, from the line_info given at load. Strings are read when a line is asked for.</summary>
internal sealed class SourceLines
{
    public static readonly SourceLines None = new(null, []);

    private readonly BtfData? _btf;
    private readonly Record[] _records;

    public SourceLines(BtfData? btf, Record[] records)
    {
        _btf = btf;
        _records = records;
    }

    /// <summary>Records in ascending order of slots.</summary>
    public ReadOnlySpan<Record> Records => _records;

    /// <summary>The line that an instruction slot belongs to; the default without.</summary>
    public SourceLine Find(int slot)
    {
        int low = 0;
        int high = _records.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (_records[middle].Slot <= slot)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return high < 0 ? default : At(high);
    }

    /// <summary>The line of a record.</summary>
    public SourceLine At(int index)
    {
        Record record = _records[index];
        return new SourceLine(Text(record.FileOffset), (int)(record.LineColumn >> 10), (int)(record.LineColumn & 0x3ff), Text(record.TextOffset));
    }

    private string Text(uint offset)
    {
        try
        {
            return _btf?.GetString(offset) ?? "";
        }
        catch (Exception e) when (e is Formats.BpfObjectFormatException or ArgumentException)
        {
            return "";
        }
    }

    /// <summary>struct bpf_line_info.</summary>
    internal readonly record struct Record(int Slot, uint FileOffset, uint TextOffset, uint LineColumn);
}
