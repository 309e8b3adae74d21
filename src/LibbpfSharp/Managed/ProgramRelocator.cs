using System.Runtime.InteropServices;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.BtfExt;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>Puts into a linked program what only the kernel and the loaded maps can tell: descriptors, BTF ids, offsets of CO-RE.</summary>
internal sealed class ProgramRelocator
{
    /// <summary>The number in a call of a weak kfunc that the kernel does not have, plus the extern's place: the verifier names it if it is reached.</summary>
    private const int MissingKfuncBase = 2002000000;

    private readonly BpfObjectOpen _open;
    private readonly IReadOnlyDictionary<int, BpfMap> _maps;
    private readonly KernelExterns _externs;
    private readonly Func<CoreTarget> _coreTarget;
    private CoreRelocator? _core;

    public ProgramRelocator(BpfObjectOpen open, IReadOnlyDictionary<int, BpfMap> maps, KernelExterns externs, Func<CoreTarget> coreTarget)
    {
        _open = open;
        _maps = maps;
        _externs = externs;
        _coreTarget = coreTarget;
    }

    /// <summary>Relocates a program in place.</summary>
    /// <param name="program">The program.</param>
    /// <param name="moduleFds">Receives descriptors of module BTF that kfunc calls name by index; the first is the kernel's place and unused.</param>
    /// <returns>CO-RE relocations that could not be resolved, each as one line of words: they matter only if the verifier reaches them.</returns>
    public List<string> Relocate(BpfLinkedProgram program, List<int> moduleFds)
    {
        List<string> unresolved = RelocateCore(program);
        foreach (BpfRelocation relocation in program.Relocations)
            Apply(program, relocation, moduleFds);
        return unresolved;
    }

    private List<string> RelocateCore(BpfLinkedProgram program)
    {
        var unresolved = new List<string>();
        if (program.CoreRelocations.Count == 0)
            return unresolved;
        _core ??= new CoreRelocator(_open.File.Btf!, _coreTarget());
        Span<byte> bytes = MemoryMarshal.AsBytes(program.Instructions.AsSpan());
        foreach (CoreRelocation relocation in program.CoreRelocations)
        {
            int index = checked((int)(relocation.InstructionOffset / BpfInstruction.SizeInBytes));
            CoreRelocationResult result = _core.Apply(relocation, bytes, index, SourceLine(program, index));
            if (result.Status == CoreRelocationStatus.Failed)
                throw new BpfException(BpfErrno.EINVAL, "CO-RE relocation", $"program '{program.Program.Name}'", result + ".");
            if (result.Status == CoreRelocationStatus.Poisoned)
                unresolved.Add(result.ToString());
        }

        return unresolved;
    }

    private void Apply(BpfLinkedProgram program, BpfRelocation relocation, List<int> moduleFds)
    {
        BpfInstruction[] code = program.Instructions;
        int index = relocation.InstructionIndex;
        switch (relocation.Kind)
        {
            case BpfRelocationKind.Map:
                Load(code, index, BpfPseudo.MapFd, Descriptor(program, relocation), 0);
                break;
            case BpfRelocationKind.MapValue:
                Load(code, index, BpfPseudo.MapValue, Descriptor(program, relocation), relocation.Offset);
                break;
            case BpfRelocationKind.Kconfig:
                Load(code, index, BpfPseudo.MapValue, Descriptor(program, relocation), (int)relocation.Extern!.Offset);
                break;
            case BpfRelocationKind.KernelSymbol:
                KernelExterns.Resolved symbol = _externs.Resolve(relocation.Extern!);
                if (symbol.BtfId != 0)
                    Load(code, index, BpfPseudo.BtfId, (int)symbol.BtfId, symbol.ModuleFd);
                else
                    Load(code, index, 0, (int)symbol.Address, (int)(symbol.Address >> 32));
                break;
            case BpfRelocationKind.Kfunc:
                KernelExterns.Resolved function = _externs.Resolve(relocation.Extern!);
                BpfInstruction call = code[index];
                code[index] = function.BtfId == 0
                    ? new BpfInstruction(call.Opcode, (byte)0, (byte)0, 0, MissingKfuncBase + ExternIndex(relocation.Extern!))
                    : new BpfInstruction(call.Opcode, (byte)0, BpfPseudo.KfuncCall, ModuleIndex(function.ModuleFd, moduleFds), (int)function.BtfId);
                break;
            case BpfRelocationKind.Call or BpfRelocationKind.FunctionAddress:
            default:
                break; // linked already
        }
    }

    private int Descriptor(BpfLinkedProgram program, BpfRelocation relocation)
    {
        Formats.Objects.BpfMapSpec map = relocation.Map!;
        return _maps.TryGetValue(map.Index, out BpfMap? made)
            ? made.FileDescriptor
            : throw new BpfException(BpfErrno.ENOENT, $"using map '{map.Name}'", $"program '{program.Program.Name}'", "The map was left out (AutoCreate is false): create it, or leave the program out too.");
    }

    private static void Load(BpfInstruction[] code, int index, byte source, int low, int high)
    {
        BpfInstruction first = code[index];
        code[index] = new BpfInstruction(first.Opcode, first.Dst, source, 0, low);
        BpfInstruction second = code[index + 1];
        code[index + 1] = new BpfInstruction(second.Opcode, second.Dst, second.Src, second.Offset, high);
    }

    private static short ModuleIndex(int fd, List<int> moduleFds)
    {
        if (fd == 0)
            return 0;
        if (moduleFds.Count == 0)
            moduleFds.Add(0);
        int index = moduleFds.IndexOf(fd);
        if (index < 0)
        {
            index = moduleFds.Count;
            moduleFds.Add(fd);
        }

        return checked((short)index);
    }

    private int ExternIndex(BpfExternSpec wanted)
    {
        for (int i = 0; i < _open.File.Externs.Count; i++)
        {
            if (ReferenceEquals(_open.File.Externs[i], wanted))
                return i;
        }

        return 0;
    }

    private string? SourceLine(BpfLinkedProgram program, int index)
    {
        if (program.GetLineAt(index) is not { } at || _open.File.Btf is not { } btf)
            return null;
        return $"{Path.GetFileName(btf.GetString(at.FileNameOffset))}:{at.Line}: {btf.GetString(at.LineOffset).Trim()}";
    }
}
