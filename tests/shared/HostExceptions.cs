using System.Text.Json;
using System.Text.RegularExpressions;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests;

/// <summary>
/// Features that a kernel refuses although a kernel of its version has them (tests/host-exceptions.json). A test may
/// be skipped for such a refusal only when it saw it, with the listed errno; a listed refusal that does not occur
/// any more fails, so that the list cannot outlive its reasons.
/// </summary>
internal static class HostExceptions
{
    private static readonly Lazy<IReadOnlyList<HostException>> s_entries = new(Read);

    private static string Release => TestKernels.Host.Facts.ReleaseText;

    /// <summary>All entries of the file.</summary>
    public static IReadOnlyList<HostException> Entries => s_entries.Value;

    /// <summary>
    /// To be called with what the kernel answered to a feature. Skips the test if exactly this refusal is listed for
    /// the running kernel; fails if another answer is listed, or if a refusal is not listed; returns when the feature
    /// works and nothing is listed.
    /// </summary>
    /// <param name="feature">The feature's name in the file.</param>
    /// <param name="result">0 or more for success, else -errno.</param>
    public static void Check(string feature, int result)
    {
        // The emulator has no excuses.
        HostException? listed = Find(Release, feature);
        string answer = result >= 0 ? "works" : $"gives {BpfErrnoText.Name((BpfErrno)(-result))}";
        if (listed is null)
        {
            if (result < 0)
                Assert.Fail($"'{feature}' {answer} on Linux {Release}, which tests/host-exceptions.json does not list.");
            return;
        }

        if (result >= 0 || -result != (int)listed.Errno)
            Assert.Fail($"'{feature}' {answer}, but tests/host-exceptions.json lists {listed.Errno} for {listed.Release}: remove or correct the entry.");
        Assert.Skip($"Linux {Release} refuses '{feature}' with {listed.Errno} (listed in tests/host-exceptions.json: {listed.Why}).");
    }

    /// <summary>Whether a feature is listed for the running kernel: for tests that use it only as a means and can do without.</summary>
    public static bool IsListed(string feature) => Find(Release, feature) is not null;

    /// <summary>The entry for a kernel and feature, or null.</summary>
    internal static HostException? Find(string release, string feature) =>
        Entries.FirstOrDefault(e => e.Feature == feature && Matches(e.Release, release));

    private static bool Matches(string pattern, string release) =>
        Regex.IsMatch(release, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.CultureInvariant);

    private static List<HostException> Read()
    {
        using Stream stream = typeof(HostExceptions).Assembly.GetManifestResourceStream("host-exceptions.json")
            ?? throw new InvalidOperationException("host-exceptions.json is not embedded in the test assembly.");
        using JsonDocument document = JsonDocument.Parse(stream);
        var entries = new List<HostException>();
        foreach (JsonElement entry in document.RootElement.GetProperty("exceptions").EnumerateArray())
        {
            string errno = entry.GetProperty("errno").GetString()!;
            if (!Enum.TryParse(errno, out BpfErrno number) || number == BpfErrno.None)
                throw new InvalidDataException($"tests/host-exceptions.json: '{errno}' is no errno name.");
            entries.Add(new HostException(
                entry.GetProperty("release").GetString()!,
                entry.GetProperty("feature").GetString()!,
                number,
                entry.GetProperty("why").GetString()!));
        }

        return entries;
    }
}
