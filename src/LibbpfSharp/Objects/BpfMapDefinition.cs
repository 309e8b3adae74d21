using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Maps;
using MapSpec = LibbpfSharp.Formats.Objects.BpfMapSpec;

namespace LibbpfSharp;

/// <summary>A map of an object that has not been loaded: data that can be changed.</summary>
public sealed partial class BpfMapDefinition
{
    private readonly BpfObjectOpen _owner;
    private byte[]? _data;
    private BpfMap? _reuse;
    private string? _pinPath;
    private uint _type;
    private uint _keySize;
    private uint _valueSize;
    private uint _maxEntries;
    private uint _flags;
    private ulong _extra;
    private uint _numaNode;
    private bool _autoCreate;
    private bool _autoAttach = true;

    internal BpfMapDefinition(BpfObjectOpen owner, MapSpec spec)
    {
        _owner = owner;
        Spec = spec;
        _type = spec.Type;
        _keySize = spec.KeySize;
        _valueSize = spec.ValueSize;
        _maxEntries = spec.MaxEntries;
        _flags = spec.Flags;
        _extra = spec.MapExtra;
        _numaNode = spec.NumaNode;
        _autoCreate = spec.AutoCreate;
    }

    /// <summary>Name: the C name, or for a data section the kernel's name of its map.</summary>
    public string Name => Spec.Name;

    /// <summary>Name of the section, such as ".maps" or ".rodata".</summary>
    public string SectionName => Spec.SectionName;

    /// <summary>True for the map of a data section, which the programmer did not define as a map.</summary>
    public bool IsInternal => Spec.IsInternal;

    /// <summary>Kind of map.</summary>
    public BpfMapType Type
    {
        get => (BpfMapType)_type;
        set => Set(ref _type, (uint)value);
    }

    /// <summary>Bytes of a key.</summary>
    public uint KeySize
    {
        get => _keySize;
        set => Set(ref _keySize, value);
    }

    /// <summary>Bytes of a value. A data section may only grow: the new bytes are zero.</summary>
    public uint ValueSize
    {
        get => _valueSize;
        set
        {
            _owner.RequireEditable();
            if (IsInternal)
            {
                if (value < Spec.ValueSize)
                    throw new ArgumentOutOfRangeException(nameof(value), $"Section '{SectionName}' has variables in its {Spec.ValueSize} bytes; it can only grow.");
                byte[] data = Data;
                Array.Resize(ref data, checked((int)value));
                _data = data;
            }

            _valueSize = value;
        }
    }

    /// <summary>Capacity in elements; bytes for ring buffers, which are rounded up to pages times a power of two.</summary>
    public uint MaxEntries
    {
        get => _maxEntries;
        set => Set(ref _maxEntries, value);
    }

    /// <summary>Flags.</summary>
    public BpfMapFlags Flags
    {
        get => (BpfMapFlags)_flags;
        set => Set(ref _flags, (uint)value);
    }

    /// <summary>Depends on the kind: number of hash functions of a bloom filter, address of an arena.</summary>
    public ulong Extra
    {
        get => _extra;
        set => Set(ref _extra, value);
    }

    /// <summary>NUMA node to allocate on, if <see cref="Flags"/> have <see cref="BpfMapFlags.NumaNode"/>.</summary>
    public uint NumaNode
    {
        get => _numaNode;
        set => Set(ref _numaNode, value);
    }

    /// <summary>False leaves the map out; programs that use it do not load.</summary>
    public bool AutoCreate
    {
        get => _autoCreate;
        set => Set(ref _autoCreate, value);
    }

    /// <summary>For a struct_ops variable: false leaves it out when all of the object is attached.</summary>
    public bool AutoAttach
    {
        get => _autoAttach;
        set => Set(ref _autoAttach, value);
    }

    /// <summary>
    /// Where the map is pinned when it is loaded, or reused from if a map is pinned there that fits. Maps that are
    /// defined as pinned by name have a path already. Null for none.
    /// </summary>
    public string? PinPath
    {
        get => _pinPath ?? (Spec.PinByName && !IsPinPathCleared ? _owner.DefaultPinPath(Name) : null);
        set
        {
            _owner.RequireEditable();
            _pinPath = value;
            IsPinPathCleared = value is null;
        }
    }

    /// <summary>An existing map that is used in this one's place; it stays its owner's. Null for none.</summary>
    /// <exception cref="BpfException">The map's type, sizes or capacity differ.</exception>
    public BpfMap? ReuseMap
    {
        get => _reuse;
        set
        {
            _owner.RequireEditable();
            _reuse = value;
        }
    }

    /// <summary>For a data section or a struct_ops variable its initial bytes, to be changed in place.</summary>
    /// <exception cref="InvalidOperationException">The map is neither.</exception>
    public Span<byte> InitialData
    {
        get
        {
            _owner.RequireEditable();
            return IsInternal || Spec.Kind == BpfMapSpecKind.StructOps ? Data : throw new InvalidOperationException($"Map '{Name}' is no data section.");
        }
    }

    internal MapSpec Spec { get; }

    internal bool IsPinPathCleared { get; private set; }

    internal bool IsPinPathChanged => IsPinPathCleared || _pinPath is not null;

    internal bool HasInitialData => _data is not null;

    internal byte[] Data
    {
        get
        {
            if (_data is null)
            {
                _data = new byte[Spec.ValueSize];
                ReadOnlySpan<byte> initial = Spec.InitialData.Span;
                initial[..Math.Min(initial.Length, _data.Length)].CopyTo(_data);
            }

            return _data;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type} map '{Name}'";

    private void Set<T>(ref T field, T value)
    {
        _owner.RequireEditable();
        field = value;
    }
}
