using System.Globalization;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.RandomWalk;

/// <summary>Plays a walk on one kernel.</summary>
internal sealed unsafe partial class WalkPlayer : IDisposable
{
    private const uint AttrSize = 120;
    private const ulong BadAddress = 0x10;
    private const int NoFile = -1;
    private const int ForeignFile = -2;
    private const int Programs = -3;
    private static readonly BpfProgramType[] s_programTypes = [BpfProgramType.SchedCls, BpfProgramType.SchedCls, BpfProgramType.SocketFilter];

    private readonly IBpfKernel _kernel;
    private readonly List<Handle> _handles = [];
    private readonly int _foreign;
    private readonly int[] _programs = [-1, -1, -1];
    private NativeArena _arena = new();

    public WalkPlayer(IBpfKernel kernel)
    {
        _kernel = kernel;
        _foreign = kernel.OpenPath(kernel.Facts.FindMount("bpf") ?? "/");
        Assert.True(_foreign >= 0);
    }

    /// <summary>Performs one step.</summary>
    public WalkAnswer Play(WalkStep step)
    {
        _arena.Dispose();
        _arena = new NativeArena();
        if (step.Operation == WalkOperation.Create)
            return Create(step);
        if (step.Map >= _handles.Count)
            return new WalkAnswer(0, "no such handle");
        if (step.Map < 0)
            return PlayOn(new Handle(Fd(step.Map), new WalkMapSpec(BpfMapType.Hash, 8, 8, 1, 0), new State()), step);
        Handle handle = _handles[step.Map];
        return handle.Fd < 0 ? new WalkAnswer(0, "not created") : PlayOn(handle, step);
    }

    public void Dispose()
    {
        foreach (Handle handle in _handles.Where(h => h.Fd >= 0))
            _kernel.Close(handle.Fd);
        foreach (int program in _programs.Where(p => p >= 0))
            _kernel.Close(program);
        _kernel.Close(_foreign);
        _arena.Dispose();
    }

    private WalkAnswer PlayOn(Handle handle, WalkStep step) => step.Operation switch
    {
        WalkOperation.Update => Update(handle, step),
        WalkOperation.Lookup => Lookup(handle, step, BpfCommand.MapLookupElem),
        WalkOperation.LookupAndDelete => Lookup(handle, step, BpfCommand.MapLookupAndDeleteElem),
        WalkOperation.Delete => Delete(handle, step),
        WalkOperation.NextKey => NextKey(handle, step),
        WalkOperation.UpdateBatch => BatchChange(handle, step, BpfCommand.MapUpdateBatch),
        WalkOperation.DeleteBatch => BatchChange(handle, step, BpfCommand.MapDeleteBatch),
        WalkOperation.LookupBatch => BatchLookup(handle, step, BpfCommand.MapLookupBatch),
        WalkOperation.LookupAndDeleteBatch => BatchLookup(handle, step, BpfCommand.MapLookupAndDeleteBatch),
        WalkOperation.Walk => Walk(handle),
        WalkOperation.Freeze => Freeze(handle, step),
        WalkOperation.Info => Info(handle),
        WalkOperation.Reopen => Reopen(handle, step),
        _ => throw new InvalidOperationException(step.ToString()),
    };

    private WalkAnswer Create(WalkStep step)
    {
        WalkMapSpec spec = step.Spec!;
        BpfAttr attr = default;
        attr.map_create.map_type = (uint)spec.Type;
        attr.map_create.key_size = spec.KeySize;
        attr.map_create.value_size = spec.ValueSize;
        attr.map_create.max_entries = spec.MaxEntries;
        attr.map_create.map_flags = spec.Flags;
        attr.map_create.numa_node = (uint)spec.NumaNode;
        attr.map_create.map_extra = spec.Extra;
        attr.map_create.map_name = bpf_obj_name.From(spec.Name);
        if (spec.IsMapOfMaps)
            attr.map_create.inner_map_fd = (uint)Fd(spec.Inner);
        int fd = _kernel.Bpf(BpfCommand.MapCreate, ref attr, AttrSize);
        // A step without an index only asks whether the map can be made.
        if (step.Map >= 0)
        {
            Keep(step.Map, new Handle(Math.Max(fd, -1), spec, new State()));
        }
        else if (fd >= 0)
        {
            _kernel.Close(fd);
        }

        return Of(Math.Min(fd, 0));
    }

