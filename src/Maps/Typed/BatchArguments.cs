namespace LibbpfSharp.Maps;

/// <summary>Checks that typed batches share.</summary>
internal static class BatchArguments
{
    public static void SameLength(int keys, int values)
    {
        if (keys != values)
            Throw(keys, values);
    }

    public static void SameLength(int expected, int values, int cpus)
    {
        if (expected != values)
            throw new ArgumentException($"A batch of this map takes a value for each key and each of {cpus} possible CPUs, {expected} in all, and there are {values}.", nameof(values));
    }

    private static void Throw(int keys, int values) =>
        throw new ArgumentException($"A batch takes as many values as keys: there are {keys} keys and {values} values.", nameof(values));
}
