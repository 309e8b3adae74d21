using System.Buffers.Binary;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;
using MapSpec = LibbpfSharp.Formats.Objects.BpfMapSpec;

namespace LibbpfSharp;

/// <summary>struct_ops: tables of kernel callbacks. The kernel's own struct decides sizes and places; members go by name.</summary>
internal static class StructOpsMaps
{
    private const string ValuePrefix = "bpf_struct_ops_";

    /// <summary>The kernel's types for a struct_ops variable.</summary>
    private readonly record struct KernelStruct(BtfData Btf, string? Module, BtfType Ops, BtfType Value, uint DataOffset);

    /// <summary>Makes the map that will hold the table.</summary>
    public static BpfMap Make(BpfObjectOpen open, BpfMapDefinition definition, IBpfKernel kernel, KernelExterns externs, KernelHandle? btf)
    {
        KernelStruct types = Find(open, definition.Spec, kernel);
        KernelHandle? module = null;
        try
        {
            if (types.Module is not null)
                module = new KernelHandle(kernel, KernelErrors.Check(kernel.Duplicate(externs.ModuleDescriptor(types.Module)), kernel, "duplicating the descriptor", types.Module), types.Module);
            return BpfMap.Create(kernel, new Maps.BpfMapSpec
            {
                Name = definition.Name,
                Type = BpfMapType.StructOps,
                KeySize = 4,
                ValueSize = types.Value.Size,
                MaxEntries = 1,
                Flags = definition.Flags,
                BtfVmlinuxValueTypeId = types.Value.Id,
                ModuleBtf = module,

                // The kernel wants a BTF of the object's here, though the type is one of its own.
                Btf = btf,
            });
        }
        finally
        {
            module?.Dispose();
        }
    }

    /// <summary>The struct and member that a callback program is loaded for.</summary>
    public static (AttachTargets.Target Target, BpfAttachType Member) Target(BpfObjectOpen open, BpfProgramDefinition program, IBpfKernel kernel, KernelExterns externs)
    {
        foreach (BpfMapDefinition map in open.Maps)
        {
            if (map is not { Spec.Kind: BpfMapSpecKind.StructOps, AutoCreate: true })
                continue;
            foreach ((string member, BpfProgramDefinition callback) in map.StructOpsPrograms)
            {
                if (!ReferenceEquals(callback, program))
                    continue;
                KernelStruct types = Find(open, map.Spec, kernel);
                (int index, _) = Member(types, member, map.Spec);
                return (new AttachTargets.Target(types.Ops.Id, types.Module is null ? 0 : externs.ModuleDescriptor(types.Module)), (BpfAttachType)index);
            }
        }

        throw new BpfException(BpfErrno.EINVAL, "finding its struct_ops member", program.ToString(), "No struct_ops variable of the object that is created refers to it: set AutoLoad to false.");
    }

