using System.Diagnostics;
using System.Globalization;
using System.Text;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;
using LibbpfSharp.Skeleton;

namespace LibbpfSharp.Benchmarks.Skeleton;

/// <summary>
/// Generates, and compiles, classes of the sample's object, of each object in a folder with all its types, and of an object with the whole
/// kernel's types; writes the table that benchmarks/results/skeleton.md holds.
/// </summary>
internal static class SkeletonBenchmark
{
    private static readonly string[] s_all = ["*"];

    /// <summary><c>skeleton [FOLDER]</c>: the folder of objects, tests/corpus/objects if left out.</summary>
    public static int Run(ReadOnlySpan<string> args)
    {
        string root = FindRoot();
        string folder = args.Length > 0 ? args[0] : Path.Combine(root, "tests", "corpus", "objects");
        StringBuilder table = new();
        table.Append("""
            # Skeletons: time and size

                dotnet run -c Release --project benchmarks -- skeleton [FOLDER]

            Generating reads an object and writes its class; "first" is the first object of a process, with the runtime's own start, as in a build.
            Compiling is Roslyn's time for the class alone, to an assembly in memory, in the same process. Objects of the corpus and the whole kernel are
            generated with all types of their BTF (`--type '*'`).


            """);
        table.Append(CultureInfo.InvariantCulture, $"{LinuxKernel.Instance.Facts.Release}, {Environment.ProcessorCount} CPUs, .NET {Environment.Version}. Generating: median of {Runs} runs.\n\n");
        table.Append("| object | bytes | generate, first, ms | generate, ms | allocated, KiB | C#, KiB | compile, ms |\n|---|---:|---:|---:|---:|---:|---:|\n");
        Add(table, "log_syscalls (the sample)", File.ReadAllBytes(Path.Combine(root, "native", "log_syscalls.bpf.o")), [], Runs);
        if (Directory.Exists(folder))
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*.bpf.o").Order(StringComparer.Ordinal))
                Add(table, Path.GetFileName(file)[..^6], File.ReadAllBytes(file), s_all, Runs);
        }
        else
        {
            Console.Error.WriteLine($"There is no {folder}: tests/corpus/fetch.sh fetches objects.");
        }

        if (LinuxKernel.Instance.Facts.ReadBtf(null, out KernelBlob? blob) >= 0 && blob is not null)
        {
            using (blob)
                Add(table, "the whole kernel's types", BpfObject(blob.Memory.ToArray()), s_all, 3);
        }

        Console.Write(table);
        return 0;
    }

    private const int Runs = 15;

    private static void Add(StringBuilder table, string name, byte[] bytes, string[] types, int runs)
    {
        SkeletonOptions options = new() { ObjectName = BpfObjectFile.GetNameFromPath(name), Namespace = "Measured", ExtraTypes = types };
        long started = Stopwatch.GetTimestamp();
        SkeletonResult result = SkeletonGenerator.Generate(bytes, options);
        double first = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        Measurement measured = Measurement.Of(name, runs, () => SkeletonGenerator.Generate(bytes, options));
        SkeletonCompiler.Compile(result.Code);
        started = Stopwatch.GetTimestamp();
        SkeletonCompiler.Compile(result.Code);
        double compile = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        table.Append(CultureInfo.InvariantCulture, $"| {name} | {bytes.Length} | {first:0.0} | {measured.Median:0.0} | {measured.Allocated / 1024} | {result.Code.Length / 1024.0:0.0} | {compile:0} |\n");
        Console.Error.WriteLine($"{name} done");
    }

    /// <summary>A small object whose BTF is the kernel's: as if it used all of vmlinux.h.</summary>
    private static byte[] BpfObject(byte[] btf)
    {
        string folder = Directory.CreateTempSubdirectory("libbpfsharp-").FullName;
        try
        {
            string types = Path.Combine(folder, "btf");
            string output = Path.Combine(folder, "vmlinux.bpf.o");
            File.WriteAllBytes(types, btf);
            using Process tool = Process.Start("llvm-objcopy", ["--remove-section=.BTF", "--remove-section=.BTF.ext", "--remove-section=.rel.BTF.ext", "--remove-section=.rel.BTF",
                $"--add-section=.BTF={types}", Path.Combine(FindRoot(), "tests", "objects", "skeleton", "minimal.bpf.o"), output]);
            tool.WaitForExit();
            return tool.ExitCode == 0 ? File.ReadAllBytes(output) : throw new InvalidOperationException("llvm-objcopy failed (apt-get install llvm).");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LibbpfSharp.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The checkout is not above the benchmark's assembly.");
    }
}
