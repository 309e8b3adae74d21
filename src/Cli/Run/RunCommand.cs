using System.CommandLine;
using System.CommandLine.Parsing;
using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Cli.Run;

/// <summary><c>run OBJ --program NAME ...</c>: loads an object once, runs programs of it in order, shows results and maps.</summary>
internal static class RunCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string> file = new("OBJ") { Description = "BPF object file." };
        KernelOptions kernelOptions = new();
        Option<string[]> programs = new("--program") { Description = "Program to run; repeat it to run several, in order.", Required = true, HelpName = "NAME" };
        Option<FileInfo?> dataIn = new("--data-in") { Description = "The packet, for programs that take one.", HelpName = "FILE" };
        Option<FileInfo?> contextIn = new("--ctx-in") { Description = "The context as the program sees it.", HelpName = "FILE" };
        Option<FileInfo?> dataOut = new("--data-out") { Description = "Where the packet of the last run goes.", HelpName = "FILE" };
        Option<int> repeat = new("--repeat") { Description = "How often each program runs.", HelpName = "N" };
        Option<int?> cpu = new("--cpu") { Description = "The CPU to run on (raw tracepoints).", HelpName = "N" };
        Option<bool> dumpMaps = new("--dump-maps") { Description = "Show the elements of all maps after the runs." };
        Option<bool> trace = new("--trace") { Description = "Write each instruction with registers and C line to standard error (emulator)." };
        Option<FileInfo?> coverage = new("--coverage") { Description = "Where the coverage of the C lines goes, in lcov's format (emulator).", HelpName = "FILE" };
        Option<bool> json = new("--json") { Description = "Write JSON." };
        foreach (Option<FileInfo?> input in new[] { dataIn, contextIn })
            input.Validators.Add(Existing);
        foreach (Option<FileInfo?> output in new[] { dataOut, coverage })
            output.Validators.Add(InFolder);
        repeat.Validators.Add(Positive);
        cpu.Validators.Add(NotNegative);
        Command command = new("run", "Loads a BPF object and runs programs of it (BPF_PROG_TEST_RUN). Exit code 1: it did not load; 3: a run failed or faulted.")
        {
            file, programs, kernelOptions.Kernel, kernelOptions.Btf, dataIn, contextIn, dataOut, repeat, cpu, dumpMaps, trace, coverage, json,
        };
        command.SetAction(parsed =>
        {
            IBpfKernel kernel = kernelOptions.GetKernel(parsed);
            string? watched = parsed.GetValue(trace) ? trace.Name : parsed.GetValue(coverage) is not null ? coverage.Name : null;
            if (watched is not null && kernel is not EmulatedKernel)
            {
                console.Error.WriteLine($"libbpfsharp: {watched} needs --kernel emulator: Linux does not tell which instructions a program runs.");
                return CliExit.Usage;
            }

            EmulatedCoverage? lines = parsed.GetValue(coverage) is null ? null : new EmulatedCoverage();
            Watch(kernel as EmulatedKernel, parsed.GetValue(trace) ? new RunTrace(console.Error) : null, lines, console);
            RunRequest request = new()
            {
                Path = parsed.GetRequiredValue(file),
                Programs = parsed.GetRequiredValue(programs),
                Kernel = kernel,
                BtfPath = kernelOptions.GetBtfPath(parsed, kernel),
                Data = Read(parsed.GetValue(dataIn)),
                Context = Read(parsed.GetValue(contextIn)),
                Repeat = parsed.GetValue(repeat),
                Cpu = parsed.GetValue(cpu),
                DumpMaps = parsed.GetValue(dumpMaps),
            };
            RunReport report = RunReport.Make(request, text => text + kernelOptions.AdviceOn(text, parsed, kernel));
            if (report.UnknownProgram is { } unknown)
            {
                console.Error.WriteLine($"libbpfsharp: {request.Path} has no program '{unknown}'.");
                return CliExit.Usage;
            }

            if (parsed.GetValue(dataOut) is { } target && report.Runs.Count > 0 && report.Runs[^1].DataOut is { } packet)
                File.WriteAllBytes(target.FullName, packet);
            if (lines is not null)
            {
                using StreamWriter writer = new(parsed.GetValue(coverage)!.FullName) { NewLine = "\n" };
                lines.WriteLcov(writer);
            }

            if (parsed.GetValue(json))
                RunOutput.WriteJson(report, console);
            else
                RunOutput.WriteText(report, console);
            if (report.Error is not null)
                console.Error.WriteLine($"libbpfsharp: {report.Error}");
            foreach (RunReport.Run run in report.Runs)
            {
                if (run.Message is not null)
                    console.Error.WriteLine($"libbpfsharp: {run.Message}");
            }

            return report.Error is not null ? CliExit.LoadFailed : report.Runs.All(r => r.Errno == 0) ? CliExit.Success : CliExit.RunFailed;
        });
        return command;
    }

    private static void Watch(EmulatedKernel? kernel, RunTrace? trace, EmulatedCoverage? coverage, CliConsole console)
    {
        if (kernel is null)
            return;
        kernel.Printed += (_, line) => console.Error.WriteLine($"bpf_trace_printk: {line}");
        if (trace is not null || coverage is not null)
            kernel.Diagnosis = new EmulatorDiagnosis { Trace = trace is null ? null : trace.Write, Coverage = coverage };
    }

    private static ReadOnlyMemory<byte> Read(FileInfo? file) => file is null ? default : File.ReadAllBytes(file.FullName);

    private static void Existing(OptionResult result)
    {
        if (result.Tokens.Count == 1 && !File.Exists(result.Tokens[0].Value))
            result.AddError($"{result.Option.Name}: there is no file '{result.Tokens[0].Value}'.");
    }

    private static void InFolder(OptionResult result)
    {
        if (result.Tokens.Count != 1)
            return;
        string path = result.Tokens[0].Value;
        if (path.Length == 0 || Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            result.AddError($"{result.Option.Name}: '{path}' is not a file that can be written; name a file in a folder that exists.");
    }

    private static void Positive(OptionResult result)
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < 1)
            result.AddError($"{result.Option.Name} must be at least 1.");
    }

    private static void NotNegative(OptionResult result)
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < 0)
            result.AddError($"{result.Option.Name} must not be negative.");
    }
}
