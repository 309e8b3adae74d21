namespace LibbpfSharp.Tests.Build.Tools;

/// <summary>BPF programs to build.</summary>
internal static class Sources
{
    /// <summary>Counts system calls in a global variable; the step comes from a header.</summary>
    public const string Counter = """
        #include <linux/bpf.h>
        #include <bpf/bpf_helpers.h>
        #include "counter.h"

        unsigned long long count;

        SEC("raw_tp/sys_enter")
        int on_enter(void *ctx)
        {
            __sync_fetch_and_add(&count, STEP);
            return 0;
        }

        char LICENSE[] SEC("license") = "Dual MIT/GPL";
        """;

    /// <summary>What <see cref="Counter"/> includes.</summary>
    public const string CounterHeader = "#define STEP 3\n";

    /// <summary>An array of a structure, of as many entries as ENTRIES says.</summary>
    public const string Table = """
        #include <linux/bpf.h>
        #include <bpf/bpf_helpers.h>
        #include "table.h"
        #ifndef ENTRIES
        #define ENTRIES 8
        #endif

        struct {
            __uint(type, BPF_MAP_TYPE_ARRAY);
            __uint(max_entries, ENTRIES);
            __type(key, int);
            __type(value, struct row);
        } table SEC(".maps");

        char LICENSE[] SEC("license") = "Dual MIT/GPL";
        """;

    /// <summary>What <see cref="Table"/> includes.</summary>
    public const string TableHeader = "struct row { int id; long long sum; };\n";

    /// <summary>A program that counts with <see cref="Counter"/>, on either kernel, and prints the kernel and the count.</summary>
    public const string CounterUser = """
        using App;
        using LibbpfSharp.Emulator;

        using var skel = Counter.OpenAndLoad();
        skel.Attach();
        if (skel.Object.Kernel is EmulatedKernel emulated)
            emulated.RaiseRawTracepoint("sys_enter", 0, 1);
        else
            File.Exists("/proc/self/status");
        skel.Detach();
        Console.WriteLine($"{(skel.Object.Kernel is EmulatedKernel ? "emulator" : "linux")} {(skel.Bss.Count > 0 && skel.Bss.Count % 3 == 0 ? "counted" : "wrong")} {skel.Bss.Count}");
        """;
}
