namespace LibbpfSharp.Formats.Elf;

/// <summary>A segment (program header) of an executable or shared library: how file offsets become addresses.</summary>
/// <param name="Type">PT_*: 1 is LOAD.</param>
/// <param name="Flags">PF_*: 1 execute, 2 write, 4 read.</param>
/// <param name="FileOffset">Start in the file in bytes.</param>
/// <param name="VirtualAddress">Address of that start.</param>
/// <param name="FileSize">Size in the file in bytes.</param>
/// <param name="MemorySize">Size in memory in bytes.</param>
public readonly record struct ElfSegment(uint Type, uint Flags, ulong FileOffset, ulong VirtualAddress, ulong FileSize, ulong MemorySize)
{
    /// <summary>True if the segment is loaded (PT_LOAD).</summary>
    public bool IsLoad => Type == 1;

    /// <summary>True if the segment is executable.</summary>
    public bool IsExecutable => (Flags & 1) != 0;
}
