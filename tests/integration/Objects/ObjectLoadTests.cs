using System.Buffers.Binary;
using System.Text;

namespace LibbpfSharp.Tests.Integration.Objects;

/// <summary>Objects opened, edited, loaded and run; one body for both loaders on Linux and for the emulator.</summary>
public sealed class ObjectLoadTests
{
    private static readonly byte[] s_packet = new byte[64];

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Globals_are_set_before_load_and_shared_after(string @case)
    {
        const string Config = "CONFIG_HZ=300\nCONFIG_CC_VERSION_TEXT=\"Zoo of compilers\"\nCONFIG_BPF_SYSCALL=y\nCONFIG_MODULE_OF_TEST=m\n";
        using BpfObjectOpen open = LoaderCase.Open(@case, "globals_run", kconfig: Config);
        Assert.Equal(10u, open.Global<uint>("limit"));
        open.SetGlobal("limit", 20u);
        open.Global<ulong>("counter") = 1000;
        BinaryPrimitives.WriteUInt32LittleEndian(open.GlobalBytes("elements")[12..], 30);
        Assert.Throws<ArgumentException>(() => open.SetGlobal("limit", 20L));
        Assert.Contains("limit", Assert.Throws<KeyNotFoundException>(() => open.SetGlobal("limits", 20)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => open.SetGlobal("CONFIG_HZ", 1000UL));

        using BpfObject loaded = open.Load();
        Assert.Throws<ObjectDisposedException>(() => open.Global<uint>("limit"));
        Assert.Equal(20u, loaded.GetGlobal<uint>("limit"));
        Assert.Equal(300ul, loaded.GetGlobal<ulong>("CONFIG_HZ"));
        Assert.Equal(0, loaded.GetGlobal<int>("CONFIG_NOT_THERE"));
        Assert.Equal("Zoo of \0", Encoding.UTF8.GetString(loaded.Sections[".kconfig"].ReadOnlyBytes.Slice((int)loaded.File.Variables.Single(v => v.Name == "CONFIG_CC_VERSION_TEXT").Offset, 8)));
        Assert.Throws<InvalidOperationException>(() => loaded.SetGlobal("limit", 1u));
        Assert.Throws<InvalidOperationException>(() => loaded.Sections[".rodata"].Bytes[0] = 1);

        Version release = loaded.Kernel.Facts.Release;
        uint version = loaded.GetGlobal<uint>("LINUX_KERNEL_VERSION");
        Assert.Equal((uint)(release.Major << 16 | release.Minor << 8), version & 0xffff00);

        BpfProgram program = loaded.Programs["sum"];
        ref ulong result = ref loaded.Global<ulong>("result");
        program.TestRun(s_packet);
        Assert.Equal(20ul + 1000 + 3 + 30 + 42 + 'l' + version + 1 + 'Z' + 0 + 2 + 300, result);
        ulong first = result;
        loaded.Global<ulong>("counter") += 5;
        program.TestRun(s_packet);
        Assert.Equal(first + 5 + 1, loaded.GetGlobal<ulong>("result"));
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Subprograms_and_callbacks_are_linked(string @case)
    {
        using BpfObject loaded = LoaderCase.Open(@case, "calls").Load();
        Assert.Equal(["first", "second"], loaded.Programs.Select(p => p.Name));
        loaded.Programs["first"].TestRun(s_packet);
        Assert.Equal(64ul, loaded.GetGlobal<ulong>("total"));
        loaded.Programs["second"].TestRun(s_packet);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Tail_calls_find_the_program_of_the_definition_and_records_come_through_the_ring_buffer(string @case)
    {
        using BpfObject loaded = LoaderCase.Open(@case, "events").Load();
        Assert.Equal(7u, loaded.Programs["first"].TestRun(s_packet).ReturnValue);
        Assert.Equal(1u, loaded.GetGlobal<uint>("jumped"));

        using var ring = new RingBuffer(loaded.Maps["events"]);
        BpfProgram emit = loaded.Programs["emit"];
        for (int i = 0; i < 100; i++)
            Assert.Equal(0u, emit.TestRun(s_packet).ReturnValue);
        uint next = 0;
        int count = ring.Consume((ref readonly (uint Number, uint Size) record) =>
        {
            Assert.Equal(next++, record.Number);
            Assert.Equal(64u, record.Size);
        });
        Assert.Equal(100, count);

        // 16 bytes a record: the ring of 4096 holds 255 besides the byte that tells full from empty.
        while (emit.TestRun(s_packet).ReturnValue == 0)
        {
        }

        Assert.Equal(1u, loaded.GetGlobal<uint>("lost"));
        count = ring.Poll(_ => { }, TimeSpan.FromSeconds(5));
        Assert.InRange(count, 254, 256);
        emit.TestRun(s_packet);
        Assert.Equal(1, ring.Poll(_ => { }, Timeout.InfiniteTimeSpan));
    }

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Maps_are_edited_pinned_and_reused_after_a_check(string @case)
    {
        using var folder = new PinFolder(LoaderCase.Options(@case).Kernel!);
        using (BpfObjectOpen open = LoaderCase.Open(@case, "maps", pinRoot: folder.FolderPath))
        {
            Assert.Equal(folder.PathOf("typed_hash"), open.Maps["typed_hash"].PinPath);
            open.Maps["typed_hash"].MaxEntries = 77;
            using BpfObject loaded = open.Load();
            Assert.Equal(77u, loaded.Maps["typed_hash"].MaxEntries);
            Assert.Equal(8192u, loaded.Maps["events"].MaxEntries); // 5000 rounded to pages times a power of two
            byte[] innerId = new byte[4];
            Assert.True(loaded.Maps["outer"].LookupElem([3, 0, 0, 0], innerId));
            Assert.Equal(loaded.Maps["inner_b"].Id, BinaryPrimitives.ReadUInt32LittleEndian(innerId));
            Assert.True(loaded.Maps["outer"].LookupElem([0, 0, 0, 0], innerId));
            Assert.Equal(loaded.Maps["inner_a"].Id, BinaryPrimitives.ReadUInt32LittleEndian(innerId));
            loaded.Maps["typed_hash"].UpdateElem(new byte[8], new byte[24]);
        }

        using (BpfObjectOpen again = LoaderCase.Open(@case, "maps", pinRoot: folder.FolderPath))
        {
            again.Maps["typed_hash"].MaxEntries = 77;
            using BpfObject loaded = again.Load();
            Assert.True(loaded.Maps["typed_hash"].LookupElem(new byte[8], new byte[24]));
        }

        using BpfObjectOpen differing = LoaderCase.Open(@case, "maps", pinRoot: folder.FolderPath);
        BpfException refused = Assert.Throws<BpfException>(() => differing.Load());
        Assert.Contains("typed_hash", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Existing_map_takes_the_place_of_a_definition(string @case)
    {
        using BpfObject first = LoaderCase.Open(@case, "calls").Load();
        using BpfObjectOpen open = LoaderCase.Open(@case, "calls");
        open.Maps["sums"].ReuseMap = first.Maps["sums"];
        using BpfObject second = open.Load();
        Assert.Equal(first.Maps["sums"].Id, second.Maps["sums"].Id);
        first.Dispose();
        second.Maps["sums"].UpdateElem([1, 0, 0, 0], new byte[8]);

        using BpfObjectOpen wrong = LoaderCase.Open(@case, "calls");
        wrong.Maps["sums"].ReuseMap = second.Maps[".bss"];
        BpfException refused = Assert.Throws<BpfException>(() => wrong.Load());
        Assert.Contains("type Array instead of Hash", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Core_reads_the_same_fields_through_both_loaders(string @case)
    {
        using BpfObjectOpen open = LoaderCase.Open(@case, "core");
        foreach (BpfProgramDefinition program in open.Programs)
            program.AutoLoad = program.Name == "on_enter";
        foreach (BpfMapDefinition map in open.Maps)
            map.AutoCreate = !map.Name.StartsWith("tiny", StringComparison.Ordinal);
        using BpfObject loaded = open.Load();
        loaded.Programs["on_enter"].TestRun(new BpfTestRunOptions { Context = new byte[16] });
        Assert.Equal((uint)Environment.ProcessId, loaded.GetGlobal<uint>("seen_pid"));
        Assert.Equal(0u, loaded.GetGlobal<uint>("has_old"));
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Log_level_brings_the_verifier_log(string @case)
    {
        if (@case == LoaderCase.Emulator)
            return; // the emulator verifies structure only, and may have nothing to say
        using BpfObject loaded = LoaderCase.Open(@case, "calls", logLevel: 1).Load();
        Assert.Contains("processed ", loaded.Programs["first"].VerifierLog, StringComparison.Ordinal);
        using BpfObject silent = LoaderCase.Open(@case, "calls").Load();
        Assert.Equal("", silent.Programs["first"].VerifierLog);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Globals_may_be_read_while_the_object_is_disposed_of(string @case)
    {
        for (int round = 0; round < 10; round++)
        {
            BpfObject loaded = LoaderCase.Open(@case, "streams").Load();
            var reader = new Thread(() =>
            {
                try
                {
                    while (true)
                        loaded.SetGlobal("hits", loaded.GetGlobal<ulong>("hits") + 1);
                }
                catch (ObjectDisposedException)
                {
                }
            });
            ulong before = loaded.GetGlobal<ulong>("hits");
            reader.Start();
            SpinWait.SpinUntil(() => loaded.GetGlobal<ulong>("hits") != before);
            loaded.Dispose();
            reader.Join();
        }
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Program_and_map_information_is_the_kernels(string @case)
    {
        using BpfObject loaded = LoaderCase.Open(@case, "calls").Load();
        BpfProgram program = loaded.Programs["second"];
        BpfProgramInfo info = program.GetInfo();
        Assert.Equal(BpfProgramType.SchedCls, info.Type);
        Assert.Equal("second", info.Name);
        Assert.NotEqual(0u, info.Id);
        Assert.Contains(info.Id, BpfProgram.EnumerateIds(loaded.Kernel));
        using BpfProgram same = BpfProgram.OpenById(info.Id, loaded.Kernel);
        Assert.Equal("second", same.Name);
        Assert.Equal(@case == LoaderCase.Emulator, loaded.IsEmulated);
    }

    [Fact]
    public void Objects_that_are_none_are_refused_with_the_reason()
    {
        Assert.ThrowsAny<FormatException>(() => BpfObject.Open(new byte[] { 1, 2, 3 }));
        Assert.ThrowsAny<FormatException>(() => BpfObject.Open(typeof(ObjectLoadTests).Assembly.Location));
        Assert.Throws<FileNotFoundException>(() => BpfObject.Open("/nonexistent.bpf.o"));
    }

    [Fact]
    public void Loader_libbpf_and_the_emulator_do_not_go_together()
    {
        using BpfObjectOpen open = BpfObject.Open(TestObjects.GetPath("calls"), new BpfObjectOptions { Kernel = TestKernels.Get(TestKernels.Emulator), Loader = BpfLoader.Libbpf });
        Assert.Contains("Linux only", Assert.Throws<ArgumentException>(() => open.Load()).Message, StringComparison.Ordinal);
    }
}
