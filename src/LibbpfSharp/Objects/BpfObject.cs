using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>
/// A loaded object: its maps, programs and global variables. Disposing of it closes them all; what is attached through
/// links stays attached until the links are disposed of, because a link keeps its program alive.
/// </summary>
public sealed partial class BpfObject : IDisposable, IProgramOwner
{
    private readonly IReadOnlyDictionary<string, BpfVariableSpec> _variables;
    private readonly Dictionary<int, BpfDataSection> _sectionsByMap = [];
    private readonly List<(BpfMapDefinition Definition, BpfMap Map)> _structOps = [];
    private readonly BpfObjectOpen _open;
    private int _disposed;

    internal BpfObject(BpfObjectOpen open, IBpfKernel kernel, BpfLoader loader, IReadOnlyList<(BpfMapDefinition Definition, BpfMap Map)> maps, IReadOnlyList<BpfProgram> programs)
    {
        _open = open;
        Name = open.Name;
        File = open.File;
        Kernel = kernel;
        Loader = loader;
        _variables = open.Variables;
        string owner = $"object '{Name}'";
        Maps = new("map", owner, maps.Select(entry => (entry.Map, entry.Definition.Name, entry.Definition.IsInternal ? entry.Definition.SectionName : null)));
        Programs = new("loaded program", owner, programs.Select(program => (program, program.Name, (string?)null)));
        foreach (BpfProgram program in programs)
            program.Owner = this;
        foreach ((BpfMapDefinition definition, BpfMap map) in maps)
        {
            if (definition.Spec.Kind == BpfMapSpecKind.StructOps)
                _structOps.Add((definition, map));
            if (definition.IsInternal && definition.Spec.Index >= 0)
                _sectionsByMap[definition.Spec.Index] = new BpfDataSection(this, definition.SectionName, map, definition.Spec.Kind is BpfMapSpecKind.ReadOnlyData or BpfMapSpecKind.Kconfig);
        }

        Sections = new("data section", owner, _sectionsByMap.Values.Select(section => (section, section.Name, (string?)null)));
    }

    /// <summary>Name of the object.</summary>
    public string Name { get; }

    /// <summary>The file it was loaded from.</summary>
    public BpfObjectFile File { get; }

    /// <summary>The kernel it was loaded into.</summary>
    public IBpfKernel Kernel { get; }

    /// <summary>True if it lives in this process, on the emulated kernel.</summary>
    public bool IsEmulated => Kernel.IsEmulated;

    /// <summary>What loaded it.</summary>
    public BpfLoader Loader { get; }

    /// <summary>The maps, data sections among them.</summary>
    public BpfNamedList<BpfMap> Maps { get; }

    /// <summary>The programs that were loaded.</summary>
    public BpfNamedList<BpfProgram> Programs { get; }

    /// <summary>The data sections, by name (".data", ".bss", ".rodata").</summary>
    public BpfNamedList<BpfDataSection> Sections { get; }

    /// <inheritdoc/>
    Formats.Btf.BtfData? IProgramOwner.Btf => File.Btf;

    /// <inheritdoc/>
    UsdtSpecIds IProgramOwner.UsdtSpecIds { get; } = new();

