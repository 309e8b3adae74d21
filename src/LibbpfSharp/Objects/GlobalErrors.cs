using System.Runtime.CompilerServices;
using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp;

/// <summary>Checks of global variables by name and size, before and after load.</summary>
internal static class GlobalErrors
{
    public static BpfVariableSpec Find(IReadOnlyDictionary<string, BpfVariableSpec> variables, string name, string @object) =>
        variables.TryGetValue(name, out BpfVariableSpec? variable)
            ? variable
            : throw new KeyNotFoundException($"object '{@object}' has no global variable '{name}'. It has: {(variables.Count == 0 ? "none" : string.Join(", ", variables.Keys.Order(StringComparer.Ordinal)))}.");

    public static void RequireSize<T>(string name, int size)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() != size)
            throw new ArgumentException($"Global variable '{name}' has {size} bytes, {typeof(T).Name} {Unsafe.SizeOf<T>()}.");
    }
}
