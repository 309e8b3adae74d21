using System.Diagnostics;
using System.Globalization;

namespace LibbpfSharp.Benchmarks.Maps;

/// <summary>benchmarks/c/maps_bench.c, built with the host's compiler and run beside this process.</summary>
internal sealed class CProgram : IDisposable
{
    private readonly Process _process;
    private readonly string _path;

    /// <param name="mapIds">The maps to work on.</param>
    /// <param name="idleThread">Whether the process has a second thread.</param>
    public CProgram(IReadOnlyList<uint> mapIds, bool idleThread)
    {
        _path = Path.Combine(Path.GetTempPath(), $"maps_bench_{Environment.ProcessId}_{(idleThread ? 2 : 1)}");
        string source = Path.Combine(Root, "benchmarks", "c", "maps_bench.c");
        using (Process compiler = Start("gcc", ["-O2", "-o", _path, source, "-lbpf", "-lpthread"], redirect: false))
        {
            compiler.WaitForExit();
            if (compiler.ExitCode != 0)
                throw new InvalidOperationException("gcc could not build benchmarks/c/maps_bench.c: install gcc and libbpf-dev.");
        }

        _process = Start(_path, [.. mapIds.Select(id => id.ToString(CultureInfo.InvariantCulture)), .. idleThread ? (string[])["idle-thread"] : []], redirect: true);
        if (_process.StandardOutput.ReadLine() != "ready")
            throw new InvalidOperationException("The C program did not start.");
    }

    /// <summary>Top of the repository.</summary>
    public static string Root
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "LibbpfSharp.sln")))
                folder = Path.GetDirectoryName(folder);
            return folder ?? throw new InvalidOperationException("Run this from within the repository.");
        }
    }

    /// <summary>Nanoseconds for one operation.</summary>
    public double Run(string command, long count)
    {
        _process.StandardInput.WriteLine($"{command} {count}");
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The C program has ended.");
        return double.Parse(line, CultureInfo.InvariantCulture) / count;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(_path);
    }

    private static Process Start(string file, IEnumerable<string> arguments, bool redirect)
    {
        var info = new ProcessStartInfo(file) { RedirectStandardInput = redirect, RedirectStandardOutput = redirect };
        foreach (string argument in arguments)
            info.ArgumentList.Add(argument);
        return Process.Start(info)!;
    }
}
