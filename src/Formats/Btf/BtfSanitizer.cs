namespace LibbpfSharp.Formats.Btf;

/// <summary>
/// Rewrites BTF for a kernel that does not know all kinds: what it does not know becomes a kind that it does know and that
/// has the same ids and the same size, so that references (also those of BTF.ext) stay right. The mapping is that of libbpf.
/// </summary>
public static class BtfSanitizer
{
    /// <summary>Rewrites BTF for what a kernel supports.</summary>
    /// <param name="btf">The object's BTF.</param>
    /// <param name="features">What the kernel supports.</param>
    /// <returns>The given BTF if nothing needs to change, else a rewritten copy.</returns>
    /// <exception cref="BpfObjectFormatException">A type refers to one that does not exist.</exception>
    public static BtfData Sanitize(BtfData btf, BtfFeatures features)
    {
        if (features == BtfFeatures.All)
            return btf;
        BtfBuilder builder = BtfBuilder.From(btf);
        uint placeholder = 0;
        bool changed = false;
        for (uint id = btf.FirstId; id < btf.TypeCount; id++)
            changed |= Rewrite(builder, btf[id], features, ref placeholder);
        return changed ? builder.Build() : btf;
    }

    private static bool Rewrite(BtfBuilder builder, BtfType type, BtfFeatures features, ref uint placeholder)
    {
        switch (type.Kind)
        {
            case BtfKind.Var when !features.DataSec:
            case BtfKind.DeclTag when !features.DeclTag:
                // VAR and DECL_TAG have one word after the record, and so has INT.
                builder.SetInfo(type.Id, BtfKind.Int, 0, false);
                builder.SetSizeOrType(type.Id, 1);
                builder.SetTailWord(type.Id, 0, 8);
                return true;
            case BtfKind.DataSec when !features.DataSec:
                return DataSecToStruct(builder, type);
            case BtfKind.DataSec when !features.QuestionMarkDataSec && type.Name.StartsWith('?'):
                builder.SetName(type.Id, builder.AddString("_" + type.Name[1..]));
                return true;
            case BtfKind.FuncProto when !features.Func:
                // A parameter's name and type are read as an enumerator's name and value.
                builder.SetInfo(type.Id, BtfKind.Enum, type.VariableLength, false);
                builder.SetSizeOrType(type.Id, 4);
                return true;
            case BtfKind.Func when !features.Func:
                builder.SetInfo(type.Id, BtfKind.Typedef, 0, false);
                return true;
            case BtfKind.Func when !features.FuncGlobal && type.Linkage == BtfLinkage.Global:
                builder.SetInfo(type.Id, BtfKind.Func, (int)BtfLinkage.Static, false);
                return true;
            case BtfKind.Float when !features.Float:
                builder.SetInfo(type.Id, BtfKind.Struct, 0, false);
                return true;
            case BtfKind.TypeTag when !features.TypeTag:
                builder.SetInfo(type.Id, BtfKind.Const, 0, false);
                builder.SetName(type.Id, 0);
                return true;
            case BtfKind.Enum when !features.Enum64 && type.KindFlag:
                builder.SetInfo(type.Id, BtfKind.Enum, type.VariableLength, false);
                return true;
            case BtfKind.Enum64 when !features.Enum64:
                return Enum64ToUnion(builder, type, ref placeholder);
            default:
                return false;
        }
    }

    private static bool DataSecToStruct(BtfBuilder builder, BtfType type)
    {
        // Names of types must be identifiers for kernels of that age.
        builder.SetName(type.Id, builder.AddString(type.Name.Replace('.', '_').Replace('?', '_')));
        builder.SetInfo(type.Id, BtfKind.Struct, type.VariableLength, false);
        for (int i = 0; i < type.VariableLength; i++)
        {
            BtfSectionVariable variable = type.Variables[i];
            builder.SetTailWord(type.Id, i * 3, type.Btf[variable.TypeId].NameOffset);
            builder.SetTailWord(type.Id, (i * 3) + 1, variable.TypeId);
            builder.SetTailWord(type.Id, (i * 3) + 2, variable.Offset * 8);
        }

        return true;
    }

    private static bool Enum64ToUnion(BtfBuilder builder, BtfType type, ref uint placeholder)
    {
        if (placeholder == 0)
            placeholder = builder.AddInt("enum64_placeholder", 1);
        builder.SetInfo(type.Id, BtfKind.Union, type.VariableLength, false);
        for (int i = 0; i < type.VariableLength; i++)
        {
            builder.SetTailWord(type.Id, (i * 3) + 1, placeholder);
            builder.SetTailWord(type.Id, (i * 3) + 2, 0);
        }

        return true;
    }
}
