namespace LibbpfSharp.CTypes;

/// <summary>The name in C of a generated type or member.</summary>
/// <param name="name">The name: "struct event", "last_seen".</param>
[AttributeUsage(AttributeTargets.All)]
public sealed class BpfNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}
