using System.Globalization;

namespace LibbpfSharp.Tests.Integration.Cli;

/// <summary>What readelf says of an object file.</summary>
internal sealed class ReadelfObject
{
    private ReadelfObject(string sections, string symbols)
    {
        foreach (string line in sections.Split('\n'))
        {
            // [ 5] .rodata           PROGBITS        0000000000000000 000378 00000c 00   A  0   0  4
            int close = line.IndexOf(']', StringComparison.Ordinal);
            if (!line.StartsWith("  [", StringComparison.Ordinal) || !int.TryParse(line[3..close], out int index) || index == 0)
                continue;
            string[] cells = line[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Sections[index] = (cells[0], ulong.Parse(cells[4], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }

        foreach (string line in symbols.Split('\n'))
        {
            // 13: 0000000000000000     8 OBJECT  GLOBAL DEFAULT    6 counter
            string[] cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length >= 8 && cells[0].EndsWith(':') && int.TryParse(cells[6], out int section))
            {
                ulong size = cells[2].StartsWith("0x", StringComparison.Ordinal)
                    ? ulong.Parse(cells[2][2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                    : ulong.Parse(cells[2], CultureInfo.InvariantCulture);
                Symbols.Add(new(cells[7], ulong.Parse(cells[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), size, cells[3], cells[4], Sections[section].Name));
            }
        }
    }

    public Dictionary<int, (string Name, ulong Size)> Sections { get; } = [];

    public List<Symbol> Symbols { get; } = [];

    public static ReadelfObject Read(string path)
    {
        string tool = ExternalTool.Exists("readelf") ? "readelf" : "llvm-readelf";
        return new(ExternalTool.Succeed(tool, "-SW", path), ExternalTool.Succeed(tool, "-sW", path));
    }

    internal sealed record Symbol(string Name, ulong Value, ulong Size, string Type, string Binding, string Section);
}
