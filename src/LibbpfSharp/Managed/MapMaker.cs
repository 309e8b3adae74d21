using System.Numerics;
using System.Runtime.InteropServices;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;
using MapSpec = LibbpfSharp.Formats.Objects.BpfMapSpec;

namespace LibbpfSharp;

/// <summary>Makes the maps of an object: as they are defined, from a pin, or in the place of an existing one.</summary>
internal static class MapMaker
{
    /// <summary>The capacity that the kernel is asked for: what is left out or need not be exact in the definition is completed.</summary>
    public static uint EffectiveMaxEntries(IBpfKernel kernel, BpfMapDefinition map) => map.Type switch
    {
        BpfMapType.PerfEventArray when map.MaxEntries == 0 => (uint)(kernel.Facts.PossibleCpus[^1] + 1),
        BpfMapType.RingBuf or BpfMapType.UserRingBuf => RingSize(kernel, map.MaxEntries),
        BpfMapType.StructOps => 1,
        _ => map.MaxEntries,
    };

    /// <summary>The flags that the kernel is asked for. Data sections can always be mapped, whatever is in them (libbpf wants a global variable).</summary>
    public static BpfMapFlags EffectiveFlags(BpfMapDefinition map)
    {
        if (!map.IsInternal)
            return map.Flags;
        bool isConstant = map.Spec.Kind is BpfMapSpecKind.ReadOnlyData or BpfMapSpecKind.Kconfig;
        return map.Flags | BpfMapFlags.MMapable | (isConstant ? BpfMapFlags.ReadOnlyProgram : BpfMapFlags.None);
    }

