namespace LibbpfSharp.Formats.CoRe;

/// <summary>Names of types as CO-RE compares them: a flavour, all from the last triple underscore on, does not count.</summary>
internal static class CoreNames
{
    /// <summary>
    /// The name without its flavour. The three underscores must stand between other characters, so "a____b" and "___b" have none.
    /// </summary>
    public static ReadOnlySpan<byte> Essential(ReadOnlySpan<byte> name)
    {
        for (int i = name.Length - 5; i >= 0; i--)
        {
            if (name[i] != '_' && name[i + 1] == '_' && name[i + 2] == '_' && name[i + 3] == '_' && name[i + 4] != '_')
                return name[..(i + 1)];
        }

        return name;
    }

    public static bool SameEssential(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Essential(left).SequenceEqual(Essential(right));
}
