using LibbpfSharp.Skeleton.Model;

namespace LibbpfSharp.Skeleton.Emit;

/// <content>Structs and unions: every byte is covered by a field, so that no copy loses one.</content>
public sealed partial class TypeEmitter
{
    private static readonly (uint Size, string Name)[] s_fillers = [(8, "ulong"), (4, "uint"), (2, "ushort"), (1, "byte")];

    private void EmitStruct(StructModel type)
    {
        _out.Summary($"<c>{CodeWriter.Xml(type.CName)}</c>, {type.Size} bytes.{CodeWriter.Tags(type.Tags)}");
        NameAttribute(type.CName);
        _out.Line($"[{Interop}.StructLayout({Interop}.LayoutKind.Explicit, Size = {type.Size}, Pack = 1)]");
        _out.Line($"{_access} struct {type.Name} : global::System.IEquatable<{type.Name}>");
        _out.Open();
        _out.Summary("Size in bytes.");
        _out.Line($"public const int ByteSize = {type.Size};");
        _out.Line();
        foreach (MemberModel member in type.Members)
        {
            EmitMember(type, member);
            _out.Line();
        }

        EmitFillers(type);
        Operators(type.Name);
        Equality(type.Name);
        _out.Line("/// <inheritdoc/>");
        _out.Line($"public override readonly string ToString() => string.Create(global::System.Globalization.CultureInfo.InvariantCulture, $\"{type.Name} {{{{ {Dump(type)}}}}}\");");
        _out.Close();
    }

    private static string Dump(StructModel type) =>
        string.Concat(type.Members.Where(m => m.Access is MemberAccess.Field or MemberAccess.Property or MemberAccess.Bits)
            .Select((m, i) => $"{(i == 0 ? "" : ", ")}{m.Name} = {{{m.Name}}}")) + " ";

    private static string Place(MemberModel member) => member.Access switch
    {
        MemberAccess.Bits => $"bits {member.BitOffset} to {member.BitOffset + member.Bits - 1}",
        _ => $"at byte {member.Offset}",
    };

    private void EmitMember(StructModel type, MemberModel member)
    {
        string name = Name(member.Type);
        string c = $"<c>{CodeWriter.Xml(member.Declaration)}</c>, {Place(member)}";
        string tags = CodeWriter.Tags(member.Tags);
        switch (member.Access)
        {
            case MemberAccess.Field:
                _out.Summary($"{c}.{tags}");
                NameAttribute(member.CName);
                _out.Line($"[{Interop}.FieldOffset({member.Offset})]");
                _out.Line($"public {name} {member.Name};");
                break;
            case MemberAccess.Property:
                _out.Summary($"{c}{(member.Type.Kind == TypeRefKind.Boolean ? "" : ", not aligned")}.{tags}");
                NameAttribute(member.CName);
                string stored = member.Type.Kind == TypeRefKind.Boolean ? "byte" : name;
                string self = $"{C}.BpfStruct";
                Property(
                    name,
                    member.Name,
                    $"{self}.Read<{_container}.{type.Name}, {stored}>(in this, {member.Offset}){(stored == name ? "" : " != 0")}",
                    $"{self}.Write<{_container}.{type.Name}, {stored}>(ref this, {member.Offset}, {(stored == name ? "value" : "value ? (byte)1 : (byte)0")})");
                break;
            case MemberAccess.Bits:
                _out.Summary($"{c}. Bits of a value beyond {member.Bits} are dropped.{tags}");
                NameAttribute(member.CName);
                string where = $"{member.BitOffset}, {member.Bits}";
                bool isBool = member.Type.Kind == TypeRefKind.Boolean;
                Property(
                    name,
                    member.Name,
                    isBool
                        ? $"{C}.BpfBits.Read({C}.BpfStruct.Bytes(in this), {where}) != 0"
                        : $"unchecked(({name}){C}.BpfBits.{(member.Type.IsSigned ? "ReadSigned" : "Read")}({C}.BpfStruct.Bytes(in this), {where}))",
                    $"{C}.BpfBits.Write({C}.BpfStruct.MutableBytes(ref this), {where}, {(isBool ? "value ? 1UL : 0UL" : "unchecked((ulong)value)")})");
                break;
            case MemberAccess.Kernel:
                _out.Summary($"{c}: the kernel's own.{tags}");
                _out.Line($"[{C}.BpfKernelField({CodeWriter.Literal(member.Type.Name)})]");
                _out.Line($"[{Interop}.FieldOffset({member.Offset})]");
                _out.Line($"private {(member.Type.Size is 8 or 4 or 2 or 1 ? s_fillers.First(f => f.Size == member.Type.Size).Name : "byte")} _kernel{member.Offset};");
                break;
            default:
                _out.Summary($"{c}: what follows the struct in a record.{tags}");
                _out.Line("/// <param name=\"record\">All bytes of the record, the struct included.</param>");
                _out.Line("/// <returns>The whole elements that are there.</returns>");
                _out.Line($"public static global::System.ReadOnlySpan<{name}> {member.Name}(global::System.ReadOnlySpan<byte> record) => {C}.BpfStruct.Tail<{name}>(record, {member.Offset});");
                break;
        }
    }

    private void Property(string type, string name, string get, string set)
    {
        _out.Line($"public {type} {name}");
        _out.Open();
        _out.Line($"readonly get => {get};");
        _out.Line($"set => {set};");
        _out.Close();
    }

    /// <summary>Private fields over all that no field covers: padding, bitfields, bools, bytes of the kernel.</summary>
    private void EmitFillers(StructModel type)
    {
        List<(uint Start, uint End)> covered = [];
        foreach (MemberModel member in type.Members)
        {
            if (member.Access == MemberAccess.Field)
                covered.Add((member.Offset, member.Offset + member.Type.Size));
            else if (member.Access == MemberAccess.Kernel)
                covered.Add((member.Offset, member.Offset + (member.Type.Size is 8 or 4 or 2 or 1 ? member.Type.Size : 1)));
        }

        covered.Sort();
        covered.Add((type.Size, type.Size));
        uint at = 0;
        foreach ((uint start, uint end) in covered)
        {
            if (start > at + 256)
            {
                _out.Line($"[{Interop}.FieldOffset({at})]");
                _out.Line($"private Fill{at} _fill{at};");
                _out.Line();
                _out.Line($"[global::System.Runtime.CompilerServices.InlineArray({start - at})]");
                _out.Line($"private struct Fill{at}");
                _out.Open();
                _out.Line("private byte _element0;");
                _out.Close();
                _out.Line();
                at = start;
            }

            while (at < start)
            {
                (uint size, string name) = s_fillers.First(f => at % f.Size == 0 && at + f.Size <= start);
                _out.Line($"[{Interop}.FieldOffset({at})]");
                _out.Line($"private {name} _fill{at};");
                _out.Line();
                at += size;
            }

            at = Math.Max(at, end);
        }
    }
}
