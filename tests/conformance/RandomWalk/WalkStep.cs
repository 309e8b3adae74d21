using System.Globalization;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Conformance.RandomWalk;

/// <summary>The operations of a walk.</summary>
internal enum WalkOperation
{
    Create,
    Update,
    Lookup,
    Delete,
    NextKey,
    LookupAndDelete,
    UpdateBatch,
    DeleteBatch,
    LookupBatch,
    LookupAndDeleteBatch,
    Walk,
    Freeze,
    Info,
    Reopen,
}

/// <summary>What a pointer argument is.</summary>
internal enum WalkPointer
{
    Good,
    Null,
    Bad,
}

/// <summary>One operation with all its arguments; nothing in it depends on a kernel's answers.</summary>
internal sealed record WalkStep(WalkOperation Operation)
{
    /// <summary>Index of the handle used; -1 is a closed descriptor, -2 an open file that is no map.</summary>
    public int Map { get; init; }

    public WalkMapSpec? Spec { get; init; }

    /// <summary>Index of the handle that Reopen makes.</summary>
    public int NewMap { get; init; }

    public byte[][] Keys { get; init; } = [];

    /// <summary>Values; for maps that hold descriptors, indexes of handles (as 4 bytes).</summary>
    public byte[][] Values { get; init; } = [];

    public WalkPointer KeyPointer { get; init; }

    public WalkPointer ValuePointer { get; init; }

    public WalkPointer OutPointer { get; init; }

    public byte[]? Cursor { get; init; }

    public int Count { get; init; }

    public ulong Flags { get; init; }

    public ulong ElementFlags { get; init; }

    public override string ToString()
    {
        string keys = Keys.Length == 0 ? "" : $" keys {string.Join(',', Keys.Select(Convert.ToHexStringLower))}";
        string values = Values.Length == 0 ? "" : $" values {string.Join(',', Values.Select(Convert.ToHexStringLower))}";
        string pointers = (KeyPointer, ValuePointer, OutPointer) is (WalkPointer.Good, WalkPointer.Good, WalkPointer.Good) ? "" : $" pointers {KeyPointer}/{ValuePointer}/{OutPointer}";
        string cursor = Cursor is null ? "" : $" from {Convert.ToHexStringLower(Cursor)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Operation} #{Map}{(Operation == WalkOperation.Reopen ? $" as #{NewMap}" : "")}{(Spec is null ? "" : " " + Spec)}{keys}{values}{pointers}{cursor} count {Count} flags {Flags:x} {ElementFlags:x}");
    }
}

/// <summary>Attributes of BPF_MAP_CREATE.</summary>
internal sealed record WalkMapSpec(BpfMapType Type, uint KeySize, uint ValueSize, uint MaxEntries, uint Flags)
{
    /// <summary>Index of the inner map's handle; below 0 as in <see cref="WalkStep.Map"/>.</summary>
    public int Inner { get; init; } = -1;

    public int NumaNode { get; init; }

    public ulong Extra { get; init; }

    public string Name { get; init; } = "";

    public bool IsPerCpu => Type is BpfMapType.PerCpuHash or BpfMapType.PerCpuArray or BpfMapType.LruPerCpuHash or BpfMapType.PerCpuCgroupStorage;

    public bool IsLru => Type is BpfMapType.LruHash or BpfMapType.LruPerCpuHash;

    /// <summary>Order of keys follows a random seed.</summary>
    public bool IsHash => IsLru || Type is BpfMapType.Hash or BpfMapType.PerCpuHash or BpfMapType.HashOfMaps;

    public bool IsMapOfMaps => Type is BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps;

    public bool HoldsDescriptors => IsMapOfMaps || Type is BpfMapType.ProgArray;

    /// <summary>An LRU so small that what it holds depends on how it evicts.</summary>
    public bool Evicts => IsLru && MaxEntries < 512;

    public int ValueBytes => IsPerCpu ? (int)((ValueSize + 7) / 8 * 8 * 2) : (int)ValueSize;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Type} key {KeySize} value {ValueSize} entries {MaxEntries} flags {Flags:x} inner {Inner} numa {NumaNode} extra {Extra:x} name '{Name}'");
}
