using LibbpfSharp;
using LibbpfSharp.Maps;
using LibbpfSharp.Samples;

// Counts system calls by program name, in the kernel. LogSyscalls is generated from native/log_syscalls.bpf.c by the build.
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

try
{
    using var skel = LogSyscalls.OpenAndLoad();
    Console.WriteLine($"Running on {skel.Object.Kernel.Name}, loaded through {(skel.Object.Loader == BpfLoader.Libbpf ? $"libbpf {Libbpf.Version}" : "the managed loader")}.");
    skel.Maps.SyscallCountMap.UpdateElem(options.Name ?? "cat", 0, BpfUpdateFlags.NoExist);
    skel.Attach();
    Workload.Run(skel.Object.Kernel, options);
    skel.Detach();

    Console.WriteLine($"{"NAME",-16} {"SYSTEM CALLS",12}");
    foreach (var (name, count) in skel.Maps.SyscallCountMap)
        Console.WriteLine($"{name,-16} {count,12}");
    return 0;
}
catch (BpfException e)
{
    Console.Error.WriteLine($"LogSyscalls: {e.Message}");
    return 1;
}
