using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>
/// An object before load: maps, programs and global variables as data that can be changed. <see cref="Load"/> gives the
/// loaded object, and ends the editing.
/// </summary>
public sealed class BpfObjectOpen : IDisposable
{
    private readonly Dictionary<string, BpfVariableSpec> _variables = new(StringComparer.Ordinal);
    private bool _isConsumed;

    internal BpfObjectOpen(BpfObjectFile file, ReadOnlyMemory<byte> bytes, string name, BpfObjectOptions options)
    {
        File = file;
        Bytes = bytes;
        Name = name;
        Options = options;
        Maps = new("map", $"object '{name}'", file.Maps.Select(spec => (new BpfMapDefinition(this, spec), spec.Name, spec.IsInternal ? spec.SectionName : null)));
        Programs = new("program", $"object '{name}'", file.Programs.Select(spec => (new BpfProgramDefinition(this, spec), spec.Name, (string?)null)));
        foreach (BpfVariableSpec variable in file.Variables)
        {
            // A name that several static variables share means the global one, or the first.
            if (!_variables.TryAdd(variable.Name, variable) && _variables[variable.Name].IsStatic && !variable.IsStatic)
                _variables[variable.Name] = variable;
        }
    }

    /// <summary>Name of the object.</summary>
    public string Name { get; }

    /// <summary>The file's content.</summary>
    public BpfObjectFile File { get; }

    /// <summary>How it was opened.</summary>
    public BpfObjectOptions Options { get; }

    /// <summary>The maps, data sections among them.</summary>
    public BpfNamedList<BpfMapDefinition> Maps { get; }

    /// <summary>The programs.</summary>
    public BpfNamedList<BpfProgramDefinition> Programs { get; }

    internal ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>A global variable's initial value, to be read or changed in place.</summary>
    /// <typeparam name="T">Its type; the size must be the variable's.</typeparam>
    /// <param name="name">Its C name.</param>
    /// <returns>A reference that is good until the object is loaded.</returns>
    /// <exception cref="KeyNotFoundException">There is no such variable.</exception>
    /// <exception cref="ArgumentException">Its size is another.</exception>
    public ref T Global<T>(string name)
        where T : unmanaged
    {
        Span<byte> bytes = GlobalBytes(name);
        GlobalErrors.RequireSize<T>(name, bytes.Length);
        return ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(bytes));
    }

    /// <summary>Sets a global variable's initial value.</summary>
    /// <typeparam name="T">Its type; the size must be the variable's.</typeparam>
    /// <param name="name">Its C name.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="KeyNotFoundException">There is no such variable.</exception>
    /// <exception cref="ArgumentException">Its size is another.</exception>
    public void SetGlobal<T>(string name, T value)
        where T : unmanaged
    {
        Span<byte> bytes = GlobalBytes(name);
        GlobalErrors.RequireSize<T>(name, bytes.Length);
        MemoryMarshal.Write(bytes, in value);
    }

    /// <summary>A global variable's initial bytes, to be changed in place.</summary>
    /// <param name="name">Its C name.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="KeyNotFoundException">There is no such variable.</exception>
    public Span<byte> GlobalBytes(string name)
    {
        RequireEditable();
        BpfVariableSpec variable = GlobalErrors.Find(_variables, name, Name);
        if (variable.Map.Kind == BpfMapSpecKind.Kconfig)
            throw new InvalidOperationException($"'{name}' is a value of the kernel's configuration: set it with {nameof(BpfObjectOptions)}.{nameof(BpfObjectOptions.Kconfig)}.");
        return Maps[variable.Map.Index].InitialData.Slice(checked((int)variable.Offset), checked((int)variable.Size));
    }

    /// <summary>Loads maps and programs into the kernel.</summary>
    /// <returns>The loaded object, owned by the caller.</returns>
    /// <exception cref="BpfVerifierException">The verifier refused a program.</exception>
    /// <exception cref="BpfUnsupportedFeatureException">The kernel is older than a type of map or program in the object.</exception>
    /// <exception cref="BpfException">The kernel or libbpf refused something else.</exception>
    public BpfObject Load()
    {
        RequireEditable();
        IBpfKernel kernel = Options.Kernel ?? BpfKernel.Default;
        ObjectLoader loader = LoaderChooser.Choose(this, kernel);
        try
        {
            BpfObject loaded = loader.Load(this, kernel);
            _isConsumed = true;
            return loaded;
        }
        catch (BpfException e) when (LoadErrors.Explain(e, this, kernel, loader.Kind) is { } better)
        {
            throw better;
        }
    }

    /// <summary>Ends the editing. Nothing of the kernel's is held before load.</summary>
    public void Dispose() => _isConsumed = true;

    /// <inheritdoc/>
    public override string ToString() => $"object '{Name}'";

    /// <summary>Whether a program is loaded: it is wanted, and is not a callback only of struct_ops variables that are left out.</summary>
    internal bool IsLoaded(BpfProgramDefinition program)
    {
        if (!program.AutoLoad || program.Type != BpfProgramType.StructOps)
            return program.AutoLoad;
        bool used = false;
        foreach (BpfMapDefinition map in Maps)
        {
            if (map.Spec.Kind != BpfMapSpecKind.StructOps || !map.StructOpsPrograms.Any(callback => ReferenceEquals(callback.Program, program)))
                continue;
            if (map.AutoCreate)
                return true;
            used = true;
        }

        return !used; // a callback of none is refused with advice
    }

    /// <summary>Which callback a struct_ops program is; null for none.</summary>
    internal string? StructOpsMemberOf(BpfProgramDefinition program)
    {
        foreach (BpfMapDefinition map in Maps)
        {
            if (map.Spec.Kind != BpfMapSpecKind.StructOps)
                continue;
            foreach ((string member, BpfProgramDefinition callback) in map.StructOpsPrograms)
            {
                if (ReferenceEquals(callback, program))
                    return member;
            }
        }

        return null;
    }

    internal void RequireEditable() => ObjectDisposedException.ThrowIf(_isConsumed, this);

    internal IReadOnlyDictionary<string, BpfVariableSpec> Variables => _variables;

    internal string DefaultPinPath(string map) => $"{Options.PinRoot ?? (Options.Kernel ?? BpfKernel.Default).Facts.FindMount("bpf") ?? "/sys/fs/bpf"}/{map}";
}
