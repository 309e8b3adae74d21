using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Tests.Integration.Maps;

/// <summary>The error table of bpf_map__update_elem: what libbpf checks, what the kernel answers, the same on both kernels.</summary>
public sealed class UpdateElemTests
{
    private const int MaxEntries = 4;

    /// <summary>Types whose elements are inserted.</summary>
    public static TheoryData<string, BpfMapType> Hashes => Cross(BpfMapType.Hash, BpfMapType.LruHash, BpfMapType.PerCpuHash, BpfMapType.LruPerCpuHash);

    /// <summary>Types whose elements always exist.</summary>
    public static TheoryData<string, BpfMapType> Arrays => Cross(BpfMapType.Array, BpfMapType.PerCpuArray);

    /// <summary>All of them.</summary>
    public static TheoryData<string, BpfMapType> All => Cross(
        BpfMapType.Hash, BpfMapType.LruHash, BpfMapType.PerCpuHash, BpfMapType.LruPerCpuHash, BpfMapType.Array, BpfMapType.PerCpuArray);

    [Theory, MemberData(nameof(All))]
    public void A_key_of_the_wrong_size_is_refused_before_the_kernel_is_asked(string kernel, BpfMapType type)
    {
        using BpfMap map = Create(kernel, type);
        byte[] value = new byte[map.ElementSize];
        foreach (int size in new[] { 0, 3, 5 })
        {
            byte[] key = new byte[size];
            BpfException e = Assert.Throws<BpfException>(() => map.UpdateElem(key, value));
            Assert.Equal(BpfErrno.EINVAL, e.Errno);
            Assert.Contains("map 'm'", e.Message, StringComparison.Ordinal);
            Assert.Contains($"Unexpected key size {size} provided, expected 4", e.Message, StringComparison.Ordinal);
            Assert.Throws<BpfException>(() => map.LookupElem(key, value));
            Assert.Throws<BpfException>(() => map.DeleteElem(key));
        }
    }

