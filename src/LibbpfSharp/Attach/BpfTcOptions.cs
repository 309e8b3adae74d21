namespace LibbpfSharp;

/// <summary>How a classifier is added to clsact.</summary>
public sealed record BpfTcOptions
{
    /// <summary>The filter's handle; 0 lets the kernel choose.</summary>
    public uint Handle { get; init; }

    /// <summary>The filter's priority, 1..65535, lower runs first; 0 lets the kernel choose.</summary>
    public uint Priority { get; init; }

    /// <summary>Replace the filter of this handle and priority instead of failing with EEXIST.</summary>
    public bool Replace { get; init; }
}
