using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Which kernel a process uses, and why.</summary>
public sealed class BpfKernelSelection
{
    internal BpfKernelSelection(IBpfKernel kernel, string reason, bool isFallback)
    {
        Kernel = kernel;
        Reason = reason;
        IsFallback = isFallback;
    }

    /// <summary>The kernel.</summary>
    public IBpfKernel Kernel { get; }

    /// <summary>Why, in words.</summary>
    public string Reason { get; }

    /// <summary>True if Linux was tried and would not do.</summary>
    public bool IsFallback { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Kernel.Name}: {Reason}";
}
