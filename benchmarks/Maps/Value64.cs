using System.Runtime.CompilerServices;

namespace LibbpfSharp.Benchmarks.Maps;

/// <summary>64 bytes.</summary>
[InlineArray(8)]
internal struct Value64
{
    private ulong _first;
}
