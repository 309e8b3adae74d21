using System.Text;
using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Emulator;

/// <summary>
/// Loads through the pointer to a map: struct bpf_map as the kernel's BTF lays it out, as Linux lets programs read it. What tells
/// the kind of map can be read; the rest, pointers above all, is a fault.
/// </summary>
internal static unsafe class MapStructure
{
    private const int NameSize = 16;

    public static bool TryLoad(RunContext run, ulong address, int size, out ulong value)
    {
        value = 0;
        if (!GuestAddress.IsTagged(address) || run.KindOf(address) != RegionKind.Map || run.OwnerOf(address) is not EmulatedMap map)
            return false;
        KernelTypes types = run.Kernel.KernelTypes;
        uint offset = GuestAddress.OffsetOf(address);
        if (types.Btf is not { } btf || !btf.TryFindByName("bpf_map", BtfKind.Struct, out uint id) || offset + (ulong)size > btf[id].Size)
            return false;

        Span<byte> name = stackalloc byte[NameSize];
        name.Clear();
        Encoding.UTF8.GetBytes(map.Name, name);
        ReadOnlySpan<(string Member, uint Value)> numbers =
        [
            ("map_type", (uint)map.Type), ("key_size", map.KeySize), ("value_size", map.ValueSize), ("max_entries", map.MaxEntries),
            ("map_flags", (uint)map.Flags), ("id", map.Id),
        ];
        foreach ((string member, uint number) in numbers)
        {
            if (types.TryFindMember("bpf_map", member, out uint place) && TryTake(new ReadOnlySpan<byte>(&number, sizeof(uint)), place, offset, size, out value))
                return true;
        }

        ulong extra = map.Extra;
        return (types.TryFindMember("bpf_map", "map_extra", out uint at) && TryTake(new ReadOnlySpan<byte>(&extra, sizeof(ulong)), at, offset, size, out value))
            || (types.TryFindMember("bpf_map", "name", out at) && TryTake(name, at, offset, size, out value));
    }

    private static bool TryTake(ReadOnlySpan<byte> member, uint place, uint offset, int size, out ulong value)
    {
        value = 0;
        if (offset < place || offset + (ulong)size > place + (ulong)member.Length)
            return false;
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        member.Slice((int)(offset - place), size).CopyTo(bytes);
        value = BitConverter.ToUInt64(bytes);
        return true;
    }
}
