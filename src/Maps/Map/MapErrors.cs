using System.Diagnostics.CodeAnalysis;
using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>What goes wrong with maps, in words: each errno of each command, with the map's own numbers and the remedy.</summary>
internal static class MapErrors
{
    public const string Create = "BPF_MAP_CREATE";
    public const string Update = "BPF_MAP_UPDATE_ELEM";
    public const string Lookup = "BPF_MAP_LOOKUP_ELEM";
    public const string Delete = "BPF_MAP_DELETE_ELEM";
    public const string LookupAndDelete = "BPF_MAP_LOOKUP_AND_DELETE_ELEM";
    public const string NextKey = "BPF_MAP_GET_NEXT_KEY";
    public const string UpdateBatch = "BPF_MAP_UPDATE_BATCH";
    public const string LookupBatch = "BPF_MAP_LOOKUP_BATCH";
    public const string LookupAndDeleteBatch = "BPF_MAP_LOOKUP_AND_DELETE_BATCH";
    public const string DeleteBatch = "BPF_MAP_DELETE_BATCH";

    [DoesNotReturn]
    public static void Throw(int result, BpfMap map, string operation, BpfUpdateFlags flags)
    {
        var errno = (BpfErrno)(-result);
        if (errno == BpfErrno.EINVAL && (flags & (BpfUpdateFlags.Cpu | BpfUpdateFlags.AllCpus)) != 0 && map.Layout.IsPerCpu && !HasCpuFlags(map.Kernel))
            throw new BpfUnsupportedFeatureException((flags & BpfUpdateFlags.Cpu) != 0 ? "BPF_F_CPU" : "BPF_F_ALL_CPUS", new Version(7, 0), map.Kernel.Name, map.Subject, errno);
        throw KernelErrors.Create(result, map.Kernel, operation, map.Subject, Remedy(errno, map, operation, flags));
    }

    [DoesNotReturn]
    public static void ThrowBatch(int result, BpfMap map, string operation, int done, int count, BpfUpdateFlags flags)
    {
        var errno = (BpfErrno)(-result);
        string? remedy = errno switch
        {
            BpfErrno.ENOENT => $"The key at index {done} is missing.",
            BpfErrno.EINVAL when (flags & (BpfUpdateFlags.NoExist | BpfUpdateFlags.Exist)) != 0 =>
                "Batches take neither BPF_NOEXIST nor BPF_EXIST: update the elements one by one to insist on it.",
            _ => Remedy(errno, map, operation, flags),
        };
        // These are answered before the first element; the kernel then leaves the count as it was given.
        bool nothingDone = errno is BpfErrno.ENOTSUPP or BpfErrno.EPERM || (errno == BpfErrno.EINVAL && done == count);
        if (nothingDone)
            throw KernelErrors.Create(result, map.Kernel, operation, map.Subject, remedy);
        throw new BpfBatchException(errno, operation, map.Subject, done, count, remedy);
    }

    [DoesNotReturn]
    public static void ThrowReadBatch(int result, BpfMap map, string operation, int room, BpfUpdateFlags flags)
    {
        var errno = (BpfErrno)(-result);
        throw KernelErrors.Create(result, map.Kernel, operation, map.Subject, errno == BpfErrno.ENOSPC
            ? $"The next bucket holds more than the {room} elements there is room for: call again with the same cursor and more room."
            : Remedy(errno, map, operation, flags));
    }

    public static BpfException KeySize(BpfMap map, int size, string operation) => Invalid(map, operation, map.KeySize == 0
        ? $"Unexpected key size {size} provided, expected 0: a {map.Type} has no keys, pass an empty span."
        : $"Unexpected key size {size} provided, expected {map.KeySize}: pass exactly key_size bytes.");

    public static BpfException ValueSize(BpfMap map, int size, BpfUpdateFlags oneCpu, string operation)
    {
        PerCpuLayout layout = map.Layout;
        string text = !layout.IsPerCpu
            ? $"Unexpected value size {size} provided, expected {layout.ValueSize}: pass exactly value_size bytes."
            : oneCpu != 0
                ? $"Unexpected value size {size} provided for one CPU of a per-CPU map, expected {layout.ValueSize}: pass exactly value_size bytes with BPF_F_CPU or BPF_F_ALL_CPUS."
                : $"Unexpected value size {size} provided for per-CPU map, expected {layout.CpuCount} * {layout.Stride} = {layout.ElementSize}: pass a value for each possible CPU, each in round_up(value_size, 8) bytes.";
        return Invalid(map, operation, text);
    }

    /// <summary>An error found before the kernel was asked.</summary>
    public static BpfException Invalid(BpfMap map, string operation, string remedy) => new(BpfErrno.EINVAL, operation, map.Subject, remedy);

    public static BpfException NoInnerMap(BpfMapSpec spec) =>
        new(BpfErrno.EINVAL, Create, Subject(spec), "An array or hash of maps needs InnerMap, a map like those that will be stored.");

