using System.Runtime.InteropServices;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.BtfExt;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;
using Microsoft.Extensions.Logging;

namespace LibbpfSharp;

/// <summary>One load through the managed loader: what has been made so far, closed again if it is not finished.</summary>
internal sealed class ManagedLoad : IDisposable
{
    private readonly BpfObjectOpen _open;
    private readonly IBpfKernel _kernel;
    private readonly ILogger _logger;
    private readonly KernelExterns _externs;
    private readonly List<(BpfMapDefinition Definition, BpfMap Map)> _maps = [];
    private readonly Dictionary<int, BpfMap> _mapByIndex = [];
    private readonly List<BpfProgram> _programs = [];
    private KernelHandle? _btf;
    private bool _isFinished;

    public ManagedLoad(BpfObjectOpen open, IBpfKernel kernel)
    {
        _open = open;
        _kernel = kernel;
        _logger = open.Options.Logger ?? BpfLogging.Objects;
        _externs = new KernelExterns(kernel, open.Name, open.File.Btf);
    }

    private string Subject => $"object '{_open.Name}'";

    public BpfObject Run()
    {
        LoadBtf();
        FillKconfig();
        MakeMaps();
        LoadPrograms();
        FillProgramArrays();
        var loaded = new BpfObject(_open, _kernel, BpfLoader.Managed, _maps, _programs);
        _isFinished = true;
        _logger.ObjectLoaded(_open.Name, _kernel.Name, BpfLoader.Managed, _maps.Count, _programs.Count);
        return loaded;
    }

    public void Dispose()
    {
        // Programs and maps hold the BTF they need in the kernel.
        _btf?.Dispose();
        _externs.Dispose();
        if (_isFinished)
            return;
        foreach (BpfProgram program in _programs)
            program.Dispose();
        foreach ((_, BpfMap map) in _maps)
            map.Dispose();
    }

    private void LoadBtf()
    {
        if (_open.File.GetLoadableBtf() is not { } btf)
            return;
        _btf = BtfLoader.TryLoad(_kernel, btf, Subject, out string? problem);
        if (_btf is null)
            _logger.ObjectDebug(_open.Name, $"{_kernel.Name} takes no BTF of it ({problem}); maps and programs are loaded without");
    }

    private void FillKconfig()
    {
        foreach (BpfMapDefinition map in _open.Maps)
        {
            if (map is { Spec.Kind: BpfMapSpecKind.Kconfig, AutoCreate: true })
                KconfigValues.Fill(_open, _kernel, map.Data);
        }
    }

    private void MakeMaps()
    {
        foreach (BpfMapDefinition definition in _open.Maps)
        {
            if (!definition.AutoCreate)
                continue;
            BpfMap map = definition.Spec.Kind == BpfMapSpecKind.StructOps
                ? StructOpsMaps.Make(_open, definition, _kernel, _externs, _btf)
                : MapMaker.Make(_kernel, definition, _btf);
            _maps.Add((definition, map));
            _mapByIndex[definition.Spec.Index] = map;
        }

        foreach ((BpfMapDefinition definition, BpfMap map) in _maps)
        {
            if (definition.Type is BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps && definition.ReuseMap is null)
                MapMaker.FillSlots(map, definition.Spec, slot => slot.Map is { } inner && _mapByIndex.TryGetValue(inner.Index, out BpfMap? made) ? made.FileDescriptor : null);
        }
    }

    private void LoadPrograms()
    {
        var relocator = new ProgramRelocator(_open, _mapByIndex, _externs, CoreTarget);
        foreach (BpfProgramDefinition program in _open.Programs)
        {
            if (_open.IsLoaded(program))
                _programs.Add(LoadProgram(program, relocator));
        }
    }

