using System.Reflection;
using System.Text.RegularExpressions;
using LibbpfSharp.Skeleton.Tasks.Diagnostics;

namespace LibbpfSharp.Tests.Unit.SkeletonTasks;

public sealed class BuildDiagnosticsTests
{
    [Fact]
    public void Every_id_is_documented_once()
    {
        string[] ids = [.. typeof(BuildDiagnostics).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)];
        Assert.True(ids.Length >= 12);
        Assert.Distinct(ids);
        string[] documented = [.. Regex.Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "diagnostics.md")), "^## (BPF2[0-9]{3}|BPFC[0-9]{4}):", RegexOptions.Multiline).Select(m => m.Groups[1].Value)];
        Assert.Equal(ids.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }
}
