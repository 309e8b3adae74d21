namespace LibbpfSharp;

/// <summary>The kernel in use lacks a feature; the message names the feature and the first kernel that has it.</summary>
public sealed class BpfUnsupportedFeatureException : BpfException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="feature">The feature, such as "BPF_F_CPU".</param>
    /// <param name="minimumKernel">First kernel that has it, such as 6.6; null if unknown.</param>
    /// <param name="kernel">Name of the kernel in use.</param>
    /// <param name="subject">The map, program or target concerned.</param>
    /// <param name="errno">What the kernel answered.</param>
    public BpfUnsupportedFeatureException(string feature, Version? minimumKernel, string kernel, string? subject = null, BpfErrno errno = BpfErrno.EOPNOTSUPP)
        : base(errno, feature, subject, minimumKernel is null
            ? $"{kernel} does not have it."
            : $"It needs Linux {minimumKernel} or newer; this is {kernel}.")
    {
        Feature = feature;
        MinimumKernel = minimumKernel;
    }

    /// <summary>The feature that is missing.</summary>
    public string Feature { get; }

    /// <summary>First kernel that has it.</summary>
    public Version? MinimumKernel { get; }
}
