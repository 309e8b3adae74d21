using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Skeleton.Diagnostics;
using LibbpfSharp.Skeleton.Model;
using LibbpfSharp.Skeleton.Naming;

namespace LibbpfSharp.Skeleton.Types;

/// <content>Structs and unions.</content>
public sealed partial class TypeSetBuilder
{
    // What the kernel keeps in map values (Documentation/bpf/graph_ds_impl.rst, map_hash.rst and others).
    private static readonly HashSet<string> s_kernelStructs = new(StringComparer.Ordinal)
    {
        "bpf_spin_lock", "bpf_res_spin_lock", "bpf_timer", "bpf_wq", "bpf_task_work", "bpf_list_head", "bpf_list_node",
        "bpf_rb_root", "bpf_rb_node", "bpf_refcount",
    };

    private static readonly HashSet<string> s_kernelPointers = new(StringComparer.Ordinal)
    {
        "kptr", "kptr_untrusted", "kptr_ref", "percpu_kptr",
    };

    private TypeRef? OfStruct(BtfType type, string typedef, string hint, int depth)
    {
        string cName = CName(type, typedef);
        if (type.Size == 0)
            return null;
        if (type.Size > MaxSize)
        {
            _diagnostics.Add(SkeletonDiagnostics.TooLarge(cName, type.Size));
            return null;
        }

        string name = _names.Take(type.NameOffset != 0 ? CSharpNames.Pascal(type.Name) : typedef.Length != 0 ? CSharpNames.Pascal(typedef) : hint);
        _namesById.Add(type.Id, name);

        // Its place in the output is before what it contains, which is found first.
        int place = _types.Count;
        List<MemberModel> members = [];
        NameScope scope = new([name, .. s_objectMembers]);
        AddMembers(type, 0, type, name, cName, scope, members, depth);
        _types.Insert(place, new StructModel(name, cName, type.Size, members) { Tags = Tags(type.Id) });
        return new(TypeRefKind.Struct, name, type.Size, Math.Max(_btf.GetAlignment(type.Id), 1), IsGenerated: true);
    }

    private void AddMembers(BtfType owner, uint at, BtfType outer, string outerName, string outerCName, NameScope scope, List<MemberModel> members, int depth)
    {
        for (int i = 0; i < owner.VariableLength; i++)
        {
            BtfMember member = owner.Members[i];
            uint bitOffset = at + member.BitOffset;
            uint id = _btf.ResolveTypedefs(member.TypeId);
            BtfType type = _btf[id];
            if (member.NameOffset == 0)
            {
                // C reaches the members of an anonymous member as if they were the outer's own.
                if (type.IsComposite && depth < 64)
                    AddMembers(type, bitOffset, outer, outerName, outerCName, scope, members, depth + 1);
                continue;
            }

            string subject = $"{outerCName}.{member.Name}";
            MemberModel? model = BtfBits(owner, member, bitOffset, out uint bitStart, out int bits)
                ? BitfieldMember(member, bitStart, bits, outer, subject, scope, depth)
                : PlainMember(member, type, bitOffset, outer, outerName, subject, scope, last: i == owner.VariableLength - 1, depth);
            if (model is not null)
                members.Add(model with { Tags = Tags(owner.Id, i) });
        }
    }

    private static bool BtfBits(BtfType owner, BtfMember member, uint bitOffset, out uint start, out int bits)
    {
        bool bitfield = BtfLayout.IsBitfield(owner, member, out uint inOwner, out bits);
        start = bitOffset + (inOwner - member.BitOffset);
        return bitfield;
    }

    private MemberModel? BitfieldMember(BtfMember member, uint start, int bits, BtfType outer, string subject, NameScope scope, int depth)
    {
        TypeRef? type = Resolve(member.TypeId, "Value", depth + 1);
        if (type is not { Kind: TypeRefKind.Integer or TypeRefKind.Boolean or TypeRefKind.Enum, Size: <= 8 } || bits > 64 || start + (ulong)bits > outer.Size * 8ul)
        {
            _diagnostics.Add(SkeletonDiagnostics.AsBytes(subject, "it is a bitfield of a type that has no bitfields"));
            return null;
        }

        return new(MemberAccess.Bits, scope.Take(CSharpNames.Pascal(member.Name)), member.Name, $"{Declaration(member.TypeId, member.Name)}:{bits}", type, start, bits);
    }