    /// <summary>Makes a map, or takes an existing one.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="definition">What it is to be.</param>
    /// <param name="btf">The object's BTF in the kernel; null for none.</param>
    /// <returns>The map, owned by the caller.</returns>
    public static BpfMap Make(IBpfKernel kernel, BpfMapDefinition definition, KernelHandle? btf)
    {
        if (definition.ReuseMap is { } reused)
        {
            reused.Handle.RequireKernel(kernel);
            MapCompatibility.Require(definition, reused);
            return BpfMap.FromDescriptor(kernel, KernelErrors.Check(kernel.Duplicate(reused.FileDescriptor), kernel, "duplicating the descriptor", reused.Subject), definition.Name);
        }

        string? pin = definition.PinPath;
        if (pin is not null && OpenPinned(kernel, definition, pin) is { } pinned)
            return pinned;

        BpfMap map = Create(kernel, definition, btf);
        try
        {
            if (definition.IsInternal)
                Fill(kernel, map, definition);
            if (definition.Type == BpfMapType.Arena)
                FillArena(map, definition);
            if (pin is not null)
                KernelPins.Pin(map.Handle, pin, map.Subject);
            return map;
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <summary>Puts the inner maps of a map of maps, or the programs of a program array, in their slots.</summary>
    public static unsafe void FillSlots(BpfMap map, MapSpec spec, Func<BpfMapSlot, int?> descriptor)
    {
        foreach (BpfMapSlot slot in spec.InitialSlots)
        {
            if (descriptor(slot) is not { } fd)
                continue;
            uint key = slot.Index;
            BpfAttr attr = default;
            attr.map_elem.map_fd = (uint)map.FileDescriptor;
            attr.map_elem.key = (ulong)&key;
            attr.map_elem.value = (ulong)&fd;
            KernelErrors.Check(map.Kernel.Bpf(BpfCommand.MapUpdateElem, ref attr, (uint)sizeof(bpf_attr_map_elem)), map.Kernel, $"filling slot {slot.Index}", map.Subject);
        }
    }

    // Programs want the arena mapped before they are loaded: their addresses in it are user space's.
    private static void FillArena(BpfMap map, BpfMapDefinition definition)
    {
        using BpfMapMemory memory = map.MapMemory();
        definition.Spec.InitialData.Span.CopyTo(memory.WritableSpan);
    }

    private static BpfMap? OpenPinned(IBpfKernel kernel, BpfMapDefinition definition, string path)
    {
        if (!KernelPins.TryOpen(kernel, path, KernelObjectKind.Map, out int fd))
            return null;
        BpfMap map = BpfMap.FromDescriptor(kernel, fd, definition.Name);
        List<string> differences = MapCompatibility.Compare(definition, map);
        if (differences.Count == 0)
            return map;
        map.Dispose();
        throw new BpfException(BpfErrno.EINVAL, $"using the map pinned at '{path}'", $"map '{definition.Name}'", $"They differ: {string.Join(", ", differences)}. Remove the pin, or change the definition.");
    }

    private static BpfMap Create(IBpfKernel kernel, BpfMapDefinition definition, KernelHandle? btf)
    {
        BpfMap? template = null;
        try
        {
            if (definition.Type is BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps)
            {
                MapSpec inner = definition.Spec.InnerMap ?? throw new BpfException(BpfErrno.EINVAL, "BPF_MAP_CREATE", definition.ToString(), "Its definition does not say what its inner maps are like: use __array(values, struct { ... }).");
                template = CreateInner(kernel, definition, inner, btf);
            }

            Maps.BpfMapSpec wanted = Spec(kernel, definition, template, TakesBtf(definition.Type) ? btf : null);
            try
            {
                return BpfMap.Create(kernel, wanted);
            }
            catch (BpfException e) when (wanted.Btf is not null && e.Errno is BpfErrno.EINVAL or BpfErrno.ENOTSUPP or BpfErrno.EPERM or BpfErrno.E2BIG)
            {
                // Some kinds of maps, and older kernels, take no BTF: what it would describe is then only unknown.
                return BpfMap.Create(kernel, wanted with { Btf = null, BtfKeyTypeId = 0, BtfValueTypeId = 0 });
            }
        }
        finally
        {
            template?.Dispose();
        }
    }

    private static BpfMap CreateInner(IBpfKernel kernel, BpfMapDefinition outer, MapSpec inner, KernelHandle? btf)
    {
        var spec = new Maps.BpfMapSpec
        {
            Name = inner.Name,
            Type = (BpfMapType)inner.Type,
            KeySize = inner.KeySize,
            ValueSize = inner.ValueSize,
            MaxEntries = (BpfMapType)inner.Type is BpfMapType.RingBuf or BpfMapType.UserRingBuf ? RingSize(kernel, inner.MaxEntries) : inner.MaxEntries,
            Flags = (BpfMapFlags)inner.Flags,
            Extra = inner.MapExtra,
            Btf = TakesBtf((BpfMapType)inner.Type) && (inner.KeyTypeId | inner.ValueTypeId) != 0 ? btf : null,
            BtfKeyTypeId = btf is not null && TakesBtf((BpfMapType)inner.Type) ? inner.KeyTypeId : 0,
            BtfValueTypeId = btf is not null && TakesBtf((BpfMapType)inner.Type) ? inner.ValueTypeId : 0,
        };
        try
        {
            return BpfMap.Create(kernel, spec);
        }
        catch (BpfException) when (spec.Btf is not null)
        {
            return BpfMap.Create(kernel, spec with { Btf = null, BtfKeyTypeId = 0, BtfValueTypeId = 0 });
        }
        catch (BpfException e)
        {
            throw new BpfException(e.Errno, "making the template of its inner maps", outer.ToString(), e.Remedy, e);
        }
    }

    private static Maps.BpfMapSpec Spec(IBpfKernel kernel, BpfMapDefinition map, BpfMap? inner, KernelHandle? btf)
    {
        bool described = btf is not null && (map.Spec.KeyTypeId | map.Spec.ValueTypeId) != 0;
        // A resized section is no longer what its BTF says.
        bool resized = map.IsInternal && map.ValueSize != map.Spec.ValueSize;
        return new Maps.BpfMapSpec
        {
            Name = map.Name,
            Type = map.Type,
            KeySize = map.KeySize,
            ValueSize = map.ValueSize,
            MaxEntries = EffectiveMaxEntries(kernel, map),
            Flags = EffectiveFlags(map) & ~BpfMapFlags.NumaNode,
            NumaNode = (map.Flags & BpfMapFlags.NumaNode) != 0 ? (int)map.NumaNode : null,
            Extra = map.Extra,
            InnerMap = inner,
            Btf = described && !resized ? btf : null,
            BtfKeyTypeId = described && !resized ? map.Spec.KeyTypeId : 0,
            BtfValueTypeId = described && !resized ? map.Spec.ValueTypeId : 0,
        };
    }

    private static unsafe void Fill(IBpfKernel kernel, BpfMap map, BpfMapDefinition definition)
    {
        bool isConstant = definition.Spec.Kind is BpfMapSpecKind.ReadOnlyData or BpfMapSpecKind.Kconfig;
        byte[] data = definition.Data;
        if (isConstant || data.AsSpan().ContainsAnyExcept((byte)0))
        {
            int zero = 0;
            fixed (byte* value = data)
            {
                BpfAttr attr = default;
                attr.map_elem.map_fd = (uint)map.FileDescriptor;
                attr.map_elem.key = (ulong)&zero;
                attr.map_elem.value = (ulong)value;
                KernelErrors.Check(kernel.Bpf(BpfCommand.MapUpdateElem, ref attr, (uint)sizeof(bpf_attr_map_elem)), kernel, "writing initial values", map.Subject);
            }
        }

        if (isConstant)
        {
            BpfAttr attr = default;
            attr.map_elem.map_fd = (uint)map.FileDescriptor;

            // Kernels before 5.2 cannot freeze; constants are then variables to the verifier, and that is all.
            int result = kernel.Bpf(BpfCommand.MapFreeze, ref attr, 4);
            if (result < 0 && result != -(int)BpfErrno.EINVAL)
                KernelErrors.Throw(result, kernel, "BPF_MAP_FREEZE", map.Subject);
        }
    }

    private static bool TakesBtf(BpfMapType type) => type is not (
        BpfMapType.PerfEventArray or BpfMapType.CgroupArray or BpfMapType.StackTrace or BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps
        or BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.CpuMap or BpfMapType.XskMap or BpfMapType.SockMap or BpfMapType.SockHash
        or BpfMapType.Queue or BpfMapType.Stack or BpfMapType.StructOps or BpfMapType.ProgArray or BpfMapType.RingBuf or BpfMapType.UserRingBuf);

    private static uint RingSize(IBpfKernel kernel, uint size)
    {
        uint page = (uint)kernel.Facts.PageSize;
        if (size == 0 || (size % page == 0 && BitOperations.IsPow2(size / page)))
            return size;

        // The next pages times a power of two; what overflows is left for the kernel to refuse.
        ulong rounded = (ulong)page * BitOperations.RoundUpToPowerOf2((size + page - 1) / page);
        return rounded <= uint.MaxValue ? (uint)rounded : size;
    }
}
