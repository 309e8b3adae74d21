namespace LibbpfSharp.Tests.Conformance.RandomPrograms;

/// <summary>What a generated program contains.</summary>
[Flags]
internal enum ProgramFeatures
{
    None = 0,
    Loops = 1,
    Subprograms = 2,
    Maps = 4,
    Helpers = 8,
    Atomics = 16,
    Callbacks = 32,
    Packet = 64,
}
