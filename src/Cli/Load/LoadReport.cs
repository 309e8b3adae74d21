using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Cli.Load;

/// <summary>What became of an object and its parts when it was loaded.</summary>
internal sealed class LoadReport
{
    private LoadReport(string kernel, BpfLoader? loader, string? error, string? log, IReadOnlyList<Item> maps, IReadOnlyList<Item> programs)
    {
        Kernel = kernel;
        Loader = loader;
        Error = error;
        Log = log;
        Maps = maps;
        Programs = programs;
    }

    /// <summary>Name of the kernel.</summary>
    public string Kernel { get; }

    /// <summary>What loaded it; null if it was not loaded.</summary>
    public BpfLoader? Loader { get; }

    /// <summary>Why it did not load; null if it did.</summary>
    public string? Error { get; }

    /// <summary>The verifier's log, if the verifier refused.</summary>
    public string? Log { get; }

    public IReadOnlyList<Item> Maps { get; }

    public IReadOnlyList<Item> Programs { get; }

    /// <summary>Loads an object and closes it again. Nothing is pinned.</summary>
    public static LoadReport Make(string path, IBpfKernel kernel, BpfLoader loader, string? btfPath)
    {
        using BpfObjectOpen open = BpfObject.Open(path, new BpfObjectOptions { Kernel = kernel, Loader = loader, BtfPath = btfPath });
        foreach (BpfMapDefinition map in open.Maps)
            map.PinPath = null;
        BpfObjectFile file = open.File;
        try
        {
            using BpfObject loaded = open.Load();
            return new(
                kernel.Name,
                loaded.Loader,
                null,
                null,
                [.. file.Maps.Select(m => new Item(m.Name, BpfTypeNames.GetMapType(m.Type), m.AutoCreate ? LoadStatus.Ok : LoadStatus.Skipped, null))],
                [.. file.Programs.Select(p => new Item(p.Name, TypeName(p), loaded.Programs.TryGet(p.Name, out _) ? LoadStatus.Ok : LoadStatus.Skipped, null))]);
        }
        catch (Exception e) when (e is BpfException or BpfObjectFormatException or InvalidOperationException or NotSupportedException)
        {
            // The one that was refused is named; what comes before and after it was closed with it.
            string? failed = e is BpfVerifierException verifier ? verifier.Program : null;
            return new(
                kernel.Name,
                null,
                e.Message,
                (e as BpfVerifierException)?.Log,
                [.. file.Maps.Select(m => Refused(m.Name, BpfTypeNames.GetMapType(m.Type), failed is null && Names(e, m.Name), e))],
                [.. file.Programs.Select(p => Refused(p.Name, TypeName(p), p.Name == failed || (failed is null && Names(e, p.Name)), e))]);
        }
    }

    private static string TypeName(BpfProgramSpec program) => program.Section.IsKnown ? BpfTypeNames.GetProgramType(program.ProgramType) : "unknown";

    // libbpf says "prog 'x'"; an object may be called as one of its programs is.
    private static bool Names(Exception e, string name) =>
        e.Message.Contains($"program '{name}'", StringComparison.Ordinal)
        || e.Message.Contains($"prog '{name}'", StringComparison.Ordinal)
        || e.Message.Contains($"map '{name}'", StringComparison.Ordinal);

    private static Item Refused(string name, string type, bool isCulprit, Exception e) =>
        isCulprit ? new(name, type, LoadStatus.Failed, e.Message) : new(name, type, LoadStatus.NotLoaded, null);

    /// <summary>A map or program.</summary>
    internal sealed record Item(string Name, string Type, LoadStatus Status, string? Error);
}
