using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Tests.Maps;

/// <summary>3 bytes.</summary>
[InlineArray(3)]
public struct Bytes3
{
    private byte _first;
}

/// <summary>5 bytes.</summary>
[InlineArray(5)]
public struct Bytes5
{
    private byte _first;
}

/// <summary>12 bytes.</summary>
[InlineArray(12)]
public struct Bytes12
{
    private byte _first;
}

/// <summary>64 bytes.</summary>
[InlineArray(8)]
public struct Words8
{
    private ulong _first;
}

/// <summary>3 bytes of padding after the first field.</summary>
public struct PaddedKey
{
    public byte Kind;
    public uint Number;
}

/// <summary>The same with the padding as fields.</summary>
public struct ExplicitKey
{
    public byte Kind;
    public Bytes3 Padding;
    public uint Number;
}

/// <summary>Padding within a nested struct only.</summary>
public struct NestedPaddedKey
{
    public ulong Id;
    public PaddedKey Inner;
}

/// <summary>Without padding.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct PackedKey
{
    public byte Kind;
    public uint Number;
}

/// <summary>Overlapping fields, a gap at bytes 6 and 7.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct UnionKey
{
    [FieldOffset(0)]
    public uint Address;

    [FieldOffset(0)]
    public ushort Low;

    [FieldOffset(4)]
    public ushort Port;
}

/// <summary>A C buffer, a pointer, an enum, a bool.</summary>
public unsafe struct MixedKey
{
    public fixed byte Text[7];
    public bool Flag;
    public DayOfWeek Day;
    public uint Fill;
    public void* Pointer;
}