    [Theory, MemberData(nameof(All))]
    public void A_value_of_the_wrong_size_is_refused_before_the_kernel_is_asked(string kernel, BpfMapType type)
    {
        using BpfMap map = Create(kernel, type);
        bool perCpu = map.ElementSize != map.ValueSize || type is BpfMapType.PerCpuArray or BpfMapType.PerCpuHash or BpfMapType.LruPerCpuHash;
        int cpus = map.Kernel.Facts.PossibleCpus.Count;
        Assert.Equal(perCpu ? 8 * cpus : 8, map.ElementSize);
        foreach (int size in new[] { map.ElementSize - 1, map.ElementSize + 8, 0 })
        {
            byte[] value = new byte[size];
            BpfException e = Assert.Throws<BpfException>(() => map.UpdateElem(new byte[4], value));
            Assert.Equal(BpfErrno.EINVAL, e.Errno);
            Assert.Contains(
                perCpu ? $"Unexpected value size {size} provided for per-CPU map, expected {cpus} * 8 = {cpus * 8}" : $"Unexpected value size {size} provided, expected 8",
                e.Message,
                StringComparison.Ordinal);
            Assert.Contains("unexpected value size", Assert.Throws<BpfException>(() => map.LookupElem(new byte[4], value)).Message, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory, MemberData(nameof(Hashes))]
    public void The_flags_of_a_hash_insist_on_what_they_say(string kernel, BpfMapType type)
    {
        using BpfMap map = Create(kernel, type);
        BpfException e = Assert.Throws<BpfException>(() => Update(map, 1, BpfUpdateFlags.Exist));
        Assert.Equal(BpfErrno.ENOENT, e.Errno);
        Assert.Contains("BPF_EXIST", e.Message, StringComparison.Ordinal);
        Update(map, 1, BpfUpdateFlags.NoExist);
        e = Assert.Throws<BpfException>(() => Update(map, 1, BpfUpdateFlags.NoExist));
        Assert.Equal(BpfErrno.EEXIST, e.Errno);
        Assert.Contains("BPF_NOEXIST", e.Message, StringComparison.Ordinal);
        Update(map, 1, BpfUpdateFlags.Exist);
        Update(map, 2, BpfUpdateFlags.Any);
        Assert.True(Lookup(map, 1));
        Assert.True(Lookup(map, 2));
    }

    [Theory, MemberData(nameof(Arrays))]
    public void Elements_of_an_array_always_exist(string kernel, BpfMapType type)
    {
        using BpfMap map = Create(kernel, type);
        Update(map, 1, BpfUpdateFlags.Exist);
        BpfException e = Assert.Throws<BpfException>(() => Update(map, 1, BpfUpdateFlags.NoExist));
        Assert.Equal(BpfErrno.EEXIST, e.Errno);
        Assert.Contains("array", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<BpfException>(() => Update(map, MaxEntries, BpfUpdateFlags.Any));
        Assert.Equal(BpfErrno.E2BIG, e.Errno);
        Assert.Contains($"max_entries, which is {MaxEntries}", e.Message, StringComparison.Ordinal);
        Assert.False(Lookup(map, MaxEntries));
        e = Assert.Throws<BpfException>(() => map.DeleteElem(1));
        Assert.Equal(BpfErrno.EINVAL, e.Errno);
        Assert.Contains("cannot be deleted", e.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(All))]
    public void Unknown_flags_are_EINVAL(string kernel, BpfMapType type)
    {
        using BpfMap map = Create(kernel, type);
        foreach (ulong flags in new ulong[] { 3, 99, 1ul << 40 })
        {
            BpfException e = Assert.Throws<BpfException>(() => Update(map, 1, (BpfUpdateFlags)flags));
            Assert.Equal(BpfErrno.EINVAL, e.Errno);
            Assert.Contains("flags", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(All))]
    public void A_lock_flag_without_a_lock_is_EINVAL(string kernel, BpfMapType type)
    {
        using BpfMap map = Create(kernel, type);
        BpfException e = Assert.Throws<BpfException>(() => Update(map, 1, BpfUpdateFlags.Lock));
        Assert.Equal(BpfErrno.EINVAL, e.Errno);
        Assert.Contains("bpf_spin_lock", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TestKernels.Both), MemberType = typeof(TestKernels))]
    public void A_full_hash_is_E2BIG_with_its_capacity(string kernel)
    {
        foreach (BpfMapType type in new[] { BpfMapType.Hash, BpfMapType.PerCpuHash })
        {
            using BpfMap map = Create(kernel, type);
            for (int i = 0; i < MaxEntries; i++)
                Update(map, i, BpfUpdateFlags.NoExist);
            BpfException e = Assert.Throws<BpfException>(() => Update(map, MaxEntries, BpfUpdateFlags.Any));
            Assert.Equal(BpfErrno.E2BIG, e.Errno);
            Assert.Contains($"max_entries is {MaxEntries}", e.Message, StringComparison.Ordinal);
            Assert.Equal(BpfErrno.EEXIST, Assert.Throws<BpfException>(() => Update(map, 0, BpfUpdateFlags.NoExist)).Errno);
            Assert.Equal(BpfErrno.ENOENT, Assert.Throws<BpfException>(() => Update(map, 9, BpfUpdateFlags.Exist)).Errno);
            Update(map, 0, BpfUpdateFlags.Any);
        }
    }

    [Theory]
    [MemberData(nameof(TestKernels.Both), MemberType = typeof(TestKernels))]
    public void An_lru_is_never_full(string kernel)
    {
        foreach (BpfMapType type in new[] { BpfMapType.LruHash, BpfMapType.LruPerCpuHash })
        {
            using BpfMap map = Create(kernel, type);
            for (int i = 0; i < 10 * MaxEntries; i++)
            {
                Update(map, i, BpfUpdateFlags.Any);
                Assert.True(Lookup(map, i));
            }
        }
    }

    [Theory, MemberData(nameof(All))]
    public void A_missing_key_is_false(string kernel, BpfMapType type)
    {
        using BpfMap map = Create(kernel, type);
        Assert.False(Lookup(map, 77));
        if (type is not (BpfMapType.Array or BpfMapType.PerCpuArray))
            Assert.False(map.DeleteElem(77));
    }

    [Theory, MemberData(nameof(All))]
    public void A_frozen_map_is_EPERM_and_says_so(string kernel, BpfMapType type)
    {
        using BpfMap map = Create(kernel, type);
        Update(map, 1, BpfUpdateFlags.Any);
        map.Freeze();
        BpfException e = Assert.Throws<BpfException>(() => Update(map, 1, BpfUpdateFlags.Any));
        Assert.Equal(BpfErrno.EPERM, e.Errno);
        Assert.Contains("frozen", e.Message, StringComparison.Ordinal);
        Assert.True(Lookup(map, 1));
        e = Assert.Throws<BpfException>(map.Freeze);
        Assert.True(e.Errno is BpfErrno.EPERM or BpfErrno.EBUSY, e.Errno.ToString()); // EBUSY up to some version after 6.1
        Assert.Contains("frozen already", e.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(All))]
    public void One_cpu_flags_exclude_each_other(string kernel, BpfMapType type)
    {
        using BpfMap map = Create(kernel, type);
        BpfException e = Assert.Throws<BpfException>(() => Update(map, 1, BpfUpdateFlags.Cpu | BpfUpdateFlags.AllCpus));
        Assert.Equal(BpfErrno.EINVAL, e.Errno);
        Assert.Contains("exclude each other", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TestKernels.Both), MemberType = typeof(TestKernels))]
    public void A_queue_takes_no_key(string kernel)
    {
        using BpfMap map = BpfMap.Create(TestKernels.Get(kernel), new BpfMapSpec { Name = "m", Type = BpfMapType.Queue, ValueSize = 4, MaxEntries = 1 });
        BpfException e = Assert.Throws<BpfException>(() => map.UpdateElem(new byte[4], new byte[4]));
        Assert.Equal(BpfErrno.EINVAL, e.Errno);
        Assert.Contains("has no keys", e.Message, StringComparison.Ordinal);
        map.UpdateElem([], [1, 2, 3, 4]);
        e = Assert.Throws<BpfException>(() => map.UpdateElem([], [5, 6, 7, 8]));
        Assert.Equal(BpfErrno.E2BIG, e.Errno);
        Assert.Contains("BPF_EXIST", e.Message, StringComparison.Ordinal);
        map.UpdateElem([], [5, 6, 7, 8], BpfUpdateFlags.Exist);
        byte[] value = new byte[4];
        Assert.True(map.LookupAndDeleteElem([], value));
        Assert.Equal([5, 6, 7, 8], value);
        Assert.False(map.LookupAndDeleteElem([], value));
    }

    [Theory]
    [MemberData(nameof(TestKernels.Both), MemberType = typeof(TestKernels))]
    public void A_key_of_text_is_padded_with_zeros_and_must_fit(string kernel)
    {
        using BpfMap map = BpfMap.Create(TestKernels.Get(kernel), new BpfMapSpec { Name = "m", Type = BpfMapType.Hash, KeySize = 8, ValueSize = 4, MaxEntries = 8 });
        map.UpdateElem("cat", 7, BpfUpdateFlags.NoExist);
        Assert.True(map.LookupElem("cat", out int value));
        Assert.Equal(7, value);
        byte[] bytes = new byte[4];
        Assert.True(map.LookupElem("cat\0\0\0\0\0"u8, bytes));
        Assert.False(map.LookupElem("dog", out value));
        map.UpdateElem("1234567", 1);
        ArgumentException e = Assert.Throws<ArgumentException>(() => map.UpdateElem("größer", 1));
        Assert.Contains("is 8 bytes in UTF-8; a key of 8 bytes holds at most 7", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => map.UpdateElem(null!, 1));
    }

    [Theory]
    [MemberData(nameof(TestKernels.Both), MemberType = typeof(TestKernels))]
    public void A_disposed_map_says_so_and_is_never_another(string kernel)
    {
        BpfMap map = Create(kernel, BpfMapType.Hash);
        map.Dispose();
        ObjectDisposedException e = Assert.Throws<ObjectDisposedException>(() => Update(map, 1, BpfUpdateFlags.Any));
        Assert.Contains("map 'm'", e.Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => map.FileDescriptor);
        Assert.Throws<ObjectDisposedException>(() => map.SumElemCount());
        Assert.Throws<ObjectDisposedException>(map.Freeze);
        Assert.Throws<ObjectDisposedException>(() => map.GetInfo());
        map.Dispose();
    }

    private static TheoryData<string, BpfMapType> Cross(params BpfMapType[] types)
    {
        var data = new TheoryData<string, BpfMapType>();
        foreach (string kernel in new[] { TestKernels.Linux, TestKernels.Emulator })
        {
            foreach (BpfMapType type in types)
                data.Add(kernel, type);
        }

        return data;
    }

    private static BpfMap Create(string kernel, BpfMapType type) => BpfMap.Create(TestKernels.Get(kernel), new BpfMapSpec
    {
        Name = "m",
        Type = type,
        KeySize = 4,
        ValueSize = 8,
        MaxEntries = MaxEntries,
    });

    private static void Update(BpfMap map, int key, BpfUpdateFlags flags)
    {
        byte[] value = new byte[map.ElementSize];
        value[0] = (byte)key;
        map.UpdateElem(BitConverter.GetBytes(key), value, flags);
    }

    private static bool Lookup(BpfMap map, int key)
    {
        byte[] value = new byte[map.ElementSize];
        bool found = map.LookupElem(BitConverter.GetBytes(key), value);
        if (found)
            Assert.Equal((byte)(key < MaxEntries || map.Type is not (BpfMapType.Array or BpfMapType.PerCpuArray) ? key : 0), value[0]);
        return found;
    }
}
