namespace LibbpfSharp.Interop;

/// <summary>Parses kernel releases.</summary>
internal static class KernelVersionText
{
    /// <summary>"6.12.9-amd64" is 6.12.9; what is missing is 0.</summary>
    public static Version Parse(string release)
    {
        Span<int> parts = stackalloc int[3];
        int part = 0, i = 0;
        while (part < 3)
        {
            int start = i;
            while (i < release.Length && char.IsAsciiDigit(release[i]))
                i++;
            if (i == start || !int.TryParse(release.AsSpan(start, i - start), out parts[part]))
                break;
            part++;
            if (i >= release.Length || release[i] != '.')
                break;
            i++;
        }

        return new Version(parts[0], parts[1], parts[2]);
    }
}
