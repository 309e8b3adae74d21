using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Skeletons;

/// <summary>What generated classes call to open objects. For them, not for people.</summary>
public static class BpfSkeleton
{
    /// <summary>Opens an object and compares it with what the class was generated from.</summary>
    /// <param name="bytes">The object file.</param>
    /// <param name="options">How; a name in it goes before the next.</param>
    /// <param name="name">Name of the object.</param>
    /// <param name="shape">What the class depends on (<see cref="BpfObjectShape"/>).</param>
    /// <returns>The object before load.</returns>
    /// <exception cref="BpfSkeletonMismatchException">The object is not what the class was generated from.</exception>
    public static BpfObjectOpen Open(ReadOnlyMemory<byte> bytes, BpfObjectOptions? options, string name, string shape)
    {
        BpfObjectOpen open = OpenUnchecked(bytes, options, name);
        Require(open.File, $"object '{open.Name}'", shape);
        return open;
    }

    /// <summary>Opens the object that the class contains.</summary>
    /// <param name="bytes">The object file.</param>
    /// <param name="options">How; a name in it goes before the next.</param>
    /// <param name="name">Name of the object.</param>
    /// <returns>The object before load.</returns>
    public static BpfObjectOpen OpenUnchecked(ReadOnlyMemory<byte> bytes, BpfObjectOptions? options, string name) => BpfObject.Open(bytes, Named(options, name));

    /// <summary>Reads the object that lies beside the program.</summary>
    /// <param name="path">Path relative to the program's folder.</param>
    /// <returns>The file.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static byte[] Read(string path) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, path));

    /// <summary>Opens an object from its pins.</summary>
    /// <param name="bytes">The object file.</param>
    /// <param name="directory">Where its maps and programs are pinned.</param>
    /// <param name="options">How; a name in it goes before the next.</param>
    /// <param name="name">Name of the object.</param>
    /// <returns>The object.</returns>
    public static BpfObject OpenPinned(ReadOnlyMemory<byte> bytes, string directory, BpfObjectOptions? options, string name) => BpfObject.OpenPinned(bytes, directory, Named(options, name));

    /// <summary>Checks that a class can be used with an object that it was not generated from.</summary>
    /// <param name="other">The object; it may have more than the class knows.</param>
    /// <param name="shape">What the class depends on.</param>
    /// <exception cref="BpfSkeletonMismatchException">The object lacks something, or has it otherwise.</exception>
    public static void RequireFits(BpfObject other, string shape)
    {
        ArgumentNullException.ThrowIfNull(other);
        Require(other.File, other.ToString(), shape);
    }

    private static void Require(BpfObjectFile file, string subject, string shape)
    {
        IReadOnlyList<string> differences = BpfObjectShape.Compare(shape, BpfObjectShape.Describe(file));
        if (differences.Count > 0)
            throw new BpfSkeletonMismatchException(subject, differences);
    }

    private static BpfObjectOptions Named(BpfObjectOptions? options, string name) => options?.Name is not null ? options : new BpfObjectOptions
    {
        Name = name,
        Kernel = options?.Kernel,
        Loader = options?.Loader ?? BpfLoader.Default,
        LogLevel = options?.LogLevel ?? 0,
        MaxLogSize = options?.MaxLogSize ?? new BpfObjectOptions().MaxLogSize,
        BtfPath = options?.BtfPath,
        Kconfig = options?.Kconfig,
        PinRoot = options?.PinRoot,
        Logger = options?.Logger,
    };
}
