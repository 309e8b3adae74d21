using System.Diagnostics;
using System.Globalization;

namespace LibbpfSharp.Benchmarks;

/// <summary>A program of benchmarks/c, built with the host's compiler and run beside this process.</summary>
internal sealed class CProgram : IDisposable
{
    private static int s_count;
    private readonly Process _process;
    private readonly string _path;

    /// <param name="name">Its source, without ".c".</param>
    /// <param name="arguments">Its arguments.</param>
    public CProgram(string name, IEnumerable<string> arguments)
    {
        _path = Path.Combine(Path.GetTempPath(), $"{name}_{Environment.ProcessId}_{s_count++}");
        string source = Path.Combine(Root, "benchmarks", "c", $"{name}.c");
        using (Process compiler = Start("gcc", ["-O2", "-o", _path, source, "-lbpf", "-lpthread"], redirect: false))
        {
            compiler.WaitForExit();
            if (compiler.ExitCode != 0)
                throw new InvalidOperationException($"gcc could not build benchmarks/c/{name}.c: install gcc and libbpf-dev.");
        }

        _process = Start(_path, arguments, redirect: true);
        if (_process.StandardOutput.ReadLine() != "ready")
            throw new InvalidOperationException($"{name} did not start.");
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
    public double Run(string command, long count) => Ask(command, count)[0] / count;

    /// <summary>The numbers that a command answers.</summary>
    public double[] Ask(string command, long count)
    {
        _process.StandardInput.WriteLine($"{command} {count}");
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The C program has ended.");
        return [.. line.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
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
