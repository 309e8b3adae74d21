using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Formats.Binaries;

/// <summary>
/// Writes a probe's arguments as struct __bpf_usdt_spec of the usdt.bpf.h that the object was compiled with. The header
/// changed its layout between releases of libbpf, so offsets come from the object's own BTF, never from a release.
/// </summary>
public sealed class UsdtSpecLayout
{
    private readonly BtfData _btf;
    private readonly BtfType _spec;
    private readonly BtfType _argument;
    private readonly uint _argumentsOffset;

    private UsdtSpecLayout(BtfData btf, BtfType spec, BtfType argument, uint argumentsOffset, int maxArguments)
    {
        _btf = btf;
        _spec = spec;
        _argument = argument;
        _argumentsOffset = argumentsOffset;
        MaxArguments = maxArguments;
    }

    /// <summary>How many arguments a spec holds (12 in all releases so far).</summary>
    public int MaxArguments { get; }

    /// <summary>Size of a spec in bytes: the value size of the map __bpf_usdt_specs.</summary>
    public int Size => (int)_spec.Size;

    /// <summary>Finds the layout in an object's BTF.</summary>
    /// <exception cref="BpfObjectFormatException">The object has no struct __bpf_usdt_spec as usdt.bpf.h defines it.</exception>
    public static UsdtSpecLayout Find(BtfData btf)
    {
        if (!btf.TryFindByName("__bpf_usdt_spec", BtfKind.Struct, out uint id))
            throw new BpfObjectFormatException(".BTF", 0, "it has no struct __bpf_usdt_spec: USDT programs include <bpf/usdt.bpf.h>.");
        BtfType spec = btf[id];
        BtfMember arguments = Member(spec, "args");
        BtfType array = btf[btf.StripModifiers(arguments.TypeId)];
        return new UsdtSpecLayout(btf, spec, btf[btf.StripModifiers(array.ElementTypeId)], arguments.BitOffset / 8, (int)array.ElementCount);
    }

    /// <summary>Writes a spec.</summary>
    /// <param name="arguments">The probe's arguments, at most <see cref="MaxArguments"/>.</param>
    /// <param name="cookie">What bpf_usdt_cookie() returns.</param>
    /// <returns><see cref="Size"/> bytes.</returns>
    /// <exception cref="NotSupportedException">Too many arguments, or one that this release of the header cannot read.</exception>
    public byte[] Encode(IReadOnlyList<UsdtArgument> arguments, ulong cookie)
    {
        if (arguments.Count > MaxArguments)
            throw new NotSupportedException($"The probe has {arguments.Count} arguments; usdt.bpf.h holds {MaxArguments}.");
        byte[] bytes = new byte[Size];
        Write(bytes, 0, Member(_spec, "usdt_cookie"), cookie);
        Write(bytes, 0, Member(_spec, "arg_cnt"), (ulong)arguments.Count);
        for (int i = 0; i < arguments.Count; i++)
        {
            UsdtArgument argument = arguments[i];
            uint at = _argumentsOffset + (uint)i * _argument.Size;
            Write(bytes, at, Member(_argument, "val_off"), (ulong)argument.Value);
            Write(bytes, at, Member(_argument, "arg_type"), (ulong)argument.Kind);
            Write(bytes, at, Member(_argument, "reg_off"), (ulong)argument.RegisterOffset);
            Write(bytes, at, Member(_argument, "arg_signed"), argument.IsSigned ? 1u : 0u);
            Write(bytes, at, Member(_argument, "arg_bitshift"), (ulong)(64 - argument.Size * 8));
            if (argument.Kind != UsdtArgumentKind.IndexedMemory)
                continue;
            if (!TryMember(_argument, "idx_reg_off", out BtfMember index) || !TryMember(_argument, "scale_bitshift", out BtfMember scale))
                throw new NotSupportedException("The probe has an argument at base plus index; compile the object with usdt.bpf.h of libbpf 1.7 or newer.");
            Write(bytes, at, index, (ulong)argument.IndexRegisterOffset);
            Write(bytes, at, scale, (ulong)argument.ScaleShift);
        }

        return bytes;
    }

    private void Write(byte[] bytes, uint at, BtfMember member, ulong value)
    {
        int bits = member.BitfieldSize != 0 ? member.BitfieldSize : (int)_btf.GetSize(member.TypeId) * 8;
        uint first = at * 8 + member.BitOffset;
        for (int bit = 0; bit < bits; bit++)
        {
            if ((value >> bit & 1) != 0)
                bytes[(first + bit) / 8] |= (byte)(1 << (int)((first + bit) % 8));
        }
    }

    private static BtfMember Member(BtfType type, string name) => TryMember(type, name, out BtfMember member)
        ? member
        : throw new BpfObjectFormatException(".BTF", type.SectionOffset, $"struct {type.Name} has no member '{name}'; it is not that of usdt.bpf.h.");

    private static bool TryMember(BtfType type, string name, out BtfMember found)
    {
        if (type.IsComposite)
        {
            foreach (BtfMember member in type.Members)
            {
                if (member.Name == name)
                {
                    found = member;
                    return true;
                }
            }
        }

        found = default;
        return false;
    }
}
