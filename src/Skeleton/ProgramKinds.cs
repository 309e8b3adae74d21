using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Skeleton;

/// <summary>The class that a program is seen as, by type (enum bpf_prog_type) and section: with the attach calls of its kind and no others.</summary>
internal static class ProgramKinds
{
    /// <summary>Finds the class.</summary>
    /// <param name="program">The program.</param>
    /// <returns>Its name; null for any program.</returns>
    public static string? Find(BpfProgramSpec program)
    {
        string section = program.SectionName.TrimStart('?').Split('/')[0];
        bool multi = section.Contains(".multi", StringComparison.Ordinal) || section.Contains(".session", StringComparison.Ordinal);
        return program.ProgramType switch
        {
            1 => "BpfSocketFilterProgram",
            2 when section.StartsWith('k') => multi ? "BpfKprobeMultiProgram" : "BpfKprobeProgram",
            2 when section.StartsWith("usdt", StringComparison.Ordinal) => "BpfUsdtProgram",
            2 when section.StartsWith('u') => multi ? "BpfUprobeMultiProgram" : "BpfUprobeProgram",
            3 or 4 => "BpfTcProgram",
            5 => "BpfTracepointProgram",
            6 => "BpfXdpProgram",
            7 => "BpfPerfEventProgram",
            8 or 9 or 13 or 15 or 18 or 23 or 25 => "BpfCgroupProgram",
            14 or 16 => "BpfSocketMapProgram",
            17 or 24 => "BpfRawTracepointProgram",
            21 => "BpfSkReusePortProgram",
            22 => "BpfFlowDissectorProgram",
            26 => section.StartsWith("iter", StringComparison.Ordinal) ? "BpfIteratorProgram" : "BpfTracingProgram",
            28 => "BpfExtensionProgram",
            29 => section.StartsWith("lsm_cgroup", StringComparison.Ordinal) ? "BpfLsmCgroupProgram" : "BpfLsmProgram",
            30 => "BpfSkLookupProgram",
            31 => "BpfSyscallProgram",
            32 => "BpfNetfilterProgram",
            _ => null,
        };
    }
}