    [DoesNotReturn]
    public static void ThrowCreate(int result, IBpfKernel kernel, BpfMapSpec spec)
    {
        var errno = (BpfErrno)(-result);
        if (errno is BpfErrno.EINVAL or BpfErrno.E2BIG or BpfErrno.ENOTSUPP && TooYoung(kernel, spec.Type, spec.Flags, Subject(spec), errno) is { } missing)
            throw missing;
        throw KernelErrors.Create(result, kernel, Create, Subject(spec), errno switch
        {
            BpfErrno.EINVAL => $"The kernel takes no {spec.Type} with key_size {spec.KeySize}, value_size {spec.ValueSize}, max_entries {spec.MaxEntries}, flags {spec.Flags}"
                + (spec.Name.Length > 0 ? " and this name (letters, digits, '_' and '.' only)" : "") + ", or does not know the type.",
            BpfErrno.E2BIG => $"Too large for a {spec.Type}: key_size {spec.KeySize}, value_size {spec.ValueSize}, max_entries {spec.MaxEntries}.",
            BpfErrno.ENOTSUPP => $"The kernel does not support flags {spec.Flags} or the BTF given for a {spec.Type}.",
            _ => null,
        });
    }

    /// <summary>The error for a map that the kernel is too old for; null if it is not.</summary>
    public static BpfUnsupportedFeatureException? TooYoung(IBpfKernel kernel, BpfMapType type, BpfMapFlags flags, string subject, BpfErrno errno)
    {
        (Version? since, string feature) = type == BpfMapType.StructOps && flags.HasFlag(BpfMapFlags.Link)
            ? (new Version(6, 4), "struct_ops with a link")
            : (KernelVersions.OfMapType((uint)type), $"map type {BpfTypeNames.GetMapType((uint)type)}");
        return KernelErrors.TooOld(kernel, since, feature, subject, errno);
    }

    private static string Subject(BpfMapSpec spec) => spec.Name.Length > 0 ? $"map '{spec.Name}'" : $"{spec.Type} map";

    private static bool HasCpuFlags(IBpfKernel kernel) => kernel.Facts.Release >= new Version(7, 0);

    private static string? Remedy(BpfErrno errno, BpfMap map, string operation, BpfUpdateFlags flags) => errno switch
    {
        BpfErrno.EEXIST when IsArray(map) => "Every element of an array exists already: use BPF_ANY or BPF_EXIST.",
        BpfErrno.EEXIST => "The key exists already and BPF_NOEXIST was given: use BPF_ANY to overwrite it, or BPF_EXIST.",
        BpfErrno.ENOENT when operation == Update => "The key is missing and BPF_EXIST was given: use BPF_ANY or BPF_NOEXIST to insert it.",
        BpfErrno.E2BIG or BpfErrno.ENOSPC => TooBig(map),
        BpfErrno.EPERM => "The map is frozen, or its descriptor was opened read-only or write-only (BPF_F_RDONLY, BPF_F_WRONLY), so this cannot be done through it.",
        BpfErrno.EINVAL => Invalid(map, operation, flags),
        BpfErrno.ENOTSUPP or BpfErrno.EOPNOTSUPP => $"A {map.Type} does not support this operation.",
        BpfErrno.EBADF when TakesDescriptors(map) => "The value of this map is a descriptor, and the one given is not open or of the wrong kind.",
        BpfErrno.EBUSY => "Another update of the same bucket was under way on this CPU: try again.",
        _ => null,
    };

    private static string TooBig(BpfMap map) => IsArray(map)
        ? $"The index must be less than max_entries, which is {map.MaxEntries}."
        : $"The map is full, its max_entries is {map.MaxEntries}: delete elements, create it with a larger max_entries, or use an LRU map."
            + (map.Type is BpfMapType.Queue or BpfMapType.Stack ? " BPF_EXIST makes room by dropping the oldest." : "");

    private static string? Invalid(BpfMap map, string operation, BpfUpdateFlags flags)
    {
        if (operation == Delete && IsArray(map))
            return "Elements of an array cannot be deleted: write a zero value instead.";
        if ((flags & BpfUpdateFlags.Lock) != 0)
            return "BPF_F_LOCK needs a struct bpf_spin_lock in the value, known from the map's BTF; this map has none.";
        if ((flags & (BpfUpdateFlags.Cpu | BpfUpdateFlags.AllCpus)) != 0)
            return map.Layout.IsPerCpu
                ? "The CPU in bits 32 to 63 of the flags must be a possible CPU, and BPF_F_CPU or BPF_F_ALL_CPUS must suit the operation."
                : "BPF_F_CPU and BPF_F_ALL_CPUS are for per-CPU maps only.";
        if (flags != BpfUpdateFlags.Any)
            return $"A {map.Type} does not take flags {(ulong)flags:#,0} here: BPF_ANY (0), BPF_NOEXIST (1) or BPF_EXIST (2), and for lookups none.";
        if (TakesDescriptors(map))
            return "The value of this map is a descriptor; the one given is of another kind, or its map differs from the template in type, key_size, value_size, flags or (arrays) max_entries.";
        return map.Type == BpfMapType.LpmTrie
            ? $"The prefix length of the key must be at most {(map.KeySize - 4) * 8} bits."
            : null;
    }

    private static bool IsArray(BpfMap map) => map.Type is BpfMapType.Array or BpfMapType.PerCpuArray or BpfMapType.ArrayOfMaps
        or BpfMapType.ProgArray or BpfMapType.PerfEventArray or BpfMapType.CgroupArray or BpfMapType.DevMap or BpfMapType.CpuMap or BpfMapType.XskMap;

    private static bool TakesDescriptors(BpfMap map) => map.Type is BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps
        or BpfMapType.ProgArray or BpfMapType.PerfEventArray or BpfMapType.CgroupArray;
}