    /// <summary>The value to be written into the map: data copied by member, callbacks as descriptors.</summary>
    /// <param name="file">The object.</param>
    /// <param name="definition">The definition of the map, with what was changed before load.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="descriptor">Gives the descriptor of a program; 0 leaves the callback out.</param>
    public static byte[] Value(BpfObjectFile file, BpfMapDefinition definition, IBpfKernel kernel, Func<string, int> descriptor)
    {
        MapSpec map = definition.Spec;
        ReadOnlySpan<byte> initial = definition.Data;
        KernelStruct types = Find(file, map, kernel);
        BtfData local = file.Btf!;
        BtfType wanted = local[local.StripModifiers(map.ValueTypeId)];
        byte[] value = new byte[types.Value.Size];
        Span<byte> data = value.AsSpan((int)types.DataOffset);
        var programs = definition.StructOpsPrograms.ToDictionary(p => p.Member, p => p.Program, StringComparer.Ordinal);
        foreach (BtfMember member in wanted.Members)
        {
            string name = member.Name;
            uint size = local.GetSize(member.TypeId);
            uint offset = member.BitOffset / 8;
            ReadOnlySpan<byte> bytes = offset + size <= (uint)initial.Length ? initial.Slice((int)offset, (int)size) : default;
            if (programs.TryGetValue(name, out BpfProgramDefinition? callback) || programs.TryGetValue(CoreName(name), out callback))
            {
                (_, BtfMember place) = Member(types, name, map);
                BinaryPrimitives.WriteUInt64LittleEndian(data[(int)(place.BitOffset / 8)..], (uint)descriptor(callback.Name));
                continue;
            }

            if (TryMember(types.Ops, CoreName(name), out _, out BtfMember target))
            {
                uint targetSize = types.Btf.GetSize(target.TypeId);
                if (targetSize != size)
                    throw Failure(map, BpfErrno.ENOTSUPP, $"Member '{name}' has {size} bytes in the object and {targetSize} in the kernel.");
                bytes.CopyTo(data[(int)(target.BitOffset / 8)..]);
            }
            else if (bytes.ContainsAnyExcept((byte)0))
            {
                throw Failure(map, BpfErrno.ENOTSUPP, $"The kernel's struct {types.Ops.Name} has no member '{name}', which the object sets.");
            }
        }

        return value;
    }

    private static KernelStruct Find(BpfObjectOpen open, MapSpec map, IBpfKernel kernel) => Find(open.File, map, kernel);

    private static KernelStruct Find(BpfObjectFile file, MapSpec map, IBpfKernel kernel)
    {
        BtfData local = file.Btf ?? throw Failure(map, BpfErrno.EINVAL, "The object has no BTF: compile it with -g.");
        string name = CoreName(local[local.StripModifiers(map.ValueTypeId)].Name);
        KernelTypes types = KernelTypes.Of(kernel);
        BtfData btf = types.Require("struct_ops", $"map '{map.Name}'");
        string? module = null;
        byte[] valueName = System.Text.Encoding.UTF8.GetBytes(ValuePrefix + name);
        if (!btf.TryFindByName(valueName, BtfKind.Struct, out uint valueId))
        {
            foreach (CoreModule candidate in types.Modules())
            {
                if (candidate.Btf.TryFindOwnByName(valueName, BtfKind.Struct, out valueId))
                {
                    (module, btf) = (candidate.Name, candidate.Btf);
                    break;
                }
            }
        }

        if (valueId == 0 || !btf.TryFindByName(name, BtfKind.Struct, out uint opsId))
            throw Failure(map, BpfErrno.ENOTSUPP, $"{kernel.Name} has no struct_ops '{name}'.");
        BtfType value = btf[valueId];
        foreach (BtfMember member in value.Members)
        {
            if (btf.StripModifiers(member.TypeId) == opsId)
                return new KernelStruct(btf, module, btf[opsId], value, member.BitOffset / 8);
        }

        throw Failure(map, BpfErrno.EINVAL, $"The kernel's {ValuePrefix}{name} has no member of struct {name}.");
    }

    private static (int Index, BtfMember Member) Member(KernelStruct types, string name, MapSpec map) =>
        TryMember(types.Ops, CoreName(name), out int index, out BtfMember member)
            ? (index, member)
            : throw Failure(map, BpfErrno.ENOTSUPP, $"The kernel's struct {types.Ops.Name} has no member '{name}'.");

    private static bool TryMember(BtfType type, string name, out int index, out BtfMember member)
    {
        for (index = 0; index < type.VariableLength; index++)
        {
            member = type.Members[index];
            if (member.Name == name)
                return true;
        }

        member = default;
        return false;
    }

    // "tcp_congestion_ops___old": the flavour is not part of the kernel's name.
    private static string CoreName(string name) => name.IndexOf("___", StringComparison.Ordinal) is > 0 and var end ? name[..end] : name;

    private static BpfException Failure(MapSpec map, BpfErrno errno, string remedy) => new(errno, "preparing struct_ops", $"map '{map.Name}'", remedy);
}