    private WalkAnswer Reopen(Handle handle, WalkStep step)
    {
        BpfAttr attr = default;
        attr.get_id.id = Id(handle.Fd);
        attr.get_id.open_flags = (uint)step.Flags;
        int fd = _kernel.Bpf(BpfCommand.MapGetFdById, ref attr, AttrSize);
        Keep(step.NewMap, new Handle(Math.Max(fd, -1), handle.Spec, handle.State));
        return Of(Math.Min(fd, 0));
    }

    private void Keep(int index, Handle handle)
    {
        while (_handles.Count <= index)
            _handles.Add(new Handle(-1, handle.Spec, handle.State));
        _handles[index] = handle;
    }

    private WalkAnswer Info(Handle handle)
    {
        bpf_map_info info = default;
        BpfAttr attr = default;
        attr.info.bpf_fd = (uint)handle.Fd;
        attr.info.info_len = (uint)sizeof(bpf_map_info);
        attr.info.info = (ulong)&info;
        int result = _kernel.Bpf(BpfCommand.ObjGetInfoByFd, ref attr, AttrSize);
        // A file that is no map is described as what it is, if it is anything.
        return result < 0 || info.key_size != handle.Spec.KeySize
            ? Of(result)
            : Of(0, string.Create(CultureInfo.InvariantCulture, $"{info.type} {info.key_size} {info.value_size} {info.max_entries} {info.map_flags:x} {info.name} {info.map_extra:x}"));
    }

    private WalkAnswer Freeze(Handle handle, WalkStep step)
    {
        BpfAttr attr = default;
        attr.map_elem.map_fd = (uint)handle.Fd;
        attr.map_elem.flags = step.Flags;
        return Of(_kernel.Bpf(BpfCommand.MapFreeze, ref attr, AttrSize));
    }

    private int Fd(int index)
    {
        if (index == NoFile)
            return -1;
        if (index == ForeignFile)
            return _foreign;
        if (index >= 0)
            return index < _handles.Count ? _handles[index].Fd : -1;
        int program = Programs - index;
        if (_programs[program] < 0)
        {
            _programs[program] = TestProgram.Load(_kernel, s_programTypes[program], new BpfAssembler().Mov(BpfRegister.R0, program).Exit().Build());
            Assert.True(_programs[program] >= 0, $"a trivial program is refused: {_programs[program]}");
        }

        return _programs[program];
    }

    private uint Id(int fd)
    {
        bpf_map_info info = default;
        BpfAttr attr = default;
        attr.info.bpf_fd = (uint)fd;
        attr.info.info_len = 8;
        attr.info.info = (ulong)&info;
        return _kernel.Bpf(BpfCommand.ObjGetInfoByFd, ref attr, AttrSize) == 0 ? info.id : 0;
    }

    private static WalkAnswer Of(int result, string text = "", string? violation = null) =>
        new(-Math.Min(result, 0), result < 0 ? BpfErrnoText.Name((BpfErrno)(-result)) : "ok " + text, violation);

    // For a map that evicts, whether a key is there is the kernel's affair; every other answer is not.
    private static WalkAnswer Loose(int result, string? violation = null) =>
        result is 0 or -(int)BpfErrno.ENOENT or -(int)BpfErrno.EEXIST ? new WalkAnswer(-result, WalkAnswer.Unspecified, violation) : Of(result, "", violation);

    private sealed record Handle(int Fd, WalkMapSpec Spec, State State);

    /// <summary>What every handle of a map knows: the last value written for each key, for maps that evict.</summary>
    private sealed class State
    {
        public Dictionary<string, string> Written { get; } = new(StringComparer.Ordinal);
    }
}
