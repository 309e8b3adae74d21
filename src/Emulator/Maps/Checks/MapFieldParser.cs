using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Emulator;

/// <summary>Finds the fields of a value type that the kernel owns: structures by name, pointers by type tag.</summary>
internal static class MapFieldParser
{
    private const int MaximumDepth = 8;

    private static readonly Dictionary<string, (MapFieldKind Kind, uint Size, int Major, int Minor)> s_structures = new(StringComparer.Ordinal)
    {
        ["bpf_spin_lock"] = (MapFieldKind.SpinLock, 4, 5, 1),
        ["bpf_res_spin_lock"] = (MapFieldKind.ResilientSpinLock, 4, 6, 15),
        ["bpf_timer"] = (MapFieldKind.Timer, 16, 5, 15),
        ["bpf_wq"] = (MapFieldKind.WorkQueue, 16, 6, 10),
        ["bpf_task_work"] = (MapFieldKind.TaskWork, 8, 6, 18),
        ["bpf_list_head"] = (MapFieldKind.ListHead, 16, 6, 2),
        ["bpf_list_node"] = (MapFieldKind.ListNode, 24, 6, 2),
        ["bpf_rb_root"] = (MapFieldKind.TreeRoot, 16, 6, 3),
        ["bpf_rb_node"] = (MapFieldKind.TreeNode, 32, 6, 3),
        ["bpf_refcount"] = (MapFieldKind.ReferenceCount, 4, 6, 5),
    };

    /// <summary>The fields of a type.</summary>
    /// <returns>The fields, or null if there are none, or if they are such that Linux would refuse the programs that use them.</returns>
    public static MapFields? Parse(EmulatedKernel kernel, BtfData btf, uint typeId)
    {
        List<MapField> found = [];
        if (!Collect(kernel, btf, typeId, 0, found, 0, null) || found.Count == 0)
            return null;
        MapField[] fields = [.. found.OrderBy(field => field.Offset)];

        // A list or tree has a lock beside it.
        bool isGuarded = found.Exists(field => field.Kind is MapFieldKind.SpinLock or MapFieldKind.ResilientSpinLock);
        return !isGuarded && found.Exists(field => field.Kind is MapFieldKind.ListHead or MapFieldKind.TreeRoot) ? null : new MapFields(fields);
    }

    private static bool Collect(EmulatedKernel kernel, BtfData btf, uint typeId, uint offset, List<MapField> found, int depth, (uint TypeId, int Component)? place)
    {
        if (depth > MaximumDepth)
            return false;
        BtfType type = btf[btf.ResolveTypedefs(typeId)];
        switch (type.Kind)
        {
            case BtfKind.DataSec:
                foreach (BtfSectionVariable variable in type.Variables)
                {
                    if (!Collect(kernel, btf, btf[variable.TypeId].TypeId, offset + variable.Offset, found, depth + 1, (variable.TypeId, -1)))
                        return false;
                }

                return true;
            case BtfKind.Struct when depth > 0 && s_structures.TryGetValue(type.Name, out (MapFieldKind Kind, uint Size, int Major, int Minor) known):
                if (!kernel.IsAtLeast(known.Major, known.Minor))
                    return true;
                var field = new MapField(known.Kind, offset, known.Size, 0);
                return (known.Kind is not (MapFieldKind.ListHead or MapFieldKind.TreeRoot) || TryFindContained(btf, place, ref field)) && Add(field, type.Size, found);
            case BtfKind.Struct:
                int component = 0;
                foreach (BtfMember member in type.Members)
                {
                    if (member.BitfieldSize == 0 && !Collect(kernel, btf, member.TypeId, offset + (member.BitOffset / 8), found, depth + 1, (type.Id, component)))
                        return false;
                    component++;
                }

                return true;
            case BtfKind.Array when depth > 0 && type.ElementCount is > 0 and <= 4096:
                return CollectArray(kernel, btf, type, offset, found, depth, place);
            case BtfKind.Ptr:
                return GetPointerKind(btf, type, out MapFieldKind kind, out uint target) is false || Add(new MapField(kind, offset, 8, target), 8, found);
            default:
                return true;
        }
    }

    private static bool CollectArray(EmulatedKernel kernel, BtfData btf, BtfType type, uint offset, List<MapField> found, int depth, (uint TypeId, int Component)? place)
    {
        int before = found.Count;
        if (!btf.TryGetSize(type.ElementTypeId, out uint size) || !Collect(kernel, btf, type.ElementTypeId, offset, found, depth + 1, place))
            return false;
        MapField[] first = [.. found.Skip(before)];
        for (uint i = 1; first.Length > 0 && i < type.ElementCount; i++)
        {
            foreach (MapField field in first)
            {
                if (!Add(field with { Offset = field.Offset + (i * size) }, field.Size, found))
                    return false;
            }
        }

        return true;
    }

    private static bool Add(MapField field, uint size, List<MapField> found)
    {
        uint alignment = field.Size >= 8 ? 8u : 4u;
        bool isUnique = field.Kind is MapFieldKind.SpinLock or MapFieldKind.ResilientSpinLock or MapFieldKind.Timer or MapFieldKind.WorkQueue or MapFieldKind.TaskWork or MapFieldKind.ReferenceCount;
        if (size != field.Size || field.Offset % alignment != 0 || (isUnique && found.Exists(other => other.Kind == field.Kind)))
            return false;
        found.Add(field);
        return true;
    }

    // The declaration tag "contains:STRUCTURE:NODE" of the member or variable that is a head.
    private static bool TryFindContained(BtfData btf, (uint TypeId, int Component)? place, ref MapField field)
    {
        const string Prefix = "contains:";
        if (place is not { } tagged)
            return false;
        for (uint id = 1; id < btf.TypeCount; id++)
        {
            BtfType tag = btf[id];
            if (tag.Kind != BtfKind.DeclTag || tag.TypeId != tagged.TypeId || tag.ComponentIndex != tagged.Component || !tag.Name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            string[] names = tag.Name[Prefix.Length..].Split(':');
            if (names.Length != 2 || !btf.TryFindByName(names[0], BtfKind.Struct, out uint structure))
                return false;
            string node = field.Kind == MapFieldKind.ListHead ? "bpf_list_node" : "bpf_rb_node";
            foreach (BtfMember member in btf[structure].Members)
            {
                if (member.Name != names[1])
                    continue;
                field = field with { TypeId = structure, Contained = names[0], NodeOffset = member.BitOffset / 8 };
                return btf[member.TypeId] is { Kind: BtfKind.Struct } type && type.Name == node;
            }
        }

        return false;
    }

    private static bool GetPointerKind(BtfData btf, BtfType pointer, out MapFieldKind kind, out uint target)
    {
        BtfType tag = btf[pointer.TypeId];
        target = 0;
        kind = default;
        if (tag.Kind != BtfKind.TypeTag)
            return false;
        MapFieldKind? known = tag.Name switch
        {
            "kptr_untrusted" => MapFieldKind.UntrustedKernelPointer,
            "kptr" or "kptr_ref" => MapFieldKind.ReferencedKernelPointer,
            "percpu_kptr" => MapFieldKind.PerCpuKernelPointer,
            "uptr" => MapFieldKind.UserPointer,
            _ => null,
        };
        kind = known ?? default;
        target = known is null ? 0 : btf.StripModifiers(tag.TypeId);
        return known is not null;
    }
}