    private BpfProgram LoadProgram(BpfProgramDefinition program, ProgramRelocator relocator)
    {
        if (program.Type == BpfProgramType.Unspec)
            throw new BpfException(BpfErrno.EINVAL, "finding its program type", program.ToString(), program.Spec.Section.Advice ?? "Set its Type before load.");
        BpfLinkedProgram linked = BpfProgramLinker.Link(program.Spec);
        var moduleFds = new List<int>();
        List<string> unresolved = relocator.Relocate(linked, moduleFds);
        AttachTargets.Target target = default;
        BpfAttachType attachType = program.ExpectedAttachType;
        if (program.Type == BpfProgramType.StructOps)
            (target, attachType) = StructOpsMaps.Target(_open, program, _kernel, _externs);
        else if (program.Spec.Section.NeedsAttachBtfId || program.AttachProgram is not null)
            target = AttachTargets.Resolve(program, _kernel, _externs);
        bool described = _btf is not null && linked.FuncInfo.Length > 0;
        var request = new ProgramLoadRequest
        {
            Name = program.Name,
            Type = program.Type,
            ExpectedAttachType = attachType,
            Instructions = MemoryMarshal.AsBytes(linked.Instructions.AsSpan()).ToArray(),
            License = _open.File.License,
            Flags = program.Flags,
            BtfFd = _btf is null ? -1 : _btf.DangerousFd,
            FunctionInfo = described ? MemoryMarshal.AsBytes(linked.FuncInfo.AsSpan()).ToArray() : default,
            FunctionInfoRecordSize = 8,
            LineInfo = described ? MemoryMarshal.AsBytes(linked.LineInfo.AsSpan()).ToArray() : default,
            LineInfoRecordSize = 16,
            AttachBtfId = target.BtfId,
            AttachFd = target.Fd,
            FdArray = moduleFds,
            LogLevel = program.LogLevel,
            MaxLogSize = _open.Options.MaxLogSize,
        };
        ProgramLoadResult loaded = ProgramLoader.Load(_kernel, request);
        if (loaded.Result == -(int)BpfErrno.EINVAL && program.Spec.Section.IsAttachTypeOptional && attachType != 0 && loaded.Log.Length == 0)
            loaded = ProgramLoader.Load(_kernel, request with { ExpectedAttachType = 0 }); // a kernel that does not know it yet
        if (loaded.Result < 0)
            throw Refusal(program, loaded, unresolved);
        BindConstants(loaded.Result);
        return new BpfProgram(
            new KernelHandle(_kernel, loaded.Result, $"program '{program.Name}'"),
            program.Name,
            program.SectionName,
            program.Type,
            attachType,
            program.AttachTarget,
            loaded.Log)
        {
            UnresolvedRelocations = unresolved,
        };
    }

    // Constants that a program does not use (such as a version for bpftool to show) live as long as the program, as with libbpf.
    private void BindConstants(int program)
    {
        foreach ((BpfMapDefinition definition, BpfMap map) in _maps)
        {
            if (definition.Spec.Kind != BpfMapSpecKind.ReadOnlyData)
                continue;
            BpfAttr attr = default;
            attr.prog_bind_map.prog_fd = (uint)program;
            attr.prog_bind_map.map_fd = (uint)map.FileDescriptor;
            _kernel.Bpf(BpfCommand.ProgBindMap, ref attr, 12); // since 5.10; nothing depends on it
        }
    }

    private BpfException Refusal(BpfProgramDefinition program, ProgramLoadResult loaded, List<string> unresolved)
    {
        string log = loaded.Log;
        if (unresolved.Count > 0 && log.Contains($"#{CoreRelocator.PoisonHelperId}", StringComparison.Ordinal))
        {
            // The verifier reached an instruction that stands for what the kernel does not have; it cannot know what that was.
            string words = string.Join("\n", unresolved.Select(text => $"unresolved CO-RE relocation: {text}"));
            int processed = log.LastIndexOf("\nprocessed ", StringComparison.Ordinal);
            log = processed < 0 ? $"{log}\n{words}" : $"{log[..processed]}\n{words}{log[processed..]}";
        }

        return ProgramLoader.Refusal(_kernel, program.Name, program.Type, loaded with { Log = log });
    }

    private void FillProgramArrays()
    {
        foreach ((BpfMapDefinition definition, BpfMap map) in _maps)
        {
            if (definition.Type == BpfMapType.ProgArray)
                MapMaker.FillSlots(map, definition.Spec, slot => slot.Program is { } wanted ? _programs.FirstOrDefault(p => p.Name == wanted.Name)?.FileDescriptor : null);
        }
    }

    private CoreTarget CoreTarget() =>
        _open.Options.BtfPath is { } path ? new CoreTarget(KernelTypes.ReadFile(path)) : KernelTypes.Of(_kernel).Target(Subject);
}
