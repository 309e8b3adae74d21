namespace LibbpfSharp.Formats.Btf;

/// <summary>
/// Completes the BTF of an object file for the kernel: clang leaves the offsets of variables (and, if the object was not
/// linked, the sizes of sections) to the ELF symbols, and the kernel does not take externs as clang writes them.
/// </summary>
public static class BtfObjectFixup
{
    /// <summary>Section of externs that libbpf (or the loader) fills from the kernel's configuration.</summary>
    public const string KconfigSection = ".kconfig";

    /// <summary>Section of externs that are kernel symbols and kfuncs.</summary>
    public const string KsymsSection = ".ksyms";

    /// <summary>Where a variable lies according to its ELF symbol.</summary>
    /// <param name="Offset">Offset in the section in bytes.</param>
    /// <param name="Hidden">The symbol's visibility is hidden or internal: to the verifier the variable is then static.</param>
    public readonly record struct Symbol(uint Offset, bool Hidden);

    /// <summary>What <see cref="Fix"/> asks of the object file.</summary>
    public interface IObjectSymbols
    {
        /// <summary>Size in bytes of a section.</summary>
        /// <param name="section">Name of the section.</param>
        /// <param name="size">The size.</param>
        /// <returns>False if there is no such section.</returns>
        bool TryGetSectionSize(string section, out uint size);

        /// <summary>The symbol of a global or weak variable.</summary>
        /// <param name="section">Name of its section.</param>
        /// <param name="variable">Name of the variable.</param>
        /// <param name="symbol">The symbol.</param>
        /// <returns>False if there is no such symbol.</returns>
        bool TryGetSymbol(string section, string variable, out Symbol symbol);
    }

    /// <summary>Fixes sizes, offsets and externs.</summary>
    /// <param name="btf">The object's BTF.</param>
    /// <param name="symbols">The object's symbols.</param>
    /// <param name="kconfigOffsets">Offset of each .kconfig extern in the map that holds their values, and the map's size; null if the object has none.</param>
    /// <param name="kconfigSize">Size in bytes of the .kconfig map.</param>
    /// <returns>The completed BTF; the given one if it has no sections.</returns>
    /// <exception cref="BpfObjectFormatException">A variable has no symbol, a section's sizes contradict each other, or an id does not exist.</exception>
    public static BtfData Fix(BtfData btf, IObjectSymbols symbols, IReadOnlyDictionary<string, uint>? kconfigOffsets = null, uint kconfigSize = 0)
    {
        BtfBuilder? builder = null;
        for (uint id = btf.FirstId; id < btf.TypeCount; id++)
        {
            BtfType section = btf[id];
            if (section.Kind != BtfKind.DataSec)
                continue;
            builder ??= BtfBuilder.From(btf);
            string name = section.Name;
            List<BtfSectionVariable> variables = [];
            foreach (BtfSectionVariable variable in section.Variables)
                variables.Add(variable);
            List<(uint Type, uint Offset, uint Size)> placed = name switch
            {
                KsymsSection => FixKsyms(builder, section, variables),
                KconfigSection => FixKconfig(builder, section, variables, kconfigOffsets, kconfigSize),
                _ => FixData(builder, section, variables, name, symbols),
            };

            placed.Sort((a, b) => a.Offset.CompareTo(b.Offset)); // the kernel wants them ascending
            for (int i = 0; i < placed.Count; i++)
            {
                builder.SetTailWord(id, i * 3, placed[i].Type);
                builder.SetTailWord(id, (i * 3) + 1, placed[i].Offset);
                builder.SetTailWord(id, (i * 3) + 2, placed[i].Size);
            }
        }

        return builder is null ? btf : builder.Build();
    }

