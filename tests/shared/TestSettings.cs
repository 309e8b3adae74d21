using System.Globalization;

namespace LibbpfSharp.Tests;

/// <summary>What the environment asks of a test run.</summary>
internal static class TestSettings
{
    /// <summary>CI's counts (LIBBPFSHARP_CI=1) rather than those of a developer's quick run.</summary>
    public static bool Ci { get; } = IsSet("LIBBPFSHARP_CI");

    /// <summary>LIBBPFSHARP_REQUIRE_KERNEL=1: what would be skipped for want of privilege, libbpf or bpf(2) fails.</summary>
    public static bool RequireKernel { get; } = IsSet("LIBBPFSHARP_REQUIRE_KERNEL");

    /// <summary>LIBBPFSHARP_TEST_DENY_HOST=1: the process behaves as on a host that is not Linux.</summary>
    public static bool DenyHost { get; } = IsSet("LIBBPFSHARP_TEST_DENY_HOST");

    /// <summary>A count: from its own environment variable, else CI's or the quick one.</summary>
    public static int Count(string variable, int quick, int ci)
    {
        string? text = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(text))
            return Ci ? ci : quick;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : throw new InvalidOperationException($"{variable}={text}: a positive number is expected.");
    }

    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is "1" or "true";
}
