using System.Buffers.Binary;
using System.Text;
using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Emulator;

/// <summary>
/// How the value of a struct_ops map is laid out (struct bpf_struct_ops_NAME: state of the kernel's, then struct NAME), and
/// what the kernel checks when one is stored. Of struct tcp_congestion_ops the emulator knows what TCP demands; of other
/// structs the members that are no functions are stored as they are.
/// </summary>
internal sealed class StructOpsTable
{
    private const string Tcp = "tcp_congestion_ops";

    private readonly EmulatedKernel _kernel;
    private readonly BtfData _btf;
    private readonly BtfType _struct;
    private readonly uint _structId;
    private readonly uint _offset;
    private readonly uint _size;

    /// <param name="kernel">The kernel, which has BTF.</param>
    /// <param name="valueTypeId">Id of the value's type, which a map was made with.</param>
    public StructOpsTable(EmulatedKernel kernel, uint valueTypeId)
    {
        _kernel = kernel;
        _btf = kernel.BtfCommands.Vmlinux!.Data;
        BtfType value = _btf[valueTypeId];
        BtfMember data = value.Members[(int)value.VariableLength - 1];
        _structId = _btf.StripModifiers(data.TypeId);
        _struct = _btf[_structId];
        _offset = data.BitOffset / 8;
        _size = value.Size;
    }

    private bool IsTcp => _struct.Name == Tcp;

    /// <summary>What no two registered tables of the struct share; empty for structs of which there is no telling.</summary>
    public string Key(ReadOnlySpan<byte> value)
    {
        if (!IsTcp)
            return "";
        ReadOnlySpan<byte> name = Text(value);
        return Encoding.UTF8.GetString(name[..Math.Max(name.IndexOf((byte)0), 0)]);
    }

    /// <summary>Whether the state is left to the kernel, and what lies between members is zero.</summary>
    public bool IsValid(ReadOnlySpan<byte> value)
    {
        if (value[..(int)_offset].ContainsAnyExcept((byte)0))
            return false;
        uint end = _offset;
        foreach (BtfMember member in _struct.Members)
        {
            uint start = _offset + member.BitOffset / 8;
            if (start > end && value[(int)end..(int)start].ContainsAnyExcept((byte)0))
                return false;
            end = Math.Max(end, start + _btf.GetSize(member.TypeId));
        }

        return !value[(int)end..(int)_size].ContainsAnyExcept((byte)0);
    }

    /// <summary>Finds the programs whose descriptors the members hold.</summary>
    /// <returns>0; -EBADF or -EINVAL for what is no program of this member, or a table that the kernel cannot use.</returns>
    public int Resolve(ReadOnlySpan<byte> value, out (string Member, EmulatedProgram Program)[] callbacks)
    {
        callbacks = [];
        var found = new List<(string, EmulatedProgram)>();
        for (int i = 0; i < _struct.VariableLength; i++)
        {
            BtfMember member = _struct.Members[i];
            ReadOnlySpan<byte> bytes = value.Slice((int)(_offset + member.BitOffset / 8), (int)_btf.GetSize(member.TypeId));
            if (!IsFunction(member))
            {
                if (IsTcp && member.Name is not ("name" or "flags") && bytes.ContainsAnyExcept((byte)0))
                    return -Errno.EINVAL;
                continue;
            }

            ulong fd = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            if (fd == 0)
                continue;
            int error = _kernel.Find((uint)fd, out EmulatedProgram? program);
            if (error != 0)
                return error;
            if (program!.Type != BpfProgramType.StructOps || program.AttachBtfId != _structId || (int)program.ExpectedAttachType != i)
                return -Errno.EINVAL;
            found.Add((member.Name, program));
        }

        if (IsTcp && !(IsName(Key(value)) && Has("ssthresh") && Has("undo_cwnd") && (Has("cong_avoid") || Has("cong_control"))))
            return -Errno.EINVAL;
        callbacks = [.. found];
        return 0;

        bool Has(string member) => found.Exists(f => f.Item1 == member);
    }

    /// <summary>Writes the state into a copy of the value for user space.</summary>
    public void WriteState(Span<byte> value, StructOpsState state)
    {
        // struct bpf_struct_ops_common_value: a count, then the state.
        if (_offset >= 2 * sizeof(uint))
            BinaryPrimitives.WriteUInt32LittleEndian(value[sizeof(uint)..], (uint)state);
    }

    private ReadOnlySpan<byte> Text(ReadOnlySpan<byte> value)
    {
        foreach (BtfMember member in _struct.Members)
        {
            if (member.Name == "name")
                return value.Slice((int)(_offset + member.BitOffset / 8), (int)_btf.GetSize(member.TypeId));
        }

        return default;
    }

    private bool IsFunction(BtfMember member)
    {
        BtfType type = _btf[_btf.StripModifiers(member.TypeId)];
        return type.Kind == BtfKind.Ptr && _btf[_btf.StripModifiers(type.TypeId)].Kind == BtfKind.FuncProto;
    }

    private static bool IsName(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.');
}
