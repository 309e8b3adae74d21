using System.Security.Cryptography;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.BtfExt;
using LibbpfSharp.Formats.Elf;

namespace LibbpfSharp.Formats.Objects;

/// <summary>
/// A BPF object file as data: what it defines, and what it expects of the kernel. Immutable, with no tie to any kernel; equal to
/// another one with the same bytes.
/// </summary>
public sealed class BpfObjectFile : IEquatable<BpfObjectFile>
{
    /// <summary>Longest name that the kernel takes for a map or program, in bytes (BPF_OBJ_NAME_LEN - 1).</summary>
    public const int MaxKernelNameLength = 15;

    private readonly Lazy<byte[]> _hash;
    private readonly Lazy<BtfData?> _loadableBtf;

    internal BpfObjectFile(string name, BpfObjectParser parsed)
    {
        Name = name;
        Elf = parsed.Elf;
        License = parsed.License;
        KernelVersion = parsed.KernelVersion;
        Btf = parsed.Btf;
        BtfExt = parsed.BtfExt;
        Maps = parsed.Maps;
        Programs = parsed.Programs;
        Functions = parsed.Functions;
        Externs = parsed.Externs;
        Variables = parsed.Variables;
        _hash = new(() => SHA256.HashData(Elf.Bytes.Span));
        _loadableBtf = new(() => Btf is null ? null : BpfLoadableBtf.Make(this));
    }

    /// <summary>Name of the object: the start of the names of its internal maps.</summary>
    public string Name { get; }

    /// <summary>License, as the programs declare it; empty if they declare none.</summary>
    public string License { get; }

    /// <summary>Kernel version code (KERNEL_VERSION(a, b, c)) of the section <c>version</c>, which old kernels wanted for kprobes; null if there is none.</summary>
    public uint? KernelVersion { get; }

    /// <summary>The ELF file.</summary>
    public ElfFile Elf { get; }

    /// <summary>BTF as the compiler wrote it: offsets of variables may be missing, they are in <see cref="Variables"/>. Null if there is none.</summary>
    public BtfData? Btf { get; }

    /// <summary>.BTF.ext, or null.</summary>
    public BtfExtData? BtfExt { get; }

    /// <summary>
    /// The maps: those of .maps by their place there, data sections by section, .kconfig, struct_ops. The same order as libbpf's.
    /// </summary>
    public IReadOnlyList<BpfMapSpec> Maps { get; }

    /// <summary>The programs, by section and place in it.</summary>
    public IReadOnlyList<BpfProgramSpec> Programs { get; }

    /// <summary>All functions: those of programs and the subprograms of .text.</summary>
    public IReadOnlyList<BpfFunctionSpec> Functions { get; }

    /// <summary>What the object expects of the kernel: .kconfig first, in the order of the map, then .ksyms by name.</summary>
    public IReadOnlyList<BpfExternSpec> Externs { get; }

    /// <summary>Global and static variables, by map and offset.</summary>
    public IReadOnlyList<BpfVariableSpec> Variables { get; }

    /// <summary>SHA-256 of the file.</summary>
    public ReadOnlyMemory<byte> ContentHash => _hash.Value;

    /// <summary>Reads an object file.</summary>
    /// <param name="bytes">The file. Kept, not copied: it must not change.</param>
    /// <param name="name">
    /// Name of the object (<see cref="GetNameFromPath"/> makes libbpf's from a path); cut at 15 characters. Null for none.
    /// </param>
    /// <returns>The object.</returns>
    /// <exception cref="BpfObjectFormatException">The file is no BPF object, malformed, or uses what cannot be loaded.</exception>
    public static BpfObjectFile Parse(ReadOnlyMemory<byte> bytes, string? name = null)
    {
        string objectName = name is null ? string.Empty : name.Length > MaxKernelNameLength ? name[..MaxKernelNameLength] : name;
        return new(objectName, BpfObjectParser.Parse(bytes, objectName));
    }

    /// <summary>The name that libbpf gives the object in a file: the file's name up to the first dot, at most 15 characters.</summary>
    /// <param name="path">Path of a file.</param>
    /// <returns>The name.</returns>
    public static string GetNameFromPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string file = Path.GetFileName(path);
        if (file.Length > MaxKernelNameLength)
            file = file[..MaxKernelNameLength];
        int dot = file.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? file : file[..dot];
    }

    /// <summary>Finds a map by its name.</summary>
    /// <param name="name">Name, or for an internal map also the name of its section.</param>
    /// <returns>The map, or null.</returns>
    public BpfMapSpec? FindMap(string name)
    {
        foreach (BpfMapSpec map in Maps)
        {
            if (map.Name == name || (map.IsInternal && map.SectionName == name))
                return map;
        }

        return null;
    }

    /// <summary>Finds a program by its name.</summary>
    /// <param name="name">C name.</param>
    /// <returns>The program, or null.</returns>
    public BpfProgramSpec? FindProgram(string name)
    {
        foreach (BpfProgramSpec program in Programs)
        {
            if (program.Name == name)
                return program;
        }

        return null;
    }

    /// <summary>
    /// BTF completed for the kernel: sections with sizes, variables with offsets, externs replaced by what the kernel takes,
    /// hidden functions static. Types keep their ids. Not yet adapted to older kernels (<see cref="BtfSanitizer"/>).
    /// </summary>
    /// <returns>The BTF, or null if the object has none.</returns>
    /// <exception cref="BpfObjectFormatException">A variable has no symbol, or sizes contradict each other.</exception>
    public BtfData? GetLoadableBtf() => _loadableBtf.Value;

    /// <summary>Compares content.</summary>
    /// <param name="other">Another object.</param>
    /// <returns>True if both have the same bytes.</returns>
    public bool Equals(BpfObjectFile? other) => other is not null && ContentHash.Span.SequenceEqual(other.ContentHash.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BpfObjectFile);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(ContentHash.Span);

    /// <summary>For people.</summary>
    /// <returns>Name and counts.</returns>
    public override string ToString() => $"{Name}: {Programs.Count} programs, {Maps.Count} maps";
}
