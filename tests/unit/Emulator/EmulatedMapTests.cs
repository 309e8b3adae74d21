using System.Text;
using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;

namespace LibbpfSharp.UnitTests.Emulator;

public sealed unsafe class EmulatedMapTests
{
    private const int Enoent = -2, E2big = -7, Eacces = -13, Einval = -22, Erange = -34;

    [Fact]
    public void Element_commands_allocate_nothing()
    {
        using var kernel = new EmulatedKernel();
        RawMap[] maps =
        [
            new(kernel, BpfMapType.Hash, 8, 8, 64), new(kernel, BpfMapType.LruHash, 8, 8, 64), new(kernel, BpfMapType.PerCpuHash, 8, 8, 64),
            new(kernel, BpfMapType.LpmTrie, 8, 8, 64, BpfMapFlags.NoPrealloc),
        ];
        byte[] key = [64 - 32, 0, 0, 0, 1, 2, 3, 4];
        byte[] value = new byte[16];
        long before = 0;
        for (int round = 0; round < 2; round++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            foreach (RawMap map in maps)
            {
                for (int i = 0; i < 1000; i++)
                {
                    key[7] = (byte)(i % 50);
                    map.Update(key, value);
                    map.Lookup(key, value);
                    if (i % 3 == 0)
                        map.Delete(key);
                }
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(64)]
    public void Per_cpu_values_have_a_slot_per_possible_cpu(int cpus)
    {
        using var kernel = new EmulatedKernel(new EmulatedKernelOptions { PossibleCpuCount = cpus });
        foreach (uint size in (uint[])[3, 5, 8, 12])
        {
            var map = new RawMap(kernel, BpfMapType.PerCpuArray, 4, size, 2);
            int stride = ((int)size + 7) & ~7;
            byte[] written = new byte[stride * cpus];
            for (int cpu = 0; cpu < cpus; cpu++)
                written.AsSpan(cpu * stride, (int)size).Fill((byte)(cpu + 1));
            byte[] key = BitConverter.GetBytes(1u);
            Assert.Equal(0, map.Update(key, written));
            byte[] read = new byte[written.Length];
            Assert.Equal(0, map.Lookup(key, read));
            Assert.Equal(written, read);
            uint one = 1;
            Assert.Equal(cpus, (int)*map.Map.LookupPerCpu((byte*)&one, (uint)cpus - 1));
            Assert.True(map.Map.LookupPerCpu((byte*)&one, (uint)cpus) == null);
        }
    }

    [Fact]
    public void Cpu_numbers_may_have_gaps()
    {
        using var kernel = new EmulatedKernel(new EmulatedKernelOptions { PossibleCpus = [0, 2, 5] });
        var map = new RawMap(kernel, BpfMapType.PerCpuHash, 8, 8, 4);
        byte[] value = new byte[24];
        value[16] = 55;
        Assert.Equal(0, map.Update(BitConverter.GetBytes(1ul), value));
        ulong key = 1;
        Assert.Equal(55, *map.Map.LookupPerCpu((byte*)&key, 5));
        Assert.True(map.Map.LookupPerCpu((byte*)&key, 1) == null);
        kernel.CurrentCpu = 5;
        Assert.Equal(2, kernel.CurrentCpuSlot);
        Assert.Throws<ArgumentOutOfRangeException>(() => kernel.CurrentCpu = 3);
        Assert.Throws<ArgumentException>(() => new EmulatedKernel(new EmulatedKernelOptions { PossibleCpus = [1, 0] }));
    }

    [Fact]
    public void One_cpus_value_can_be_named_from_7_0_on()
    {
        byte[] key = BitConverter.GetBytes(9ul);
        byte[] one = BitConverter.GetBytes(77ul);
        byte[] all = new byte[16];
        using var old = new EmulatedKernel();
        var before = new RawMap(old, BpfMapType.PerCpuHash, 8, 8, 4);
        Assert.Equal(Einval, before.Update(key, all, 8 | (1ul << 32)));
        using var kernel = new EmulatedKernel(new EmulatedKernelOptions { Release = new Version(7, 0) });
        foreach (BpfMapType type in (BpfMapType[])[BpfMapType.PerCpuHash, BpfMapType.LruPerCpuHash])
        {
            var map = new RawMap(kernel, type, 8, 8, 4);
            Assert.Equal(0, map.Update(key, one, 8 | (1ul << 32)));
            Assert.Equal(0, map.Lookup(key, all));
            Assert.Equal((0ul, 77ul), (BitConverter.ToUInt64(all), BitConverter.ToUInt64(all, 8)));
            Assert.Equal(0, map.Update(key, BitConverter.GetBytes(5ul), 16));
            Assert.Equal(0, map.Lookup(key, all));
            Assert.Equal((5ul, 5ul), (BitConverter.ToUInt64(all), BitConverter.ToUInt64(all, 8)));
            byte[] single = new byte[8];
            Assert.Equal(0, map.Lookup(key, single, 8));
            Assert.Equal(5ul, BitConverter.ToUInt64(single));
            Assert.Equal(Erange, map.Update(key, one, 8 | (2ul << 32)));
            Assert.Equal(Einval, map.Update(key, one, 8 | 16));
        }

        Assert.Equal(Einval, new RawMap(kernel, BpfMapType.Hash, 8, 8, 4).Update(key, one, 8));
    }

    [Theory]
    [InlineData(6, 18, BpfMapType.RingBuf, BpfMapFlags.RbOverwrite, false)]
    [InlineData(6, 19, BpfMapType.RingBuf, BpfMapFlags.RbOverwrite, true)]
    [InlineData(5, 7, BpfMapType.RingBuf, BpfMapFlags.None, false)]
    [InlineData(5, 8, BpfMapType.RingBuf, BpfMapFlags.None, true)]
    [InlineData(6, 0, BpfMapType.UserRingBuf, BpfMapFlags.None, false)]
    public void Types_and_flags_follow_the_release(int major, int minor, BpfMapType type, BpfMapFlags flags, bool isThere)
    {
        using var kernel = new EmulatedKernel(new EmulatedKernelOptions { Release = new Version(major, minor) });
        var map = new RawMap(kernel, type, 0, 0, 4096, flags);
        Assert.Equal(isThere, map.Fd > 0);
        if (!isThere)
            Assert.Equal(Einval, map.Fd);
    }

    [Fact]
    public void A_ring_buffer_shows_a_wrapped_record_in_both_copies()
    {
        using var kernel = new EmulatedKernel();
        var map = new RawMap(kernel, BpfMapType.RingBuf, 0, 0, 4096);
        nint address = 0;
        Assert.Equal(0, kernel.MapMemory(map.Fd, 4096 + 8192, MemoryProtection.Read, MemorySharing.Shared, 4096, ref address));
        nint consumer = 0;
        Assert.Equal(0, kernel.MapMemory(map.Fd, 4096, MemoryProtection.Read | MemoryProtection.Write, MemorySharing.Shared, 0, ref consumer));
        var ring = (RingBufferMap)map.Map;
        byte* data = (byte*)address + 4096;
        for (int i = 0; i < 20; i++)
        {
            byte* record = ring.Reserve(1000, 0);
            Assert.True(record != null);
            new Span<byte>(record, 1000).Fill((byte)(i + 1));
            ring.Commit(record, 0, discard: false);
            ulong position = *(ulong*)consumer;
            uint length = *(uint*)(data + (position % 4096));
            Assert.Equal(1000u, length);
            for (uint at = 0; at < 1000; at++)
            {
                ulong offset = (position + 8 + at) % 4096;
                Assert.Equal(i + 1, data[offset]);
                Assert.Equal(i + 1, data[offset + 4096]);
            }

            *(ulong*)consumer = position + 1008;
        }

        Assert.Equal(0, kernel.UnmapMemory(address, 4096 + 8192));
        Assert.Equal(0, kernel.UnmapMemory(consumer, 4096));
    }

    [Fact]
    public void An_overwriting_ring_buffer_keeps_the_newest()
    {
        using var kernel = new EmulatedKernel(new EmulatedKernelOptions { Release = new Version(6, 19) });
        var ring = (RingBufferMap)new RawMap(kernel, BpfMapType.RingBuf, 0, 0, 4096, BpfMapFlags.RbOverwrite).Map;
        for (int i = 0; i < 100; i++)
        {
            byte* record = ring.Reserve(248, 0);
            Assert.True(record != null);
            ring.Commit(record, 0, discard: false);
        }

        Assert.Equal(100ul * 256, ring.Query(3));
        Assert.Equal(85ul * 256, ring.Query(4));
        Assert.Equal(15ul * 256, ring.Query(0));
    }

    [Fact]
    public void A_waiter_wakes_for_a_record_and_not_for_one_without_wake_up()
    {
        using var kernel = new EmulatedKernel();
        var map = new RawMap(kernel, BpfMapType.RingBuf, 0, 0, 4096);
        var ring = (RingBufferMap)map.Map;
        Assert.Equal(0, kernel.CreateWaiter(out IKernelWaiter? waiter));
        using (waiter)
        {
            Assert.Equal(0, waiter!.Add(map.Fd, 7));
            Assert.Equal(-17, waiter.Add(map.Fd, 7));
            uint[] tokens = new uint[4];
            Assert.Equal(0, waiter.Wait(tokens, 0));
            using var started = new ManualResetEventSlim();
            int woken = -1;
            var thread = new Thread(() =>
            {
                started.Set();
                woken = waiter.Wait(tokens, -1);
            });
            thread.Start();
            started.Wait();
            byte value = 1;
            Assert.Equal(0, ring.Output(&value, 1, 0));
            thread.Join();
            Assert.Equal(1, woken);
            Assert.Equal(7u, tokens[0]);

            // Level-triggered: what is there without a wake-up is seen by the next look.
            Assert.Equal(1, waiter.Wait(tokens, 0));
            waiter.Wake();
            Assert.Equal(0, waiter.Remove(map.Fd));
            Assert.Equal(0, waiter.Wait(tokens, -1));
            Assert.Equal(0, waiter.Wait(tokens, 0));
        }
    }

    [Fact]
    public void An_inner_map_lives_as_long_as_the_outer_one_holds_it()
    {
        using var kernel = new EmulatedKernel();
        var inner = new RawMap(kernel, BpfMapType.Hash, 8, 8, 4);
        foreach (BpfMapType type in (BpfMapType[])[BpfMapType.ArrayOfMaps, BpfMapType.HashOfMaps])
        {
            var outer = new RawMap(kernel, type, 4, 4, 4, innerFd: inner.Fd);
            var item = new RawMap(kernel, BpfMapType.Hash, 8, 8, 4);
            Assert.Equal(0, item.Update(1, 42));
            byte[] key = BitConverter.GetBytes(1u);
            Assert.Equal(0, outer.Update(key, BitConverter.GetBytes(item.Fd)));
            uint id = item.Map.Id;
            Assert.Equal(0, kernel.Close(item.Fd));
            var attr = new BpfAttr();
            attr.get_id.id = id;
            int again = kernel.Bpf(BpfCommand.MapGetFdById, ref attr, 16);
            Assert.True(again > 0);
            Assert.Equal(0, kernel.Close(again));
            Assert.Equal(0, outer.Delete(key));
            attr = default;
            attr.get_id.id = id;
            Assert.Equal(Enoent, kernel.Bpf(BpfCommand.MapGetFdById, ref attr, 16));
        }
    }

    [Fact]
    public void Nothing_is_left_after_a_thousand_maps()
    {
        using var kernel = new EmulatedKernel();
        for (int i = 0; i < 1000; i++)
        {
            var map = new RawMap(kernel, BpfMapType.Hash, 8, 8, 16);
            Assert.Equal(0, map.Update((ulong)i, 1));
            Assert.Equal(0, kernel.Close(map.Fd));
        }

        Assert.Equal(0, kernel.OpenDescriptors);
        Assert.Equal(0, kernel.Maps.Count);
    }

    [Fact]
    public void A_size_beyond_the_memory_there_is_is_refused()
    {
        using var kernel = new EmulatedKernel();
        Assert.Equal(-12, new RawMap(kernel, BpfMapType.Array, 4, int.MaxValue - 8, uint.MaxValue).Fd);
        Assert.Equal(E2big, new RawMap(kernel, BpfMapType.Hash, 4, 4, uint.MaxValue).Fd);
    }

    [Fact]
    public void Local_storage_belongs_to_its_object()
    {
        using var kernel = new EmulatedKernel();
        kernel.CreateProcess(4711, "worker");
        ulong cgroup = kernel.CreateCgroup("/sys/fs/cgroup/test");
        Assert.True(cgroup > 0);
        int process = kernel.OpenProcess(4711);
        int group = kernel.OpenPath("/sys/fs/cgroup/test");
        Assert.InRange(process, 3, EmulatedKernel.FirstDescriptor - 1);
        Assert.InRange(group, 3, EmulatedKernel.FirstDescriptor - 1);
        Assert.Equal(-3, kernel.OpenProcess(1));
        Assert.Equal(Enoent, kernel.OpenPath("/sys/fs/cgroup/other"));
        var cgroups = new RawMap(kernel, BpfMapType.CgroupArray, 4, 4, 2);
        Assert.Equal(0, cgroups.Update(BitConverter.GetBytes(0), BitConverter.GetBytes(group)));
        Assert.Equal(-9, cgroups.Update(BitConverter.GetBytes(0), BitConverter.GetBytes(process)));
        int socket = kernel.CreateSocket();
        var sockets = new RawMap(kernel, BpfMapType.SockMap, 4, 8, 2);
        Assert.Equal(0, sockets.Update(BitConverter.GetBytes(1), BitConverter.GetBytes((ulong)socket)));
        Assert.Equal(0, kernel.Close(socket));
        byte[] cookie = new byte[8];
        Assert.Equal(0, sockets.Lookup(BitConverter.GetBytes(1), cookie));
        Assert.NotEqual(0ul, BitConverter.ToUInt64(cookie));
    }

    [Fact]
    public void Pins_can_be_listed_removed_and_opened()
    {
        using var kernel = new EmulatedKernel();
        var map = new RawMap(kernel, BpfMapType.Hash, 8, 8, 4);
        Assert.Equal(0, kernel.CreateDirectory("/sys/fs/bpf/dir"));
        Assert.Equal(0, Pin(kernel, BpfCommand.ObjPin, "/sys/fs/bpf/dir/a", map.Fd));
        Assert.Equal(-39, kernel.RemovePath("/sys/fs/bpf/dir"));
        Assert.Equal(0, kernel.ListDirectory("/sys/fs/bpf/dir", out IReadOnlyList<string> names));
        Assert.Equal(["a"], names);
        Assert.Equal(Eacces, Pin(kernel, BpfCommand.ObjGet, "/sys/fs/bpf/dir", 0));
        Assert.Equal(0, kernel.Close(map.Fd));
        int fd = Pin(kernel, BpfCommand.ObjGet, "/sys/fs/bpf/dir/a", 0);
        Assert.True(fd > 0);
        Assert.Equal(0, kernel.Close(fd));
        Assert.Equal(0, kernel.RemovePath("/sys/fs/bpf/dir/a"));
        Assert.Equal(0, kernel.RemovePath("/sys/fs/bpf/dir"));
        Assert.Equal(0, kernel.Maps.Count);
    }

    [Fact]
    public void The_shipped_btf_has_the_kfuncs_and_can_be_read_by_id()
    {
        using var kernel = new EmulatedKernel();
        Assert.Equal(0, kernel.Facts.ReadBtf(null, out KernelBlob? blob));
        using (blob)
        {
            var btf = Formats.Btf.BtfData.Parse(blob!.GetSpan().ToArray());
            Assert.True(btf.TryFindByName("bpf_map_sum_elem_count", Formats.Btf.BtfKind.Func, out _));
            Assert.True(btf.TryFindByName("task_struct", Formats.Btf.BtfKind.Struct, out _));
            Assert.True(btf.TryFindByName("btf_trace_sys_enter", Formats.Btf.BtfKind.Typedef, out _));
        }

        var attr = new BpfAttr();
        Assert.Equal(0, kernel.Bpf(BpfCommand.BtfGetNextId, ref attr, 8));
        attr.get_id.id = attr.get_id.next_id;
        attr.get_id.next_id = 0;
        int fd = kernel.Bpf(BpfCommand.BtfGetFdById, ref attr, 16);
        byte* name = stackalloc byte[16];
        bpf_btf_info info = default;
        info.name = (ulong)name;
        info.name_len = 16;
        attr = default;
        attr.info.bpf_fd = (uint)fd;
        attr.info.info = (ulong)&info;
        attr.info.info_len = 32;
        Assert.Equal(0, kernel.Bpf(BpfCommand.ObjGetInfoByFd, ref attr, 16));
        Assert.Equal("vmlinux", Encoding.UTF8.GetString(name, (int)info.name_len));
        Assert.Equal(1u, info.kernel_btf);
    }

    [Fact]
    public void Damaged_btf_is_refused_with_a_reason()
    {
        using var kernel = new EmulatedKernel();
        byte[] bytes = new byte[40];
        byte* log = stackalloc byte[256];
        fixed (byte* pointer = bytes)
        {
            var attr = new BpfAttr();
            attr.btf_load.btf = (ulong)pointer;
            attr.btf_load.btf_size = (uint)bytes.Length;
            attr.btf_load.btf_log_buf = (ulong)log;
            attr.btf_load.btf_log_size = 256;
            attr.btf_load.btf_log_level = 1;
            Assert.Equal(Einval, kernel.Bpf(BpfCommand.BtfLoad, ref attr, 40));
            Assert.Contains("magic", Encoding.UTF8.GetString(log, 200));
        }
    }

    private static int Pin(EmulatedKernel kernel, BpfCommand command, string path, int fd)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            var attr = new BpfAttr();
            attr.obj.pathname = (ulong)name;
            attr.obj.bpf_fd = (uint)fd;
            return kernel.Bpf(command, ref attr, 24);
        }
    }
}
