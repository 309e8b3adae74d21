namespace LibbpfSharp.Formats.Btf;

/// <summary>An entry of the variable part of a BTF type; <see cref="BtfList{T}"/> reads them.</summary>
/// <typeparam name="TSelf">The entry type.</typeparam>
public interface IBtfEntry<TSelf>
    where TSelf : struct, IBtfEntry<TSelf>
{
    /// <summary>Reads entry <paramref name="index"/> of <paramref name="type"/>. The index is in range.</summary>
    /// <param name="type">The type that has the entries.</param>
    /// <param name="index">Index from 0.</param>
    /// <returns>The entry.</returns>
    internal static abstract TSelf Read(BtfType type, int index);
}