    private static List<(uint Type, uint Offset, uint Size)> FixData(
        BtfBuilder builder, BtfType section, List<BtfSectionVariable> variables, string name, IObjectSymbols symbols)
    {
        BtfData btf = section.Btf;
        List<(uint, uint, uint)> placed = [];
        if (!symbols.TryGetSectionSize(name, out uint size))
            throw btf.Malformed(section, $"the object has no section '{name}'.");
        if (section.Size != 0 && section.Size != size)
            throw btf.Malformed(section, $"its size is {section.Size} bytes, the section '{name}' has {size}.");
        builder.SetSizeOrType(section.Id, size);
        foreach (BtfSectionVariable entry in variables)
        {
            BtfType variable = Variable(section, entry);
            uint offset = entry.Offset;
            if (variable.Linkage != BtfLinkage.Static)
            {
                if (!symbols.TryGetSymbol(name, variable.Name, out Symbol symbol))
                    throw btf.Malformed(variable, $"the object has no symbol '{variable.Name}' in section '{name}'.");
                offset = symbol.Offset;
                if (symbol.Hidden)
                    builder.SetTailWord(variable.Id, 0, (uint)BtfLinkage.Static);
            }

            placed.Add((entry.TypeId, offset, entry.Size));
        }

        return placed;
    }

    // The kernel takes no extern variables and functions in sections. Each becomes an int of four bytes: nothing reads them.
    private static List<(uint Type, uint Offset, uint Size)> FixKsyms(BtfBuilder builder, BtfType section, List<BtfSectionVariable> variables)
    {
        BtfData btf = section.Btf;
        uint intId = FindOrAddInt(builder, btf);
        uint standIn = 0;
        List<(uint, uint, uint)> placed = [];
        foreach (BtfSectionVariable entry in variables)
        {
            BtfType type = btf[entry.TypeId];
            uint id = entry.TypeId;
            if (type.Kind == BtfKind.Func)
            {
                if (standIn == 0)
                    standIn = builder.AddVariable("dummy_ksym", intId, BtfLinkage.Global);
                NameParameters(builder, btf, type.TypeId);
                builder.SetInfo(type.Id, BtfKind.Func, (int)BtfLinkage.Global, false);
                id = standIn;
            }
            else
            {
                _ = Variable(section, entry);
                builder.SetTailWord(type.Id, 0, (uint)BtfLinkage.Global);
                builder.SetSizeOrType(type.Id, intId);
            }

            placed.Add((id, (uint)placed.Count * 4, 4));
        }

        builder.SetSizeOrType(section.Id, (uint)placed.Count * 4);
        return placed;
    }

    private static List<(uint Type, uint Offset, uint Size)> FixKconfig(
        BtfBuilder builder, BtfType section, List<BtfSectionVariable> variables, IReadOnlyDictionary<string, uint>? offsets, uint size)
    {
        List<(uint, uint, uint)> placed = [];
        foreach (BtfSectionVariable entry in variables)
        {
            BtfType variable = Variable(section, entry);
            uint offset = entry.Offset;
            if (offsets is not null && !offsets.TryGetValue(variable.Name, out offset))
                throw section.Btf.Malformed(variable, $"the extern '{variable.Name}' was given no place in {KconfigSection}.");
            builder.SetTailWord(variable.Id, 0, (uint)BtfLinkage.Global);
            placed.Add((entry.TypeId, offset, section.Btf.GetSize(variable.TypeId)));
        }

        if (offsets is not null)
            builder.SetSizeOrType(section.Id, size);
        return placed;
    }

    private static BtfType Variable(BtfType section, BtfSectionVariable entry)
    {
        BtfType variable = section.Btf[entry.TypeId];
        return variable.Kind == BtfKind.Var ? variable : throw section.Btf.Malformed(section, $"its entry {variable} is not a variable.");
    }

    private static uint FindOrAddInt(BtfBuilder builder, BtfData btf)
    {
        foreach (uint id in btf.FindAllByName("int", BtfKind.Int))
        {
            if (btf[id].Size == 4 && btf[id].IsSignedInt)
                return id;
        }

        return builder.AddInt("int", 4, BtfIntEncoding.Signed);
    }

    private static void NameParameters(BtfBuilder builder, BtfData btf, uint prototypeId)
    {
        BtfType prototype = btf[prototypeId];
        if (prototype.Kind != BtfKind.FuncProto)
            throw btf.Malformed(prototype, "a function refers to it, but it is no prototype.");
        for (int i = 0; i < prototype.VariableLength; i++)
        {
            // The kernel wants names for the parameters of a function that is not extern.
            if (prototype.Parameters[i] is { TypeId: not 0, NameOffset: 0 })
                builder.SetTailWord(prototypeId, i * 2, builder.AddString("dummy_ksym"));
        }
    }
}
