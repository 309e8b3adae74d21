using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>What a kernel lets this process do.</summary>
public sealed class BpfKernelFeatures
{
    private readonly IBpfKernel _kernel;

    internal BpfKernelFeatures(IBpfKernel kernel) => _kernel = kernel;

    /// <summary>Name of the kernel that was asked.</summary>
    public string KernelName => _kernel.Name;

    /// <summary>Whether a map can be made.</summary>
    public BpfFeature Maps => KernelProbes.Answer("maps", KernelProbes.TryCreateMap(_kernel, BpfMapType.Array));

    /// <summary>Whether BTF can be loaded.</summary>
    public BpfFeature Btf => KernelProbes.Answer("BTF", KernelProbes.TryLoadBtf(_kernel));

    /// <summary>Whether a kind of map can be made.</summary>
    /// <param name="type">The kind.</param>
    /// <returns>The kernel's answer; it is asked each time, and costs a system call or two.</returns>
    public BpfFeature MapType(BpfMapType type) => KernelProbes.Answer($"map type {type}", KernelProbes.TryCreateMap(_kernel, type));

    /// <summary>Whether the smallest program of a kind loads.</summary>
    /// <param name="type">The kind.</param>
    /// <returns>The kernel's answer; it is asked each time, and costs a system call or two.</returns>
    public BpfFeature ProgramType(BpfProgramType type) => KernelProbes.Answer($"program type {type}", KernelProbes.TryLoadProgram(_kernel, type));

    /// <summary>All program types, asked one after the other.</summary>
    /// <returns>The answers in order of the type's number.</returns>
    public IReadOnlyList<BpfFeature> ProgramTypes() =>
        Enum.GetValues<BpfProgramType>().Where(type => type != BpfProgramType.Unspec).Select(ProgramType).ToArray();

    /// <summary>All map types, asked one after the other.</summary>
    /// <returns>The answers in order of the type's number.</returns>
    public IReadOnlyList<BpfFeature> MapTypes() =>
        Enum.GetValues<BpfMapType>().Where(type => type != BpfMapType.Unspec).Select(MapType).ToArray();
}
