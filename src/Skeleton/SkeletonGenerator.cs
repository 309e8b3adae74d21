using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Skeleton.Emit;
using LibbpfSharp.Skeleton.Model;

namespace LibbpfSharp.Skeleton;

/// <summary>Makes a C# class from a BPF object file: the entry to this library.</summary>
public static class SkeletonGenerator
{
    /// <summary>Generates. The same input always gives the same text.</summary>
    /// <param name="objectFile">The bytes of the object file, which the class will contain.</param>
    /// <param name="options">Names and extra types.</param>
    /// <returns>The source and warnings.</returns>
    /// <exception cref="Formats.BpfObjectFormatException">The object is malformed.</exception>
    public static SkeletonResult Generate(ReadOnlyMemory<byte> objectFile, SkeletonOptions options)
    {
        SkeletonModel model = SkeletonParser.Parse(BpfObjectFile.Parse(objectFile, options.ObjectName), options);
        return new(new SkeletonEmitter(model, objectFile).Emit(), model.ClassName, model.Types.Diagnostics);
    }
}
