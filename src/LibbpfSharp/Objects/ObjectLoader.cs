using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Brings an opened object into a kernel.</summary>
internal abstract class ObjectLoader
{
    /// <summary>Which of the loaders it is.</summary>
    public abstract BpfLoader Kind { get; }

    /// <summary>Loads. Whatever was made is closed again if it throws.</summary>
    public abstract BpfObject Load(BpfObjectOpen open, IBpfKernel kernel);
}
