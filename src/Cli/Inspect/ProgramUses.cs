using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Cli.Inspect;

/// <summary>What a linked program refers to, each once, by name.</summary>
internal sealed class ProgramUses
{
    public ProgramUses(BpfLinkedProgram linked)
    {
        Linked = linked;
        HashSet<int> relocated = [.. linked.Relocations.Select(r => r.InstructionIndex)];
        SortedSet<string> helpers = new(StringComparer.Ordinal);
        for (int i = 0; i < linked.Instructions.Length; i++)
        {
            BpfInstruction instruction = linked.Instructions[i];
            if (instruction.IsHelperCall && !relocated.Contains(i))
                helpers.Add(BpfHelperNames.GetName((BpfHelperId)instruction.Immediate));
            if (instruction.IsLoadImm64)
                i++;
        }

        Helpers = [.. helpers];
        Maps = [.. linked.Relocations.Where(r => r.Map is not null).Select(r => r.Map!.Name).Distinct().Order(StringComparer.Ordinal)];
        Externs = [.. linked.Relocations.Where(r => r.Extern is not null).Select(r => r.Extern!.Name).Distinct().Order(StringComparer.Ordinal)];
        Subprograms = [.. linked.Functions.Skip(1).Select(f => f.Function.Name)];
    }

    public BpfLinkedProgram Linked { get; }

    public string[] Helpers { get; }

    public string[] Maps { get; }

    public string[] Externs { get; }

    public string[] Subprograms { get; }
}
