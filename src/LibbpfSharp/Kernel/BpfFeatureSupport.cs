namespace LibbpfSharp;

/// <summary>What a kernel answers when asked for a feature.</summary>
public enum BpfFeatureSupport
{
    /// <summary>The kernel does not have it.</summary>
    Unsupported = 0,

    /// <summary>The kernel has it, and lets this process use it.</summary>
    Supported = 1,

    /// <summary>The kernel refuses to say: a privilege is missing, a policy forbids it, or there was no room to try (ENOMEM, EMFILE).</summary>
    NotPermitted = 2,
}