    private MemberModel? PlainMember(
        BtfMember member, BtfType type, uint bitOffset, BtfType outer, string outerName, string subject, NameScope scope, bool last, int depth)
    {
        if (type is { Kind: BtfKind.Array, ElementCount: 0 })
            return TailMember(member, type, bitOffset, outer, outerName, subject, scope, last, depth);
        if (!_btf.TryGetSize(type.Id, out uint size) || bitOffset % 8 != 0 || bitOffset / 8 + (ulong)size > outer.Size)
        {
            _diagnostics.Add(SkeletonDiagnostics.AsBytes(subject, "it does not lie within its struct"));
            return null;
        }

        if (size == 0)
            return null;
        string declaration = Declare(member, type);
        string name = scope.Take(CSharpNames.Pascal(member.Name));
        if (KernelType(member.TypeId, type) is { } kernel)
            return new(MemberAccess.Kernel, name, member.Name, declaration, new(TypeRefKind.Struct, kernel, size, 1), bitOffset);
        TypeRef? of = Resolve(member.TypeId, outerName + CSharpNames.Pascal(member.Name), depth + 1);
        if (of is null || of.Size != size)
        {
            _diagnostics.Add(SkeletonDiagnostics.AsBytes(subject, "C# has no such type"));
            of = ArrayOf(ByteRef, size, false, $"char [{size}]");
        }

        bool asProperty = of.Kind == TypeRefKind.Boolean
            || (of.Kind is TypeRefKind.Integer or TypeRefKind.Float or TypeRefKind.Pointer or TypeRefKind.Enum && bitOffset / 8 % of.Alignment != 0 && of.Size < 16);
        return new(asProperty ? MemberAccess.Property : MemberAccess.Field, name, member.Name, declaration, of, bitOffset);
    }

    private MemberModel? TailMember(
        BtfMember member, BtfType type, uint bitOffset, BtfType outer, string outerName, string subject, NameScope scope, bool last, int depth)
    {
        if (!last || bitOffset % 8 != 0)
        {
            _diagnostics.Add(SkeletonDiagnostics.NoLength(subject));
            return null;
        }

        TypeRef? element = Resolve(type.ElementTypeId, outerName + CSharpNames.Pascal(member.Name), depth + 1);
        if (element is null || element.Kind == TypeRefKind.Boolean || _btf[_btf.ResolveTypedefs(type.ElementTypeId)] is { Kind: BtfKind.Int, Size: 1, Name: "char" })
            element = ByteRef;
        return new(MemberAccess.Tail, scope.Take(CSharpNames.Pascal(member.Name)), member.Name, Declaration(member.TypeId, member.Name), element, bitOffset);
    }

    private string Declare(BtfMember member, BtfType type) =>
        type.IsComposite && type.NameOffset == 0 && _btf[_btf.StripModifiers(member.TypeId)].Kind != BtfKind.Typedef
            ? $"{(type.Kind == BtfKind.Union ? "union" : "struct")} {{ ... }} {member.Name}"
            : Declaration(member.TypeId, member.Name);

    /// <summary>A declaration of C in one line: arrays of and pointers to anonymous structs have the body in theirs.</summary>
    /// <param name="id">The type.</param>
    /// <param name="name">What is declared; empty for the type alone.</param>
    /// <returns>The declaration.</returns>
    public string Declaration(uint id, string name) =>
        string.Join(' ', _c.Declare(id, name).Split(['\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The name in C of a type that belongs to the kernel, or null.</summary>
    private string? KernelType(uint memberTypeId, BtfType type)
    {
        if (type.Kind == BtfKind.Struct && s_kernelStructs.Contains(type.Name))
            return $"struct {type.Name}";
        if (type.Kind != BtfKind.Ptr)
            return null;
        for (BtfType t = _btf[type.TypeId]; t.IsModifier; t = _btf[t.TypeId])
        {
            if (t.Kind == BtfKind.TypeTag && s_kernelPointers.Contains(t.Name))
                return Declaration(memberTypeId, "");
        }

        return null;
    }
}
