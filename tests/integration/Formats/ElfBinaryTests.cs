using System.Diagnostics;
using System.Globalization;
using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Binaries;

namespace LibbpfSharp.Tests.Integration.Formats;

/// <summary>Reads libraries of this host and compares with binutils.</summary>
public sealed class ElfBinaryTests
{
    private static readonly string s_libc = Loaded("libc.so.6");

    // Debian builds the C library without probes; the C++ library has some, and .NET needs it.
    private static readonly string s_libstdcxx = Loaded("libstdc++.so.6");

    [Fact]
    public void Functions_are_those_of_nm()
    {
        ElfBinary binary = ElfBinary.Parse(File.ReadAllBytes(s_libc));
        var ours = binary.Functions().ToLookup(f => f.Name);
        int compared = 0;
        foreach (string line in Run("nm", "-D", "--defined-only", s_libc).Split('\n'))
        {
            // "00000000000f1230 T getppid@@GLIBC_2.2.5"
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 3 || parts[1] is not ("T" or "W" or "t" or "w" or "i"))
                continue;
            string name = parts[2].Split('@')[0];
            ulong address = ulong.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Assert.Contains(ours[name], f => f.Address == address);
            if (parts[2].Contains('@', StringComparison.Ordinal))
                Assert.Contains(ours[name], f => f.Address == address && f.Matches(parts[2]));
            compared++;
        }

        Assert.True(compared > 1000, $"only {compared} functions compared");
        Assert.True(binary.TryFindFunction("getppid", out ulong offset));
        Assert.True(offset > 0);
        Assert.False(binary.TryFindFunction("no_such_function", out _));
    }

    [Fact]
    public void Probes_are_those_of_readelf()
    {
        ElfBinary binary = ElfBinary.Parse(File.ReadAllBytes(s_libstdcxx));
        string[] expected = [.. Run("readelf", "-n", "-W", s_libstdcxx).Split('\n').Where(l => l.Contains("Name:", StringComparison.Ordinal)).Select(l => l.Split(':')[1].Trim())];
        IReadOnlyList<UsdtProbe> probes = binary.ReadUsdtProbes();
        Assert.NotEmpty(probes);
        Assert.Equal(expected, probes.Select(p => p.Name));
        Assert.All(probes, p => Assert.Equal("libstdcxx", p.Provider));
        Assert.All(probes, p => Assert.True(p.FileOffset > 0));
        Assert.Contains(probes, p => p.ParseArguments(binary.Machine).Count > 0);
    }

    [Fact]
    public void Damaged_files_are_refused_or_read_without_harm()
    {
        byte[] whole = File.ReadAllBytes("/bin/true");
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = whole[..random.Next(whole.Length)].ToArray();
            for (int flips = random.Next(8); flips > 0 && damaged.Length > 0; flips--)
                damaged[random.Next(Math.Min(damaged.Length, random.Next(2) == 0 ? 64 : damaged.Length))] = (byte)random.Next(256);
            try
            {
                ElfBinary binary = ElfBinary.Parse(damaged);
                binary.Functions().Count();
                binary.ReadUsdtProbes();
            }
            catch (BpfObjectFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 500, 2000);
    }

    private static string Loaded(string library) =>
        File.ReadLines("/proc/self/maps").Select(l => l.Split(' ')[^1]).First(p => p.Contains($"/{library}", StringComparison.Ordinal));

    private static string Run(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
