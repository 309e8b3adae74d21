using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Elf;

namespace LibbpfSharp.Formats.Objects;

// Externs: undefined symbols that BTF says more about.
internal sealed partial class BpfObjectParser
{
    private readonly Dictionary<int, BpfExternSpec> _externsBySymbol = [];

    private void ReadExterns()
    {
        Dictionary<string, uint>? types = null;
        Dictionary<uint, BtfType>? sections = null;
        foreach (ElfSymbol symbol in _symbols)
        {
            if (!symbol.IsUndefined || symbol.Type != ElfSymbolType.None || symbol.Binding is not (ElfSymbolBinding.Global or ElfSymbolBinding.Weak))
                continue;
            string name = symbol.Name;
            if (name.Length == 0)
                continue;
            BtfData btf = RequireBtf(_symbolSection.Name, $"externs ('{name}')");
            types ??= IndexExternTypes(btf);
            sections ??= IndexSectionOfEntries(btf);
            if (!types.TryGetValue(name, out uint id))
                throw SymbolError(symbol, "it is not defined, and BTF has no extern variable or function of that name. Declare it with __kconfig or __ksym.");
            BtfType type = btf[id];
            if (!sections.TryGetValue(id, out BtfType section))
                throw SymbolError(symbol, "it is not defined, and BTF has it in no section. Declare it with __kconfig or __ksym.");
            BpfExternSpec spec = section.Name switch
            {
                BtfObjectFixup.KconfigSection => ReadKconfig(btf, type, symbol, name),
                BtfObjectFixup.KsymsSection => ReadKsym(btf, type, symbol, name),
                _ => throw SymbolError(symbol, $"the extern is in section '{section.Name}'; only {BtfObjectFixup.KconfigSection} and {BtfObjectFixup.KsymsSection} are known."),
            };
            Externs.Add(spec);
            _externsBySymbol.Add(symbol.Index, spec);
        }

        Externs.Sort(CompareExterns);
        ulong offset = 0;
        foreach (BpfExternSpec spec in Externs)
        {
            if (spec.Kind != BpfExternKind.Kconfig)
                break;
            offset = (offset + spec.Alignment - 1) / spec.Alignment * spec.Alignment;
            spec.Offset = (uint)offset;
            offset += spec.Size;
            if (offset > int.MaxValue)
                throw new BpfObjectFormatException(BtfObjectFixup.KconfigSection, 0, $"the values take more than {int.MaxValue} bytes.");
        }
    }

    // As libbpf lays them out: most aligned first, then smallest, then by name; kernel symbols behind.
    private static int CompareExterns(BpfExternSpec a, BpfExternSpec b)
    {
        bool aConfig = a.Kind == BpfExternKind.Kconfig;
        bool bConfig = b.Kind == BpfExternKind.Kconfig;
        if (aConfig != bConfig)
            return aConfig ? -1 : 1;
        if (aConfig && a.Alignment != b.Alignment)
            return b.Alignment.CompareTo(a.Alignment);
        if (aConfig && a.Size != b.Size)
            return a.Size.CompareTo(b.Size);
        return string.CompareOrdinal(a.Name, b.Name);
    }

    private static Dictionary<string, uint> IndexExternTypes(BtfData btf)
    {
        Dictionary<string, uint> types = new(StringComparer.Ordinal);
        for (uint id = btf.FirstId; id < btf.TypeCount; id++)
        {
            BtfType type = btf[id];
            if (type.Kind is BtfKind.Var or BtfKind.Func && type.Linkage == BtfLinkage.Extern)
                types.TryAdd(type.Name, id);
        }

        return types;
    }

    private static Dictionary<uint, BtfType> IndexSectionOfEntries(BtfData btf)
    {
        Dictionary<uint, BtfType> sections = [];
        for (uint id = btf.FirstId; id < btf.TypeCount; id++)
        {
            BtfType type = btf[id];
            if (type.Kind != BtfKind.DataSec)
                continue;
            foreach (BtfSectionVariable variable in type.Variables)
                sections.TryAdd(variable.TypeId, type);
        }

        return sections;
    }

    private static string EssentialName(string name)
    {
        // "foo___bar" is a flavour of "foo"; the name before must not be empty nor end in '_'.
        for (int i = name.Length - 5; i >= 0; i--)
        {
            if (name[i] != '_' && name.AsSpan(i + 1, 3).SequenceEqual("___") && name[i + 4] != '_')
                return name[..(i + 1)];
        }

        return name;
    }

    private BpfExternSpec ReadKconfig(BtfData btf, BtfType type, ElfSymbol symbol, string name)
    {
        if (type.Kind != BtfKind.Var)
            throw SymbolError(symbol, $"a function cannot be in {BtfObjectFixup.KconfigSection}.");
        uint size = btf.GetSize(type.TypeId);
        int alignment = btf.GetAlignment(type.TypeId);
        BpfKconfigType kind = GetKconfigType(btf, type.TypeId, out bool signed);
        if (kind == BpfKconfigType.None || size == 0 || alignment <= 0)
            throw SymbolError(symbol, $"a {BtfObjectFixup.KconfigSection} extern is a char, bool, integer, enum libbpf_tristate or char array; this one is {btf[btf.ResolveTypedefs(type.TypeId)]}.");
        return new()
        {
            Name = name,
            EssentialName = EssentialName(name),
            Kind = BpfExternKind.Kconfig,
            IsWeak = symbol.Binding == ElfSymbolBinding.Weak,
            BtfId = type.Id,
            TypeId = btf.ResolveTypedefs(type.TypeId),
            KconfigType = kind,
            IsSigned = signed,
            Size = size,
            Alignment = (uint)alignment,
            SymbolIndex = symbol.Index,
        };
    }

    private static BpfKconfigType GetKconfigType(BtfData btf, uint id, out bool signed)
    {
        signed = false;
        BtfType type = btf[btf.ResolveTypedefs(id)];
        switch (type.Kind)
        {
            case BtfKind.Int when (type.IntEncoding & BtfIntEncoding.Bool) != 0:
                return type.Size == 1 ? BpfKconfigType.Bool : BpfKconfigType.None;
            case BtfKind.Int when type.Size is 1 or 2 or 4 or 8:
                signed = type.IsSignedInt;
                return type.Size == 1 ? BpfKconfigType.Char : BpfKconfigType.Integer;
            case BtfKind.Enum when type.Size == 4 && type.Name == "libbpf_tristate":
            case BtfKind.Enum64 when type.Name == "libbpf_tristate":
                return BpfKconfigType.Tristate;
            case BtfKind.Array when type.ElementCount != 0:
                BtfType element = btf[btf.ResolveTypedefs(type.ElementTypeId)];
                return element.Kind == BtfKind.Int && element.Size == 1 && (element.IntEncoding & BtfIntEncoding.Bool) == 0
                    ? BpfKconfigType.CharArray
                    : BpfKconfigType.None;
            default:
                return BpfKconfigType.None;
        }
    }

    private static BpfExternSpec ReadKsym(BtfData btf, BtfType type, ElfSymbol symbol, string name)
    {
        bool function = type.Kind == BtfKind.Func;
        uint target = function ? type.TypeId : btf.ResolveTypedefs(type.TypeId);
        return new()
        {
            Name = name,
            EssentialName = EssentialName(name),
            Kind = function ? BpfExternKind.Kfunc : target == 0 ? BpfExternKind.KernelSymbol : BpfExternKind.TypedKernelVariable,
            IsWeak = symbol.Binding == ElfSymbolBinding.Weak,
            BtfId = type.Id,
            TypeId = target,
            SymbolIndex = symbol.Index,
        };
    }
}
