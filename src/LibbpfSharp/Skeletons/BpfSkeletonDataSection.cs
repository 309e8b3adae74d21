namespace LibbpfSharp.Skeletons;

/// <summary>A data section whose variables can be written after load.</summary>
public abstract class BpfSkeletonDataSection : BpfSkeletonSection
{
    /// <summary>Makes a view.</summary>
    /// <param name="owner">The loaded object.</param>
    /// <param name="name">Name of the section.</param>
    /// <param name="variables">The variables.</param>
    protected BpfSkeletonDataSection(BpfObject owner, string name, BpfSkeletonVariable[] variables)
        : base(owner, name, variables)
    {
    }

    /// <summary>The whole section, also what lies behind its variables where it was made larger before load.</summary>
    /// <exception cref="ObjectDisposedException">The object was disposed of.</exception>
    public Span<byte> Bytes => WritableBytes;
}
