namespace LibbpfSharp.Emulator;

internal sealed unsafe partial class RunContext
{
    /// <summary>
    /// The field of a map's value or of an allocated object that an address points to. Linux's verifier lets programs give these
    /// to helpers only, and its BTF says where they are; here what lies in one may have been overwritten, so it proves nothing.
    /// </summary>
    /// <returns>False if there is no such field at exactly this address.</returns>
    public bool TryFindField(ulong address, MapFieldKind kind, out OwnedField field)
    {
        field = default;
        Region* region = Regions + GuestAddress.RegionOf(address);
        ulong offset = address - region->GuestBase;
        object? owner = OwnerOf(address);
        MapFields? fields = FieldsOf(region, owner);
        if (fields is null || offset >= region->FullLength || !fields.TryFind((uint)offset, out MapField found) || found.Kind != kind || found.Offset != offset)
            return false;
        field = new OwnedField((byte*)((long)address + region->Delta), region->GuestBase, fields, found, owner!);
        return true;
    }

    /// <summary>A load of a kptr, which gives the address of the object that it owns.</summary>
    /// <returns>False if the address is not that of a kptr.</returns>
    public bool TryLoadPointer(ulong address, int size, out ulong value)
    {
        value = 0;
        if (size != sizeof(ulong))
            return false;
        if (!TryFindField(address, MapFieldKind.ReferencedKernelPointer, out OwnedField field) && !TryFindField(address, MapFieldKind.PerCpuKernelPointer, out field))
            return false;
        value = Kernel.Objects.Find(Volatile.Read(ref *(ulong*)field.Native))?.Address(this) ?? 0;
        return true;
    }

    // Bytes of a value or object with kptrs, beyond the first but none of them.
    private bool IsAroundPointers(Region* region, ulong address, ulong size)
    {
        ulong offset = address - region->GuestBase;
        return region->ReadLength < region->FullLength && offset + size <= region->FullLength
            && FieldsOf(region, OwnerOf(address)) is { } fields && fields.FirstPointer != uint.MaxValue && !fields.TryFindPointer((uint)offset, (uint)size, out _);
    }

    private static MapFields? FieldsOf(Region* region, object? owner) => owner switch
    {
        EmulatedMap map when region->Kind == RegionKind.MapValue => map.Fields,
        AllocatedObject item when region->Kind == RegionKind.KernelObject => item.Fields,
        _ => null,
    };

    /// <summary>The same; a fault if there is none.</summary>
    public OwnedField FieldAt(ulong address, MapFieldKind kind)
    {
        if (!TryFindField(address, kind, out OwnedField field))
            FaultArgument($"A {MapFields.NameOf(kind)} in a map value or an object was expected but 0x{address:x} is none.");
        return field;
    }
}
