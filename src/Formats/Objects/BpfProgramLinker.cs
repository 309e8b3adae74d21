using LibbpfSharp.Formats.BtfExt;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Formats.Objects;

/// <summary>
/// Puts behind a program the subprograms that it reaches, as the kernel wants them, and fixes calls and function addresses.
/// Subprograms come in the order in which a walk over the code first meets them, so that positions equal libbpf's.
/// </summary>
public static class BpfProgramLinker
{
    /// <summary>Most instructions that the kernel takes for one program (BPF_COMPLEXITY_LIMIT_INSNS).</summary>
    public const int MaxInstructions = 1_000_000;

    /// <summary>Links a program.</summary>
    /// <param name="program">The program.</param>
    /// <returns>The linked program.</returns>
    /// <exception cref="BpfObjectFormatException">The linked program has more than <see cref="MaxInstructions"/> instructions.</exception>
    public static BpfLinkedProgram Link(BpfProgramSpec program)
    {
        ArgumentNullException.ThrowIfNull(program);
        List<BpfSubprogram> functions = Place(program.Function, program.ExceptionCallback);
        Dictionary<BpfFunctionSpec, int> starts = new(ReferenceEqualityComparer.Instance);
        foreach (BpfSubprogram placed in functions)
            starts.Add(placed.Function, placed.Start);

        BpfInstruction[] instructions = new BpfInstruction[functions[^1].Start + functions[^1].Function.Length];
        List<BpfRelocation> relocations = [];
        foreach ((BpfFunctionSpec function, int start) in functions)
        {
            function.Instructions.CopyTo(instructions.AsSpan(start));
            foreach (BpfRelocation relocation in function.Relocations)
            {
                int index = start + relocation.InstructionIndex;
                ref BpfInstruction instruction = ref instructions[index];
                switch (relocation.Kind)
                {
                    case BpfRelocationKind.Call:
                        instruction = instruction.WithImmediate(starts[relocation.Function!] - index - 1);
                        continue;
                    case BpfRelocationKind.FunctionAddress:
                        instruction = instruction.WithRegisters(instruction.Dst, BpfPseudo.Func).WithImmediate(starts[relocation.Function!] - index - 1);
                        continue;
                }

                relocations.Add(relocation with { InstructionIndex = index });
            }
        }

        return new(program, instructions, functions, relocations, MergeFuncInfo(functions), MergeLineInfo(functions), MergeCore(functions));
    }

    // A depth-first walk with a stack of its own: the depth of calls is the object file's choice.
    private static List<BpfSubprogram> Place(BpfFunctionSpec main, BpfFunctionSpec? exceptionCallback)
    {
        List<BpfSubprogram> functions = [];
        HashSet<BpfFunctionSpec> seen = new(ReferenceEqualityComparer.Instance);
        Stack<(BpfFunctionSpec Function, int Next)> open = new();
        int length = 0;

        void add(BpfFunctionSpec function)
        {
            seen.Add(function);
            functions.Add(new(function, length));
            length += function.Length;
            if (length > MaxInstructions)
                throw new BpfObjectFormatException(main.SectionName, (long)main.Start * BpfInstruction.SizeInBytes, $"program '{main.Name}' has more than {MaxInstructions} instructions with the subprograms that it calls.");
            open.Push((function, 0));
        }

        add(main);
        walk();
        if (exceptionCallback is not null && !seen.Contains(exceptionCallback))
        {
            add(exceptionCallback);
            walk();
        }

        return functions;

        void walk()
        {
            while (open.TryPop(out (BpfFunctionSpec Function, int Next) top))
            {
                for (int i = top.Next; i < top.Function.Relocations.Count; i++)
                {
                    if (top.Function.Relocations[i].Function is { } callee && !seen.Contains(callee))
                    {
                        open.Push((top.Function, i + 1));
                        add(callee);
                        break;
                    }
                }
            }
        }
    }

    // The kernel wants a record for every function or none at all.
    private static BtfFuncInfo[] MergeFuncInfo(List<BpfSubprogram> functions)
    {
        List<BtfFuncInfo> merged = [];
        foreach ((BpfFunctionSpec function, int start) in functions)
        {
            if (function.FuncInfo.Count == 0)
                return [];
            foreach (BtfFuncInfo info in function.FuncInfo)
                merged.Add(info with { InstructionOffset = info.InstructionOffset + (uint)start });
        }

        return [.. merged];
    }

    private static BtfLineInfo[] MergeLineInfo(List<BpfSubprogram> functions)
    {
        List<BtfLineInfo> merged = [];
        foreach ((BpfFunctionSpec function, int start) in functions)
        {
            // The kernel wants the first line of every function.
            if (function.LineInfo.Count == 0 || function.LineInfo[0].InstructionOffset != 0)
                return [];
            foreach (BtfLineInfo info in function.LineInfo)
                merged.Add(info with { InstructionOffset = info.InstructionOffset + (uint)start });
        }

        return [.. merged];
    }

    private static List<CoreRelocation> MergeCore(List<BpfSubprogram> functions)
    {
        List<CoreRelocation> merged = [];
        foreach ((BpfFunctionSpec function, int start) in functions)
        {
            foreach (CoreRelocation relocation in function.CoreRelocations)
                merged.Add(relocation with { InstructionOffset = relocation.InstructionOffset + ((uint)start * BpfInstruction.SizeInBytes) });
        }

        return merged;
    }
}
