namespace LibbpfSharp.Tests.Conformance.Differential;

/// <summary>Reads of the iterators of iterators.bpf.c.</summary>
internal static class IteratorReads
{
    /// <summary>Whether a program is an iterator that is read, and not only loaded.</summary>
    public static bool IsRead(BpfProgram program) => program.Type == BpfProgramType.Tracing
        && program.Name is "maps" or "halves" or "too_large" or "many_elements" or "hash_elements" or "percpu_elements" or "print_types";

    /// <summary>Reads two walks to their ends.</summary>
    public static void Read(List<string> lines, BpfProgram program, BpfObject loaded)
    {
        string? map = program.Name switch { "many_elements" => "many", "hash_elements" => "elements", "percpu_elements" => "percpu_array", _ => null };
        for (int walk = 0; walk < 2; walk++)
        {
            using BpfIterator iterator = new BpfIteratorProgram(program).Open(map is null ? null : BpfIteratorTarget.Map(loaded.Maps[map]));
            byte[] buffer = new byte[10000];
            int read = 0;
            do
            {
                try
                {
                    read = iterator.Read(buffer);
                    lines.Add($"{program.Name}: {read} {Convert.ToHexStringLower(buffer.AsSpan(0, read))}");
                }
                catch (BpfException e)
                {
                    lines.Add($"{program.Name}: {e.Errno}");
                    break;
                }
            }
            while (read > 0);
        }
    }
}
