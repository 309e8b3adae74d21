namespace LibbpfSharp.CTypes;

/// <summary>
/// Marks bytes of a map value that belong to the kernel (a spin lock, a timer, a list head, a kptr): user space reads zeros
/// there, and what it writes is ignored.
/// </summary>
/// <param name="type">The type in C: "struct bpf_spin_lock".</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class BpfKernelFieldAttribute(string type) : Attribute
{
    /// <summary>The type in C.</summary>
    public string Type { get; } = type;
}
