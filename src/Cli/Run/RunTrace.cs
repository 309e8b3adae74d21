using System.Globalization;
using System.Text;
using LibbpfSharp.Emulator;

namespace LibbpfSharp.Cli.Run;

/// <summary>
/// Writes each instruction before it runs: a line "; FILE:LINE text" where the C line changes, then the instruction with the
/// registers that it reads. Calls are indented.
/// </summary>
internal sealed class RunTrace(TextWriter output)
{
    private const int Registers = 11;
    private const int TextWidth = 40;

    private (string Program, int Depth, string File, int Line) _place = ("", 0, "", 0);

    /// <summary>A run begins: its first instruction is told with its program and C line.</summary>
    public void Begin() => _place = ("", 0, "", 0);

    public void Write(EmulatedStep step)
    {
        string indent = new(' ', step.Depth * 2);
        if (step.Program != _place.Program)
            output.WriteLine($"{indent}{step.Program}: cpu {step.Cpu}");
        var place = (step.Program, step.Depth, step.File, step.Line);
        if (place != _place && step.Line > 0)
            output.WriteLine($"{indent}; {Path.GetFileName(step.File)}:{step.Line} {step.SourceText.Trim()}");
        _place = place;

        StringBuilder line = new();
        line.Append(CultureInfo.InvariantCulture, $"{indent}{step.InstructionIndex,4}: {step.Text}");
        int reads = step.RegistersRead;
        for (int i = 0; i < Registers; i++)
        {
            if ((reads & (1 << i)) == 0)
                continue;
            line.Append(' ', Math.Max(TextWidth - line.Length, 1));
            line.Append(CultureInfo.InvariantCulture, $"r{i}=0x{step.Register(i):x}");
        }

        output.WriteLine(line);
    }
}
