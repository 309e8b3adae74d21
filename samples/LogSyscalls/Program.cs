using System.Runtime.InteropServices;
using System.Text;
using LibbpfSharp;
using LibbpfSharp.Emulator;
using LibbpfSharp.Maps;
using LibbpfSharp.Samples;

// Counts system calls by program name, in the kernel.
const int NameLength = 128;

if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

try
{
    string watched = options.Name ?? "cat";
    using BpfObject loaded = BpfObject.OpenAndLoad(Path.Combine(AppContext.BaseDirectory, "log_syscalls.bpf.o"));
    Console.WriteLine($"Running on {loaded.Kernel.Name}, loaded through {(loaded.Loader == BpfLoader.Libbpf ? $"libbpf {Libbpf.Version}" : "the managed loader")}.");

    BpfMap counts = loaded.Maps["syscall_count_map"];
    byte[] key = new byte[NameLength];
    Encoding.UTF8.GetBytes(watched, key.AsSpan(0, NameLength - 1));
    counts.UpdateElem(key, BitConverter.GetBytes(0), BpfUpdateFlags.NoExist);

    BpfProgram program = loaded.Programs["count_syscall"];
    using (BpfLink link = program.Attach())
    {
        if (loaded.Kernel is EmulatedKernel emulated)
            RecordedEvents.Replay(emulated);
        else if (options.Name is null && options.Seconds == 0)
            Child.Run("cat", Path.Combine(AppContext.BaseDirectory, "log_syscalls.bpf.o"));
        else
            Thread.Sleep(TimeSpan.FromSeconds(options.Seconds == 0 ? 5 : options.Seconds));
    }

    Console.WriteLine($"{"NAME",-16} {"SYSTEM CALLS",12}");
    byte[] next = new byte[NameLength];
    byte[] value = new byte[sizeof(int)];
    for (bool more = counts.GetNextKey([], next); more; more = counts.GetNextKey(next.ToArray(), next))
    {
        if (counts.LookupElem(next, value))
            Console.WriteLine($"{Encoding.UTF8.GetString(next).TrimEnd('\0'),-16} {MemoryMarshal.Read<int>(value),12}");
    }

    return 0;
}
catch (BpfException e)
{
    Console.Error.WriteLine($"LogSyscalls: {e.Message}");
    return 1;
}
