namespace LibbpfSharp.Tests;

/// <summary>One entry of tests/host-exceptions.json.</summary>
/// <param name="Release">Kernel release, with * for any text.</param>
/// <param name="Feature">The feature's name, as the test that meets it says it.</param>
/// <param name="Errno">The refusal.</param>
/// <param name="Why">What is known of the cause.</param>
internal sealed record HostException(string Release, string Feature, BpfErrno Errno, string Why);
