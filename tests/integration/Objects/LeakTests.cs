namespace LibbpfSharp.Tests.Integration.Objects;

/// <summary>No descriptor is left, counted right after Dispose and without a garbage collection.</summary>
public sealed class LeakTests
{
    private static readonly int s_rounds = TestSettings.Count("LIBBPFSHARP_LEAK_ROUNDS", quick: 50, ci: 1000);
    private static readonly int s_failures = TestSettings.Count("LIBBPFSHARP_LEAK_FAILURES", quick: 20, ci: 100);

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Open_load_attach_dispose(string @case) => Count(s_rounds, () =>
    {
        using BpfObject loaded = LoaderCase.Open(@case, "events").Load();
        using var ring = new RingBuffer(loaded.Maps["events"]);
        loaded.Global<uint>("number") = 1;
        using BpfObject core = OpenCore(@case).Load();
        foreach (BpfLink link in core.Attach())
            link.Dispose();
    });

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Verifier_refusal(string @case) => Count(s_failures, () =>
    {
        using BpfObjectOpen open = LoaderCase.Open(@case, "refused");
        open.Programs["missing_null_check"].AutoLoad = true;
        Assert.Throws<BpfVerifierException>(() => open.Load());
    });

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Failed_attach(string @case) => Count(s_failures, () =>
    {
        using BpfObject loaded = OpenCore(@case).Load();
        Assert.Throws<BpfException>(() => new BpfRawTracepointProgram(loaded.Programs["on_enter"]).Attach("no_such_tracepoint"));
        using BpfObject events = LoaderCase.Open(@case, "events").Load();
        Assert.Throws<BpfException>(() => events.Programs["emit"].Attach());
        Assert.Throws<BpfException>(() => new BpfXdpProgram(events.Programs["emit"]).Attach("lo"));
    });

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Malformed_object(string @case)
    {
        byte[] whole = TestObjects.Read("globals");
        Count(s_failures, () =>
        {
            for (int size = 0; size < whole.Length; size += whole.Length / 7)
            {
                try
                {
                    using BpfObjectOpen open = BpfObject.Open(whole.AsMemory(0, size), LoaderCase.Options(@case));
                    open.Load().Dispose();
                }
                catch (Exception e) when (e is FormatException or BpfException)
                {
                }
            }
        });
    }

    private static BpfObjectOpen OpenCore(string @case)
    {
        BpfObjectOpen open = LoaderCase.Open(@case, "core");
        foreach (BpfProgramDefinition program in open.Programs)
            program.AutoLoad = program.Name == "on_enter";
        foreach (BpfMapDefinition map in open.Maps)
            map.AutoCreate = !map.Name.StartsWith("tiny", StringComparison.Ordinal);
        return open;
    }

    private static void Count(int rounds, Action round)
    {
        // Once before, so that what is opened once per process is not counted.
        round();
        FdCount.AssertNoLeak(() =>
        {
            for (int i = 0; i < rounds; i++)
                round();
        });
    }
}
