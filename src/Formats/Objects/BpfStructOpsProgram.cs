namespace LibbpfSharp.Formats.Objects;

/// <summary>A callback of a struct_ops variable that is a program of the object.</summary>
/// <param name="Member">Name of the member.</param>
/// <param name="MemberIndex">Index of the member in the struct.</param>
/// <param name="Offset">Offset of the member in bytes.</param>
/// <param name="Program">The program.</param>
public sealed record BpfStructOpsProgram(string Member, int MemberIndex, int Offset, BpfProgramSpec Program);
