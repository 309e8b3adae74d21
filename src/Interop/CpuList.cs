namespace LibbpfSharp.Interop;

/// <summary>Parses the kernel's lists of CPUs, such as "0-3,8,10-11".</summary>
internal static class CpuList
{
    /// <summary>CPU numbers in ascending order.</summary>
    /// <exception cref="FormatException">The text is no such list.</exception>
    public static int[] Parse(string text)
    {
        var cpus = new SortedSet<int>();
        foreach (string range in text.Trim().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int dash = range.IndexOf('-', StringComparison.Ordinal);
            string low = dash < 0 ? range : range[..dash];
            string high = dash < 0 ? range : range[(dash + 1)..];
            if (!int.TryParse(low, out int from) || !int.TryParse(high, out int to) || from < 0 || to < from || to > 1 << 16)
                throw new FormatException($"'{text.Trim()}' is no list of CPUs: '{range}' is not a number or a range.");
            for (int cpu = from; cpu <= to; cpu++)
                cpus.Add(cpu);
        }

        if (cpus.Count == 0)
            throw new FormatException("The list of possible CPUs is empty.");
        return [.. cpus];
    }
}
