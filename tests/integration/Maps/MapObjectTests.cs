using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Tests.Integration.Maps;

/// <summary>Maps as objects of the kernel: pins, ids, access, BTF; the same on both kernels.</summary>
public sealed unsafe class MapObjectTests
{
    public static TheoryData<string> Kernels => TestKernels.Both;

    [Theory, MemberData(nameof(Kernels))]
    public void A_pin_keeps_the_map_and_is_checked(string kernel)
    {
        IBpfKernel on = TestKernels.Get(kernel);
        using var folder = new PinFolder(on);
        string path = folder.PathOf("counts");
        var spec = new BpfMapSpec { Name = "counts", Type = BpfMapType.Hash, KeySize = 4, ValueSize = 8, MaxEntries = 16 };
        uint id;
        using (BpfMap map = BpfMap.Create(on, spec))
        {
            id = map.Id;
            map.UpdateElem(1, 2L);
            map.Pin(path);
            BpfException again = Assert.Throws<BpfException>(() => map.Pin(path));
            Assert.Equal(BpfErrno.EEXIST, again.Errno);
            Assert.Contains("exists already", again.Message, StringComparison.Ordinal);
            Assert.Contains("contain no '.'", Assert.Throws<BpfException>(() => map.Pin(folder.PathOf("a.b"))).Message, StringComparison.Ordinal);
            Assert.Contains("folder of", Assert.Throws<BpfException>(() => map.Pin(folder.PathOf("none/x"))).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentNullException>(() => map.Pin(null!));
        }

        using BpfMap opened = BpfMap.OpenPinned(on, path, spec);
        Assert.Equal(id, opened.Id);
        Assert.True(opened.LookupElem(1, out long value));
        Assert.Equal(2, value);

        BpfException e = Assert.Throws<BpfException>(() => BpfMap.OpenPinned(on, path, spec with
        {
            Type = BpfMapType.LruHash,
            KeySize = 8,
            ValueSize = 4,
            MaxEntries = 17,
            Flags = BpfMapFlags.NumaNode,
        }));
        Assert.Equal(BpfErrno.EINVAL, e.Errno);
        foreach (string difference in new[] { "type is Hash, expected LruHash", "key_size is 4, expected 8", "value_size is 8, expected 4", "max_entries is 16, expected 17", "flags are None, expected NumaNode" })
            Assert.Contains(difference, e.Message, StringComparison.Ordinal);

        using BpfMap other = BpfMap.Create(on, spec);
        Assert.Contains("not of this one", Assert.Throws<BpfException>(() => other.Unpin(path)).Message, StringComparison.Ordinal);
        opened.Unpin(path);
        e = Assert.Throws<BpfException>(() => BpfMap.OpenPinned(on, path));
        Assert.Equal(BpfErrno.ENOENT, e.Errno);
        Assert.Contains("nothing at", e.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void A_descriptor_of_one_direction_refuses_the_other(string kernel)
    {
        IBpfKernel on = TestKernels.Get(kernel);
        using var folder = new PinFolder(on);
        using BpfArray<int> map = BpfArray<int>.Create(on, 1, "a");
        map.Map.Pin(folder.PathOf("a"));
        using BpfMap reader = BpfMap.OpenPinned(on, folder.PathOf("a"), access: BpfMapFlags.ReadOnly);
        Assert.True(reader.LookupElem(0, out int _));
        BpfException e = Assert.Throws<BpfException>(() => reader.UpdateElem(0, 1));
        Assert.Equal(BpfErrno.EPERM, e.Errno);
        Assert.Contains("read-only", e.Message, StringComparison.Ordinal);
        using BpfMap writer = BpfMap.OpenById(on, map.Map.Id, BpfMapFlags.WriteOnly);
        writer.UpdateElem(0, 1);
        Assert.Equal(BpfErrno.EPERM, Assert.Throws<BpfException>(() => writer.LookupElem(0, out int _)).Errno);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void An_arena_has_one_address_for_all_who_map_it(string kernel)
    {
        IBpfKernel on = TestKernels.Get(kernel);
        Assert.SkipWhen(on.Facts.Release < new Version(6, 9), "Arenas came with 6.9.");
        using BpfMap map = BpfMap.Create(on, new BpfMapSpec { Name = "pages", Type = BpfMapType.Arena, MaxEntries = 4, Flags = BpfMapFlags.MMapable });
        using BpfMapMemory first = map.MapMemory();
        using (BpfMapMemory second = map.MapMemory())
        {
            Assert.Equal(4 * on.Facts.PageSize, second.Length);
            second.At<int>(5000) = 7;
        }

        using BpfMapMemory read = map.MapMemory(writable: false);
        Assert.Equal((7, 7), (first.Peek<int>(5000), read.Peek<int>(5000)));
        Assert.Throws<InvalidOperationException>(() => read.At<int>(0));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Ids_lead_to_maps(string kernel)
    {
        IBpfKernel on = TestKernels.Get(kernel);
        using BpfMap map = BpfMap.Create(on, new BpfMapSpec { Name = "a_name_longer_than_15", Type = BpfMapType.Array, KeySize = 4, ValueSize = 4, MaxEntries = 3 });
        Assert.Equal("a_name_longer_than_15", map.Name);
        Assert.Contains(map.Id, BpfMap.EnumerateIds(on));
        using BpfMap again = BpfMap.OpenById(on, map.Id);
        Assert.Equal("a_name_longer_t", again.Name);
        Assert.Equal(map.GetInfo(), again.GetInfo());
        BpfException e = Assert.Throws<BpfException>(() => BpfMap.OpenById(on, 0));
        Assert.Equal(BpfErrno.ENOENT, e.Errno);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Nothing_is_left_open(string kernel)
    {
        IBpfKernel on = TestKernels.Get(kernel);
        using BpfArray<int> keep = BpfArray<int>.Create(on, 1, "keep");
        FdCount.AssertNoLeak(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                using BpfHashMap<int, int> map = BpfHashMap<int, int>.Create(on, 4, "m");
                map.UpdateElem(1, 1);
                using BpfMap copy = map.Map.Duplicate();
                Assert.Throws<BpfException>(() => copy.AsArray<int>());
                foreach (KeyValuePair<int, int> entry in map)
                    Assert.Equal(1, entry.Key);
                Assert.Throws<BpfException>(() => BpfHashMap<int, int>.Create(on, 0));
            }
        });
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Binding_compares_the_btf_of_the_map(string kernel)
    {
        IBpfKernel on = TestKernels.Get(kernel);
        var builder = new BtfBuilder();
        uint u32 = builder.AddInt("unsigned int", 4);
        uint u64 = builder.AddInt("unsigned long", 8);
        uint record = builder.AddStruct("record", 16);
        builder.AddMember("first", u32, 0);
        builder.AddMember("second", u32, 32);
        builder.AddMember("total", u64, 64);
        using KernelHandle btf = LoadBtf(on, builder.ToArray());
        using BpfMap map = BpfMap.Create(on, new BpfMapSpec
        {
            Name = "m",
            Type = BpfMapType.Hash,
            KeySize = 4,
            ValueSize = 16,
            MaxEntries = 4,
            Btf = btf,
            BtfKeyTypeId = u32,
            BtfValueTypeId = record,
        });
        BpfHashMap<uint, Record> right = map.AsHash<uint, Record>();
        right.UpdateElem(1, new Record { First = 1, Second = 2, Total = 3 });
        Assert.True(right.LookupElem(1, out Record value));
        Assert.Equal((1u, 2u, 3ul), (value.First, value.Second, value.Total));
        Assert.NotNull(map.AsHash<int, Record>());
        BpfException e = Assert.Throws<BpfException>(() => map.AsHash<float, WrongRecord>());
        Assert.Contains("key: BTF says 'Single' is an integer of 4 bytes at byte 0", e.Message, StringComparison.Ordinal);
        Assert.Contains("value: BTF says 'first' is an integer of 4 bytes at byte 0, but WrongRecord has 'Both', 8 bytes, at byte 0", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("'total'", e.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void An_array_of_programs_refuses_what_is_none(string kernel)
    {
        IBpfKernel on = TestKernels.Get(kernel);
        using BpfProgramArray map = BpfProgramArray.Create(on, 4, "programs");
        Assert.False(map.LookupElem(0, out uint id));
        Assert.Equal(0u, id);
        Assert.False(map.DeleteElem(0));
        Assert.Throws<ArgumentNullException>(() => map.UpdateElem(0, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.DeleteElem(-1));
        foreach (KeyValuePair<int, uint> entry in map)
            Assert.Fail($"slot {entry.Key} is not empty");
        BpfException e = Assert.Throws<BpfException>(() => map.Map.UpdateElem(0, map.Map.FileDescriptor));
        Assert.Equal(BpfErrno.EINVAL, e.Errno);
        Assert.Contains("descriptor", e.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void An_array_of_programs_holds_programs_of_one_type(string kernel)
    {
        IBpfKernel on = TestKernels.Get(kernel);
        BpfInstruction[] code = new BpfAssembler().Mov(BpfRegister.R0, 0).Exit().Build();
        using BpfProgramArray map = BpfProgramArray.Create(on, 4, "programs");
        using (BpfProgram program = BpfProgram.Load(on, BpfProgramType.SocketFilter, code))
            map.UpdateElem(2, program);
        Assert.True(map.LookupElem(2, out uint id));
        Assert.NotEqual(0u, id);
        var slots = new List<KeyValuePair<int, uint>>();
        foreach (KeyValuePair<int, uint> entry in map)
            slots.Add(entry);
        Assert.Equal([new(2, id)], slots);
        using BpfProgram other = BpfProgram.Load(on, BpfProgramType.SchedCls, code);
        Assert.Equal(BpfErrno.EINVAL, Assert.Throws<BpfException>(() => map.UpdateElem(1, other)).Errno);
        BpfException e = Assert.Throws<BpfException>(() => map.UpdateElem(4, other));
        Assert.Equal(BpfErrno.E2BIG, e.Errno);
        Assert.True(map.DeleteElem(2));
        Assert.False(map.DeleteElem(2));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Kinds_without_an_operation_say_so(string kernel)
    {
        IBpfKernel on = TestKernels.Get(kernel);
        using BpfMap ring = BpfMap.Create(on, new BpfMapSpec { Name = "ring", Type = BpfMapType.RingBuf, MaxEntries = 4096 });
        BpfException e = Assert.Throws<BpfException>(() => ring.UpdateElem([], []));
        Assert.Contains("RingBuf", e.Message, StringComparison.Ordinal);
        using BpfQueue<int> queue = BpfQueue<int>.Create(on, 4, "queue");
        e = Assert.Throws<BpfException>(() => queue.Map.UpdateBatch([], new byte[4]));
        Assert.Equal(BpfErrno.EINVAL, e.Errno);
        using BpfArray<int> array = BpfArray<int>.Create(on, 4, "array");
        e = Assert.Throws<BpfException>(() => array.Map.DeleteBatch(new byte[8]));
        Assert.Equal(BpfErrno.ENOTSUPP, e.Errno);
        Assert.Contains("does not support", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<BpfException>(() => array.Map.LookupAndDeleteElem(new byte[4], new byte[4]));
        Assert.Equal(BpfErrno.ENOTSUPP, e.Errno);
        Assert.Throws<BpfException>(() => array.Map.UpdateBatch(new byte[7], new byte[8]));
    }

    private static KernelHandle LoadBtf(IBpfKernel kernel, byte[] bytes)
    {
        fixed (byte* pointer = bytes)
        {
            bpf_attr_btf_load attr = default;
            attr.btf = (ulong)pointer;
            attr.btf_size = (uint)bytes.Length;
            int fd = kernel.Bpf(BpfCommand.BtfLoad, ref BpfAttr.From(ref attr), (uint)sizeof(bpf_attr_btf_load));
            return new KernelHandle(kernel, KernelErrors.Check(fd, kernel, "BPF_BTF_LOAD"), "BTF");
        }
    }

    private struct Record
    {
        public uint First;
        public uint Second;
        public ulong Total;
    }

    private struct WrongRecord
    {
#pragma warning disable CS0649 // only its layout matters
        public ulong Both;
        public ulong Total;
    }
}
