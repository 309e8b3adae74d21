namespace LibbpfSharp.Emulator;

/// <summary>A map value that code addresses directly (BPF_PSEUDO_MAP_VALUE): global data.</summary>
internal readonly unsafe struct DirectValue(EmulatedMap map, byte* native, uint length, bool isWritable)
{
    public EmulatedMap Map { get; } = map;

    public byte* Native { get; } = native;

    public uint Length { get; } = length;

    public bool IsWritable { get; } = isWritable;
}