    /// <summary>Opens an object file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The object, to be changed and loaded.</returns>
    /// <exception cref="BpfObjectFormatException">It is no BPF object, or is malformed; the message names section and offset.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static BpfObjectOpen Open(string path, BpfObjectOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Open(System.IO.File.ReadAllBytes(path), options, BpfObjectFile.GetNameFromPath(path));
    }

    /// <summary>Opens an object that is in memory.</summary>
    /// <param name="bytes">The file's bytes, which must not change until the object is loaded.</param>
    /// <param name="options">How; null for the defaults. Without a name the object is called "object".</param>
    /// <returns>The object, to be changed and loaded.</returns>
    /// <exception cref="BpfObjectFormatException">It is no BPF object, or is malformed; the message names section and offset.</exception>
    public static BpfObjectOpen Open(ReadOnlyMemory<byte> bytes, BpfObjectOptions? options = null) => Open(bytes, options, "object");

    /// <summary>Opens and loads an object file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The loaded object, owned by the caller.</returns>
    /// <exception cref="BpfObjectFormatException">It is no BPF object, or is malformed; the message names section and offset.</exception>
    /// <exception cref="BpfVerifierException">The verifier refused a program.</exception>
    /// <exception cref="BpfException">The kernel or libbpf refused something else.</exception>
    public static BpfObject OpenAndLoad(string path, BpfObjectOptions? options = null)
    {
        using BpfObjectOpen open = Open(path, options);
        return open.Load();
    }

    /// <summary>A global variable, as the memory that programs see.</summary>
    /// <typeparam name="T">Its type; the size must be the variable's.</typeparam>
    /// <param name="name">Its C name.</param>
    /// <returns>A reference that is good until the object is disposed of, which must outlive every use.</returns>
    /// <exception cref="KeyNotFoundException">There is no such variable.</exception>
    /// <exception cref="ArgumentException">Its size is another.</exception>
    /// <exception cref="InvalidOperationException">It is a constant: read it with <see cref="GetGlobal{T}"/>.</exception>
    public ref T Global<T>(string name)
        where T : unmanaged
    {
        (BpfDataSection section, BpfVariableSpec variable) = Find(name);
        GlobalErrors.RequireSize<T>(name, (int)variable.Size);
        return ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(section.Bytes.Slice((int)variable.Offset, (int)variable.Size)));
    }

    /// <summary>A global variable or constant to be read, as the memory that programs see.</summary>
    /// <typeparam name="T">Its type; the size must be the variable's.</typeparam>
    /// <param name="name">Its C name.</param>
    /// <returns>A reference that is good until the object is disposed of, which must outlive every use.</returns>
    /// <exception cref="KeyNotFoundException">There is no such variable.</exception>
    /// <exception cref="ArgumentException">Its size is another.</exception>
    public ref readonly T ReadOnlyGlobal<T>(string name)
        where T : unmanaged
    {
        (BpfDataSection section, BpfVariableSpec variable) = Find(name);
        GlobalErrors.RequireSize<T>(name, (int)variable.Size);
        return ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(section.ReadOnlyBytes.Slice((int)variable.Offset, (int)variable.Size)));
    }

    /// <summary>Reads a global variable or constant.</summary>
    /// <typeparam name="T">Its type; the size must be the variable's.</typeparam>
    /// <param name="name">Its C name.</param>
    /// <returns>The value of this moment.</returns>
    /// <exception cref="KeyNotFoundException">There is no such variable.</exception>
    /// <exception cref="ArgumentException">Its size is another.</exception>
    public T GetGlobal<T>(string name)
        where T : unmanaged
    {
        (BpfDataSection section, BpfVariableSpec variable) = Find(name);
        GlobalErrors.RequireSize<T>(name, (int)variable.Size);
        return section.Read<T>((int)variable.Offset);
    }

    /// <summary>Writes a global variable.</summary>
    /// <typeparam name="T">Its type; the size must be the variable's.</typeparam>
    /// <param name="name">Its C name.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="KeyNotFoundException">There is no such variable.</exception>
    /// <exception cref="ArgumentException">Its size is another.</exception>
    /// <exception cref="InvalidOperationException">It is a constant.</exception>
    public void SetGlobal<T>(string name, T value)
        where T : unmanaged
    {
        (BpfDataSection section, BpfVariableSpec variable) = Find(name);
        GlobalErrors.RequireSize<T>(name, (int)variable.Size);
        section.Write((int)variable.Offset, in value);
    }

    /// <summary>
    /// Attaches every program whose section name says where, and every struct_ops variable; the others are left to their
    /// own attach calls. If one fails, those attached before are detached again.
    /// </summary>
    /// <returns>The links, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused one.</exception>
    public IReadOnlyList<BpfLink> Attach()
    {
        var links = new List<BpfLink>();
        try
        {
            foreach (BpfProgram program in Programs)
            {
                if (program.CanAttachBySection && _open.Programs[program.Name].AutoAttach)
                    links.Add(program.Attach());
            }

            foreach ((BpfMapDefinition definition, _) in _structOps)
            {
                if (definition.AutoAttach)
                    links.Add(AttachStructOps(definition.Name));
            }

            return links;
        }
        catch
        {
            foreach (BpfLink link in links)
                link.Dispose();
            throw;
        }
    }

    /// <summary>Registers a struct_ops variable with the kernel: its callbacks are called from now on.</summary>
    /// <param name="name">Name of the variable, which is the map's.</param>
    /// <returns>The link (6.4, SEC(".struct_ops.link")), or an attachment without one; owned by the caller, Dispose unregisters.</returns>
    /// <exception cref="KeyNotFoundException">There is no such struct_ops variable.</exception>
    /// <exception cref="BpfException">The kernel refused, for instance because a table of that name is registered (EEXIST) or a callback it demands is missing (EINVAL).</exception>
    public BpfLink AttachStructOps(string name)
    {
        (BpfMap map, byte[] value) = FindStructOps(name);
        return StructOpsAttach.Attach(map, value);
    }

    /// <summary>
    /// Puts a struct_ops variable of this object in the place of the one that a link has registered, without a moment in
    /// which none is (6.4). The kernel's subsystem must allow it: TCP wants a congestion control of the same name.
    /// </summary>
    /// <param name="link">The link, of this or of another object.</param>
    /// <param name="name">Name of the variable, which is the map's.</param>
    /// <param name="expected">If given, replace only while this map is the one registered.</param>
    /// <exception cref="KeyNotFoundException">There is no such struct_ops variable.</exception>
    /// <exception cref="BpfException">The kernel refused: EPERM if another map is registered than expected, EINVAL if the variable is not made for links.</exception>
    public void UpdateStructOps(BpfLink link, string name, BpfMap? expected = null)
    {
        ArgumentNullException.ThrowIfNull(link);
        (BpfMap map, byte[] value) = FindStructOps(name);
        StructOpsAttach.Update(link, map, value, expected);
    }

    private (BpfMap Map, byte[] Value) FindStructOps(string name)
    {
        foreach ((BpfMapDefinition definition, BpfMap map) in _structOps)
        {
            if (definition.Name == name)
                return (map, StructOpsMaps.Value(File, definition, Kernel, program => Programs.TryGet(program, out BpfProgram? loaded) ? loaded.FileDescriptor : 0));
        }

        throw new KeyNotFoundException($"object '{Name}' has no struct_ops variable '{name}' that was created.");
    }

    /// <summary>Closes programs and maps, and unmaps global variables.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        foreach (BpfDataSection section in Sections)
            section.Unmap();
        foreach (BpfProgram program in Programs)
            program.Dispose();
        foreach (BpfMap map in Maps)
            map.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"object '{Name}' on {Kernel.Name}";

    /// <inheritdoc/>
    BpfMap? IProgramOwner.FindMap(string name) => Maps.TryGet(name, out BpfMap? map) ? map : null;

    private static BpfObjectOpen Open(ReadOnlyMemory<byte> bytes, BpfObjectOptions? options, string defaultName)
    {
        options ??= new BpfObjectOptions();
        string name = options.Name ?? defaultName;
        return new BpfObjectOpen(BpfObjectFile.Parse(bytes, name), bytes, name, options);
    }

    /// <summary>Whether <see cref="Attach"/> takes the program.</summary>
    internal bool IsAutoAttached(BpfProgram program) => _open.Programs[program.Name].AutoAttach;

    /// <summary>The struct_ops variables that were created.</summary>
    internal IEnumerable<(string Name, bool AutoAttach)> StructOps => _structOps.Select(entry => (entry.Definition.Name, entry.Definition.AutoAttach));

    internal (BpfDataSection Section, BpfVariableSpec Variable) Find(string name)
    {
        BpfVariableSpec variable = GlobalErrors.Find(_variables, name, Name);
        return _sectionsByMap.TryGetValue(variable.Map.Index, out BpfDataSection? section)
            ? (section, variable)
            : throw new InvalidOperationException($"The section '{variable.SectionName}' of global variable '{name}' was not created.");
    }
}
