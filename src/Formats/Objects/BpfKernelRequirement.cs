using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Formats.Objects;

/// <summary>Something in an object that not every kernel has.</summary>
/// <param name="Version">The Linux version that first had it.</param>
/// <param name="Feature">What it is, in words: <c>map type RINGBUF</c>, <c>helper bpf_loop</c>.</param>
/// <param name="UsedBy">Name of the map or program that uses it.</param>
public sealed record BpfKernelRequirement(Version Version, string Feature, string UsedBy)
{
    /// <summary>
    /// What maps and programs of an object need, youngest first, each feature once. An estimate from what is there: code that a
    /// program skips on an older kernel counts too. Programs that are not loaded by default do not.
    /// </summary>
    /// <param name="file">The object.</param>
    /// <returns>The requirements; the first one has the object's minimum.</returns>
    public static IReadOnlyList<BpfKernelRequirement> Of(BpfObjectFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Dictionary<string, BpfKernelRequirement> found = new(StringComparer.Ordinal);
        void add(Version? version, string feature, string usedBy)
        {
            if (version is not null)
                found.TryAdd(feature, new(version, feature, usedBy));
        }

        foreach (BpfMapSpec map in file.Maps)
        {
            add(map.IsInternal ? new(5, 2) : KernelVersions.OfMapType(map.Type), map.IsInternal ? "global data" : $"map type {BpfTypeNames.GetMapType(map.Type)}", map.Name);
            if (map.InnerMap is { } inner)
                add(KernelVersions.OfMapType(inner.Type), $"map type {BpfTypeNames.GetMapType(inner.Type)}", map.Name);
        }

        foreach (BpfProgramSpec program in file.Programs)
        {
            if (!program.AutoLoad)
                continue;
            add(KernelVersions.OfProgramType(program.ProgramType), $"program type {BpfTypeNames.GetProgramType(program.ProgramType)}", program.Name);
            if (program.ExpectedAttachType is { } attach)
                add(KernelVersions.OfAttachType(attach), $"attach type {BpfTypeNames.GetAttachType(attach)}", program.Name);
            AddCode(BpfProgramLinker.Link(program), add);
        }

        return [.. found.Values.OrderByDescending(r => r.Version).ThenBy(r => r.Feature, StringComparer.Ordinal)];
    }

    private static void AddCode(BpfLinkedProgram linked, Action<Version?, string, string> add)
    {
        // A call of an extern is encoded like one of a subprogram until it is relocated.
        Dictionary<int, BpfRelocation> externs = [];
        foreach (BpfRelocation relocation in linked.Relocations)
        {
            if (relocation.Extern is not null)
                externs[relocation.InstructionIndex] = relocation;
        }

        string user = linked.Program.Name;
        for (int i = 0; i < linked.Instructions.Length; i++)
        {
            BpfInstruction instruction = linked.Instructions[i];
            if (externs.TryGetValue(i, out BpfRelocation? relocation))
            {
                if (!relocation.Extern!.IsWeak && relocation.Kind == BpfRelocationKind.Kfunc)
                    add(new(5, 13), "calls of kernel functions", user);
            }
            else
            {
                add(KernelVersions.OfInstruction(instruction), Describe(instruction), user);
            }

            if (instruction.IsLoadImm64)
                i++;
        }
    }

    private static string Describe(BpfInstruction instruction) => instruction.Class switch
    {
        BpfOpcode.Jmp when instruction.IsHelperCall => $"helper {BpfHelperNames.GetName((BpfHelperId)instruction.Immediate)}",
        BpfOpcode.Jmp when instruction.IsPseudoCall => "subprograms",
        BpfOpcode.Ld when instruction.IsPseudoFunc => "callbacks",
        BpfOpcode.Jmp when instruction.Operation == BpfOpcode.Jcond => "may_goto",
        BpfOpcode.Jmp => "instruction set v2",
        BpfOpcode.Jmp32 when instruction.Operation != BpfOpcode.Ja => "32-bit jumps (instruction set v3)",
        BpfOpcode.Stx when instruction.Immediate is (int)BpfAtomicOperation.LoadAcquire or (int)BpfAtomicOperation.StoreRelease => "load-acquire and store-release",
        BpfOpcode.Stx => "atomic operations that fetch (instruction set v3)",
        BpfOpcode.Alu64 when instruction.Operation == BpfOpcode.Mov && instruction.Offset == 1 => "arena pointers",
        BpfOpcode.Alu or BpfOpcode.Alu64 or BpfOpcode.Ldx or BpfOpcode.Jmp32 => "instruction set v4",
        _ => $"64-bit load of kind {instruction.Src}",
    };
}
