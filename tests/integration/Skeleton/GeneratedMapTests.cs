using System.Runtime.InteropServices;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;
using LibbpfSharp.Tests.Integration.Objects;
using LibbpfSharp.Tests.Skeletons;

namespace LibbpfSharp.Tests.Integration.Skeleton;

/// <summary>Maps of every kind through generated classes, with programs on the other side.</summary>
public sealed class GeneratedMapTests
{
    private static readonly byte[] s_packet = new byte[64];

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Keys_with_padding_are_found(string @case)
    {
        using MapsHashOpen open = MapsHash.Open(TestObjects.Read("skeleton/maps_hash"), LoaderCase.Options(@case));
        open.Maps.Recent.MaxEntries = 64;
        using MapsHash skel = open.Load();
        MapsHash.Flow flow = new() { Address = 0x0a00_0001, Protocol = 6, Port = 443 };
        skel.Bss.Wanted = flow;
        skel.Bss.RecentKey = new() { Id = 7, Kind = 8 };

        // The program's key is found here, and a key made here by the program.
        skel.Programs.Count.Program.TestRun(s_packet);
        Assert.Equal((0u, 1u), (skel.Bss.Found, skel.Bss.Missed));
        Assert.True(skel.Maps.Flows.LookupElem(new() { Address = 0x0a00_0001, Protocol = 6, Port = 443 }, out MapsHash.Stats stats));
        Assert.Equal(new MapsHash.Stats { Packets = 1, Bytes = 64 }, stats);
        skel.Bss.Wanted.Port = 80;
        skel.Maps.Flows.UpdateElem(new() { Address = 0x0a00_0001, Protocol = 6, Port = 80 }, new() { Packets = 10 }, BpfUpdateFlags.NoExist);
        skel.Programs.Count.Program.TestRun(s_packet);
        Assert.Equal((1u, 1u), (skel.Bss.Found, skel.Bss.Missed));

        // As keys of .NET collections too: padding is part of the value, and zero unless somebody wrote it as bytes.
        Dictionary<MapsHash.Flow, ulong> all = skel.Maps.Flows.ToDictionary(e => e.Key, e => e.Value.Packets);
        Assert.Equal((2, 1UL, 11UL), (all.Count, all[flow], all[new() { Address = 0x0a00_0001, Protocol = 6, Port = 80 }]));
        MapsHash.Flow dirty = flow;
        MemoryMarshal.AsBytes(new Span<MapsHash.Flow>(ref dirty))[5] = 0xff;
        Assert.NotEqual(flow, dirty);
        Assert.False(skel.Maps.Flows.LookupElem(dirty, out _));
        skel.Maps.Flows.UpdateElem(dirty, default);
        Assert.Equal(3, skel.Maps.Flows.Count());
        Assert.Contains(skel.Maps.Flows, e => e.Key == dirty);
        Assert.True(skel.Maps.Flows.DeleteElem(dirty));

        Assert.True(skel.Maps.Recent.LookupElem(new() { Id = 7, Kind = 8 }, out uint recent));
        Assert.Equal((1u, 64u), (recent, skel.Maps.Recent.MaxEntries));
        using PerCpuBuffer<MapsHash.Stats> perCpu = skel.Maps.PerCpuFlows.CreateBuffer();
        Assert.True(skel.Maps.PerCpuFlows.LookupElem(flow, perCpu));
        MapsHash.AnyKey any = default;
        any.Number = 0x0a00_0001;
        Assert.True(skel.Maps.RecentPerCpu.LookupElem(any, perCpu));
        Assert.True(skel.Maps.ByText.LookupElem("text", out byte yes));
        Assert.Equal(1, yes);
        skel.Maps.ByPointer.UpdateElem(default, (MapsHash.BpfMapType)9);
        Assert.True(skel.Maps.ByPointer.LookupElem(default, out MapsHash.BpfMapType type));
        Assert.Equal(BpfMapType.LruHash, (BpfMapType)(int)type);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Lists_tries_filters_and_arrays(string @case)
    {
        using MapsListsOpen open = MapsLists.Open(TestObjects.Read("skeleton/maps_lists"), LoaderCase.Options(@case));
        using MapsLists skel = open.Load();
        skel.Maps.Jobs.PushElem(new() { Id = 6, What = "work" });
        MapsLists.Prefix network = new() { Length = 16 };
        network.Address[0] = 10;
        skel.Maps.Routes.UpdateElem(network, new() { Interface = 5, Metric = 1 });
        skel.Bss.LookUp = network with { Length = 32 };
        skel.Bss.LookUp.Address[3] = 9;

        skel.Programs.Work.Program.TestRun(s_packet);

        Assert.False(skel.Maps.Jobs.PopElem(out _));
        Assert.True(skel.Maps.Slots.LookupElem(2, out MapsLists.Job job));
        Assert.Equal((6u, "work"), (job.Id, job.What.ToString()));
        Assert.True(skel.Maps.Undo.PeekElem(out ulong length));
        Assert.Equal(64UL, length);
        Assert.True(skel.Maps.Seen.PeekElem(6));
        Assert.Equal(5u, skel.Bss.Interface);
        using PerCpuBuffer<ulong> counts = skel.Maps.Counts.CreateBuffer();
        Assert.True(skel.Maps.Counts.LookupElem(2, counts));
        Assert.Equal(1UL, counts.Values.Aggregate(0UL, (sum, value) => sum + value));
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Maps_of_maps_give_typed_maps(string @case)
    {
        using MapsOfMapsOpen open = MapsOfMaps.Open(TestObjects.Read("skeleton/maps_of_maps"), LoaderCase.Options(@case));
        using MapsOfMaps skel = open.Load();
        Assert.True(skel.Maps.ByIndex.LookupElem(0, out BpfArray<MapsOfMaps.Value>? first));
        using (first)
            first.UpdateElem(0, new() { A = 20, B = 22 });
        Assert.False(skel.Maps.ByIndex.LookupElem(1, out _));
        using (BpfHashMap<ulong, ulong> inner = BpfHashMap<ulong, ulong>.Create(skel.Object.Kernel, 4))
        {
            inner.UpdateElem(1, 41);
            skel.Maps.ByName.UpdateElem("one", inner);
            Assert.Equal(7u, skel.Programs.Entry.Program.TestRun(s_packet).ReturnValue);
            Assert.Equal((42u, 1u), (skel.Bss.Sum, skel.Bss.Jumped));
            Assert.True(inner.LookupElem(1, out ulong number));
            Assert.Equal(42UL, number);
        }

        Assert.Equal((3, 5), Inner(skel));
        skel.Maps.Jumps.DeleteElem(1);
        Assert.Equal(1u, skel.Programs.Entry.Program.TestRun(s_packet).ReturnValue);
        skel.Maps.Jumps.UpdateElem(1, skel.Programs.Target.Program);
        Assert.Equal(7u, skel.Programs.Entry.Program.TestRun(s_packet).ReturnValue);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Records_are_typed(string @case)
    {
        using MapsEventsOpen open = MapsEvents.Open(TestObjects.Read("skeleton/maps_events"), LoaderCase.Options(@case));
        using MapsEvents skel = open.Load();
        using RingBuffer<MapsEvents.Event> events = skel.Maps.Events.Open();
        using RingBuffer<MapsEvents.Sample> tagged = skel.Maps.Tagged.Open();
        using PerfBuffer<MapsEvents.Sample> perf = skel.Maps.Perf.Open(1);

        for (int i = 0; i < 3; i++)
            skel.Programs.Emit.Program.TestRun(s_packet);

        List<string> read = [];
        Assert.Equal(3, events.Consume((ref readonly MapsEvents.Event e) => read.Add($"{e.Number} {e.Kind} {e.What}")));
        Assert.Equal(["0 3 p", "1 3 p", "2 3 p"], read);
        read.Clear();
        Assert.Equal(3, tagged.Consume((ref readonly MapsEvents.Sample s) => read.Add($"{s.Time} {s.Value}")));
        Assert.Equal(3, perf.Consume((int cpu, ref readonly MapsEvents.Sample s) => read.Add($"{s.Time} {s.Value}")));
        Assert.Equal(["5 0", "5 1", "5 2", "5 0", "5 1", "5 2"], read);
        Assert.Equal(BpfMapType.RingBuf, skel.Maps.Untyped.Type);
        Assert.Equal(BpfMapType.PerfEventArray, skel.Maps.PlainPerf.Type);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Storage_goes_by_descriptor(string @case)
    {
        using MapsStorageOpen open = MapsStorage.Open(TestObjects.Read("skeleton/maps_storage"), LoaderCase.Options(@case));
        if (TestKernels.Host.Facts.Release < new Version(6, 2))
        {
            var refused = Assert.Throws<BpfUnsupportedFeatureException>(open.Load);
            Assert.Equal((new Version(6, 2), "map type CGRP_STORAGE"), (refused.MinimumKernel, refused.Feature));
            return;
        }

        using MapsStorage skel = open.Load();
        IBpfKernel kernel = skel.Object.Kernel;
        int process = KernelErrors.Check(kernel.OpenProcess(Environment.ProcessId), kernel, "pidfd_open");
        try
        {
            Assert.False(skel.Maps.OfTask.LookupElem(process, out _));
            skel.Maps.OfTask.UpdateElem(process, new() { Id = 3, Note = "mine" }, BpfUpdateFlags.NoExist);
            Assert.True(skel.Maps.OfTask.LookupElem(process, out MapsStorage.Mark mark));
            Assert.Equal((3u, "mine"), (mark.Id, mark.Note.ToString()));
            Assert.True(skel.Maps.OfTask.DeleteElem(process));
            Assert.Equal(BpfErrno.ENOTSOCK, Assert.Throws<BpfException>(() => skel.Maps.OfSocket.LookupElem(process, out _)).Errno);
        }
        finally
        {
            kernel.Close(process);
        }

        using FileStream file = File.OpenRead(TestObjects.GetPath("skeleton/maps_storage"));
        int fd = (int)file.SafeFileHandle.DangerousGetHandle();
        skel.Maps.OfInode.UpdateElem(fd, 99);
        Assert.True(skel.Maps.OfInode.LookupElem(fd, out ulong number));
        Assert.Equal(99UL, number);
        Assert.Equal("of_cgroup", skel.Maps.OfCgroup.Name);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Maps_of_the_network_are_typed_by_the_kernels_numbers(string @case)
    {
        using MapsNetworkOpen open = MapsNetwork.Open(TestObjects.Read("skeleton/maps_network"), LoaderCase.Options(@case));
        using MapsNetwork skel = open.Load();
        skel.Maps.Devices.UpdateElem(0, 1); // lo
        Assert.True(skel.Maps.Devices.LookupElem(0, out uint device));
        Assert.Equal(1u, device);
        skel.Maps.DevicesByHash.UpdateElem(5, new() { Ifindex = 1 });
        Assert.True(skel.Maps.DevicesByHash.LookupElem(5, out MapsNetwork.BpfDevmapVal value));
        Assert.Equal(1u, value.Ifindex);
        skel.Maps.Cpus.UpdateElem(0, 192);
        Assert.Equal(
            ["cgroups", "listeners", "sockets", "sockets_by_endpoint", "stacks", "xsk"],
            [skel.Maps.Cgroups.Name, skel.Maps.Listeners.Name, skel.Maps.Sockets.Name, skel.Maps.SocketsByEndpoint.Name, skel.Maps.Stacks.Name, skel.Maps.Xsk.Name]);
        Assert.False(skel.Maps.Stacks.LookupElem(0, out _));
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Maps_without_types_are_bytes(string @case)
    {
        using MapsUntypedOpen open = MapsUntyped.Open(TestObjects.Read("skeleton/maps_untyped"), LoaderCase.Options(@case));
        using MapsUntyped skel = open.Load();
        skel.Maps.Hash.UpdateElem([1, 2, 3], new byte[17]);
        Assert.True(skel.Maps.Hash.LookupElem([1, 2, 3], new byte[17]));
        Assert.Equal((12, 8, 8, 24), (skel.Maps.PerCpu.ValueSize, skel.Maps.Queue.ValueSize, skel.Maps.Trie.KeySize, skel.Maps.HalfTyped.ValueSize));
    }

    private static (int Key, int Value) Inner(MapsOfMaps skel)
    {
        using BpfMap inner = BpfMap.Create(skel.Object.Kernel, new() { Type = BpfMapType.Hash, KeySize = 3, ValueSize = 5, MaxEntries = 4 });
        skel.Maps.Untyped.UpdateElem(0, inner);
        Assert.True(skel.Maps.Untyped.LookupElem(0, out BpfMap? found));
        using (found)
            return (found.KeySize, found.ValueSize);
    }
}
