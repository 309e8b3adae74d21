namespace LibbpfSharp.Skeleton.Naming;

/// <summary>Names that must differ from each other; the later of two equal ones gets a number.</summary>
/// <param name="reserved">Names that are taken from the start.</param>
public sealed class NameScope(params IEnumerable<string> reserved)
{
    private readonly HashSet<string> _taken = new(reserved, StringComparer.Ordinal);

    /// <summary>Takes a name.</summary>
    /// <param name="name">The wanted name.</param>
    /// <returns>It, or it with the lowest number from 2 on that is free.</returns>
    public string Take(string name)
    {
        string result = name;
        for (int number = 2; !_taken.Add(result); number++)
            result = $"{name}{number}";
        return result;
    }
}
