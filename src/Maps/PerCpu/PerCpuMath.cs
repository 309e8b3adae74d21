using System.Numerics;

namespace LibbpfSharp.Maps;

/// <summary>Sums over the CPUs, for values that are numbers; others are combined by Aggregate.</summary>
public static class PerCpuMath
{
    /// <summary>Sum of all CPUs' values, which wraps around as the counters in the kernel do.</summary>
    /// <typeparam name="TValue">A number.</typeparam>
    /// <param name="values">The values.</param>
    public static TValue Sum<TValue>(this PerCpuValues<TValue> values)
        where TValue : unmanaged, IAdditionOperators<TValue, TValue, TValue>, IAdditiveIdentity<TValue, TValue>
    {
        TValue sum = TValue.AdditiveIdentity;
        foreach (TValue value in values)
            sum = unchecked(sum + value);
        return sum;
    }

    /// <inheritdoc cref="Sum{TValue}(PerCpuValues{TValue})"/>
    public static TValue Sum<TValue>(this PerCpuBuffer<TValue> values)
        where TValue : unmanaged, IAdditionOperators<TValue, TValue, TValue>, IAdditiveIdentity<TValue, TValue>
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Values.Sum();
    }

    /// <summary>Least of all CPUs' values.</summary>
    /// <typeparam name="TValue">A number.</typeparam>
    /// <param name="values">The values.</param>
    public static TValue Min<TValue>(this PerCpuValues<TValue> values)
        where TValue : unmanaged, INumber<TValue>
    {
        TValue least = values[0];
        foreach (TValue value in values)
            least = TValue.Min(least, value);
        return least;
    }

    /// <summary>Greatest of all CPUs' values.</summary>
    /// <typeparam name="TValue">A number.</typeparam>
    /// <param name="values">The values.</param>
    public static TValue Max<TValue>(this PerCpuValues<TValue> values)
        where TValue : unmanaged, INumber<TValue>
    {
        TValue greatest = values[0];
        foreach (TValue value in values)
            greatest = TValue.Max(greatest, value);
        return greatest;
    }
}
