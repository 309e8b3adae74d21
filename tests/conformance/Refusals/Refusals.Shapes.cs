using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.Tests.Conformance.Refusals;

/// <content>Jumps, wide instructions, functions, the call graph and the stack.</content>
internal static partial class Refusals
{
    private static IEnumerable<Refusal> Shapes()
    {
        yield return Raw("no exit", s_zero);
        yield return Raw("a call at the end", s_zero, Raw(0x85, 0, 0, 0, 5));
        yield return Raw("a conditional jump at the end", s_zero, Raw(0x15, 0, 0, -2));
        yield return Raw("lddw at the end", s_zero, Raw(0x18), Raw(0));
        yield return Raw("jump far out", Raw(0x05, 0, 0, 100), s_exit);
        yield return Raw("jump one out", s_zero, Raw(0x05, 0, 0, 1), s_exit);
        yield return Raw("jump before the start", s_zero, Raw(0x15, 0, 0, -3), s_exit);
        yield return Raw("long jump out", Raw(0x06, 0, 0, 0, 100000), s_exit);
        yield return Raw("long jump before the start", s_zero, Raw(0x06, 0, 0, 0, -5), s_exit);
        yield return Raw("jump into lddw", s_zero, Raw(0x05, 0, 0, 1), Raw(0x18), Raw(0), s_exit);
        yield return Raw("conditional jump into lddw", s_zero, Raw(0x15, 0, 0, 1), Raw(0x18), Raw(0), s_exit);
        yield return Raw("unreachable end", s_zero, s_exit, s_zero, s_exit);
        yield return Raw("unreachable behind a jump", s_zero, Raw(0x05, 0, 0, 1), s_zero, s_exit);
        yield return Raw("unreachable loop", s_zero, s_exit, Raw(0x05, 0, 0, -1));
        yield return Raw("half an lddw at the end", Raw(0x18, 1), s_exit);
        yield return Raw("lddw with an offset", Raw(0x18, 1, 0, 1), Raw(0), s_zero, s_exit);
        yield return Raw("lddw whose second has a destination", Raw(0x18, 1), Raw(0, 1), s_zero, s_exit);
        yield return Raw("lddw whose second has a source", Raw(0x18, 1), Raw(0, 0, 1), s_zero, s_exit);
        yield return Raw("lddw whose second has an offset", Raw(0x18, 1), Raw(0, 0, 0, 1), s_zero, s_exit);
        yield return Raw("lddw whose second has an opcode", Raw(0x18, 1), Raw(0xb7), s_zero, s_exit);
        yield return Raw("lddw of source 7", Raw(0x18, 1, 7), Raw(0), s_zero, s_exit);
        yield return Raw("lddw of source 15", Raw(0x18, 1, 15), Raw(0), s_zero, s_exit);

        yield return Raw("call out of the program", Raw(0x85, 0, 1, 0, 100), s_exit);
        yield return Raw("call before the program", s_zero, Raw(0x85, 0, 1, 0, -5), s_exit);
        yield return Raw("call into lddw", Raw(0x85, 0, 1, 0, 2), s_exit, Raw(0x18), Raw(0), s_exit);
        yield return Raw("address of a function outside", Raw(0x18, 1, 4, 0, 100), Raw(0), s_zero, s_exit);
        yield return Raw("call of itself", Raw(0x85, 0, 1, 0, -1), s_exit);
        yield return Raw("recursion", Raw(0x85, 0, 1, 0, 1), s_exit, Raw(0x85, 0, 1, 0, -1), s_exit);
        yield return Raw("recursion of two", Raw(0x85, 0, 1, 0, 1), s_exit, Raw(0x85, 0, 1, 0, 1), s_exit, Raw(0x85, 0, 1, 0, -3), s_exit);
        yield return Raw("jump between functions", Raw(0x85, 0, 1, 0, 2), Raw(0x05, 0, 0, 1), s_exit, s_zero, s_exit);
        yield return Raw("jump out of a function", Raw(0x85, 0, 1, 0, 1), s_exit, s_zero, Raw(0x15, 0, 0, -3), s_exit);
        yield return Raw("falling into the next function", Raw(0x85, 0, 1, 0, 1), s_zero, s_zero, s_exit);
        yield return Assembled("nine frames", (code, _) => Nest(code, 9, 0));
        yield return Assembled("eight frames of 80 bytes", (code, _) => Nest(code, 8, 80));
        yield return Assembled("stack of two", (code, _) => code.Store(BpfSize.DoubleWord, R10, -512, 0).CallLocal("f").Exit().Label("f").Store(BpfSize.DoubleWord, R10, -8, 0).Mov(R0, 0).Exit());
        yield return Assembled("stack of a callback", (code, _) => code.Store(BpfSize.DoubleWord, R10, -400, 0).Mov(R1, 1).LoadFunction(R2, "f").Mov(R3, 0).Mov(R4, 0).Call(BpfHelperId.Loop).Mov(R0, 0).Exit()
            .Label("f").Store(BpfSize.DoubleWord, R10, -200, 0).Mov(R0, 0).Exit());
        yield return Raw("store below the stack", Raw(0x7a, 10, 0, -520), s_zero, s_exit);
        yield return Raw("store of a byte below the stack", Raw(0x72, 10, 0, -513), s_zero, s_exit);
        yield return Raw("store above the stack", Raw(0x7a, 10), s_zero, s_exit);
        yield return Raw("store over the top", Raw(0x7a, 10, 0, -4), s_zero, s_exit);
        yield return Raw("load below the stack", Raw(0x79, 0, 10, -520), s_exit);
        yield return Raw("load above the stack", Raw(0x79, 0, 10, 8), s_exit);
        yield return Raw("too many functions", [.. Enumerable.Range(0, 300).Select(i => Raw(0x85, 0, 1, 0, 300 - i + (2 * i))), s_exit, .. Enumerable.Range(0, 300).SelectMany(_ => (BpfInstruction[])[s_zero, s_exit])]);
    }

    private static void Nest(BpfAssembler code, int frames, short bytes)
    {
        for (int i = 1; i <= frames; i++)
        {
            code.Label($"f{i}");
            if (bytes > 0)
                code.Store(BpfSize.DoubleWord, R10, (short)-bytes, 0);
            if (i < frames)
                code.CallLocal($"f{i + 1}");
            else
                code.Mov(R0, 0);
            code.Exit();
        }
    }
}
