using LibbpfSharp.Interop;

namespace LibbpfSharp.Cli.Run;

/// <summary>What is to be run, and with what.</summary>
internal sealed class RunRequest
{
    public required string Path { get; init; }

    public required IReadOnlyList<string> Programs { get; init; }

    public required IBpfKernel Kernel { get; init; }

    public string? BtfPath { get; init; }

    public ReadOnlyMemory<byte> Data { get; init; }

    public ReadOnlyMemory<byte> Context { get; init; }

    public int Repeat { get; init; }

    public int? Cpu { get; init; }

    public bool DumpMaps { get; init; }
}
