namespace LibbpfSharp.Formats.Objects;

/// <summary>A slot that the definition of a map of maps or program array fills: exactly one of map and program is there.</summary>
/// <param name="Index">Key of the slot.</param>
/// <param name="Map">The inner map.</param>
/// <param name="Program">The program.</param>
public sealed record BpfMapSlot(uint Index, BpfMapSpec? Map, BpfProgramSpec? Program);
