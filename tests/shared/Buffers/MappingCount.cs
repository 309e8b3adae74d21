namespace LibbpfSharp.Tests;

/// <summary>Mappings of BPF maps and perf events in this process.</summary>
internal static class MappingCount
{
    /// <summary>How many there are; 0 where there is no /proc.</summary>
    public static int Open() => File.Exists("/proc/self/maps")
        ? File.ReadLines("/proc/self/maps").Count(line => line.Contains("anon_inode:bpf", StringComparison.Ordinal) || line.Contains("anon_inode:[perf_event]", StringComparison.Ordinal))
        : 0;
}
