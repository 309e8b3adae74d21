using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Tests.Hosts;

/// <summary>What a program does with the library, in small.</summary>
internal static class Operations
{
    private static readonly string s_object = Path.Combine(AppContext.BaseDirectory, "attach.bpf.o");

    /// <summary>Does one thing; a refusal is a <see cref="BpfException"/>.</summary>
    public static void Run(string operation, string argument)
    {
        switch (operation)
        {
            case "select":
                BpfKernelSelection selection = BpfKernel.Selection;
                Console.WriteLine($"kernel: {selection.Kernel.Name}");
                Console.WriteLine($"fallback: {selection.IsFallback}");
                Console.WriteLine($"reason: {selection.Reason}");
                break;
            case "map":
                UseMap();
                break;
            case "pin":
                Pin(argument);
                break;
            case "socket":
                Load("socket_all").Dispose();
                break;
            case "xdp":
                Load("xdp_pass").Dispose();
                break;
            case "tracepoint":
                Attach("tracepoint_getppid");
                break;
            case "raw_tracepoint":
                Attach("raw_tracepoint_sys_enter");
                break;
            case "libbpf":
                Load("socket_all", BpfLoader.Libbpf).Dispose();
                break;
            case "probe":
                BpfKernelFeatures features = BpfKernel.Probe(OperatingSystem.IsLinux() ? LinuxKernel.Instance : null);
                Console.WriteLine($"probe: maps {Text(features.Maps)}, socket filters {Text(features.ProgramType(BpfProgramType.SocketFilter))}, XDP {Text(features.ProgramType(BpfProgramType.Xdp))}, tracepoints {Text(features.ProgramType(BpfProgramType.Tracepoint))}");
                break;
            default:
                throw new ArgumentException($"There is no operation '{operation}'.", nameof(operation));
        }
    }

    private static string Text(BpfFeature feature) => feature.Support == BpfFeatureSupport.Supported ? "supported" : $"{feature.Support} ({BpfErrnoText.Name(feature.Errno)})";

    private static BpfObject Load(string program, BpfLoader loader = BpfLoader.Default)
    {
        using BpfObjectOpen open = BpfObject.Open(s_object, new BpfObjectOptions { Loader = loader });
        foreach (BpfProgramDefinition each in open.Programs)
            each.AutoLoad = each.Name == program;
        foreach (BpfMapDefinition map in open.Maps)
            map.AutoCreate = map.IsInternal; // the others are sockmaps and the like, which ask for capabilities of their own
        BpfObject loaded = open.Load();
        Console.WriteLine($"loaded: {program} on {loaded.Kernel.Name} by {loaded.Loader}");
        return loaded;
    }

    private static void Attach(string program)
    {
        using BpfObject loaded = Load(program);
        using BpfLink link = loaded.Programs[program].Attach();
    }

    private static BpfMap MakeMap() =>
        BpfMap.Create(BpfKernel.Default, new BpfMapSpec { Type = BpfMapType.Hash, Name = "host_probe", KeySize = 4, ValueSize = 8, MaxEntries = 4 });

    private static void UseMap()
    {
        using BpfMap map = MakeMap();
        byte[] key = [1, 0, 0, 0];
        byte[] value = [2, 0, 0, 0, 0, 0, 0, 0];
        map.UpdateElem(key, value);
        byte[] found = new byte[8];
        if (!map.LookupElem(key, found) || !found.AsSpan().SequenceEqual(value))
            throw new InvalidOperationException("The map does not hold what was put into it.");
    }

    private static void Pin(string path)
    {
        using BpfMap map = MakeMap();
        map.Pin(path);
        map.Unpin(path);
    }
}
