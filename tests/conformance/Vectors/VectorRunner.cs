using System.Globalization;
using System.Text.Json;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.Vectors;

/// <summary>Replays one scenario and compares each answer. A pure client of the seam.</summary>
internal sealed unsafe partial class VectorRunner : IDisposable
{
    private const int MapAttrSize = 120;
    private const ulong BadAddress = 0x10;

    private readonly TestMachine _machine;
    private readonly IBpfKernel _kernel;
    private readonly VectorScenario _scenario;
    private readonly NativeArena _arena = new();
    private readonly Dictionary<string, VectorHandle> _handles = new(StringComparer.Ordinal);
    private readonly List<int> _otherFds = [];
    private int _openFileFd = -1;

    public VectorRunner(TestMachine machine, VectorScenario scenario)
    {
        _machine = machine;
        _kernel = machine.Kernel;
        _scenario = scenario;
    }

    /// <summary>Null if every answer is the recorded one, else what differs first.</summary>
    public string? Run()
    {
        _machine.SetCpu(0);
        if (_scenario.Map is { } map)
        {
            int fd = CreateMap(map);
            if (fd < 0)
                return $"{_scenario.Name}: the primary map is refused with {BpfErrnoText.Name((BpfErrno)(-fd))}";
            _handles["m0"] = new VectorHandle(fd, map);
        }

        int index = 0;
        foreach (JsonElement json in _scenario.Steps.EnumerateArray())
        {
            var step = new VectorStep(json);
            if (Perform(step) is { } difference)
                return string.Create(CultureInfo.InvariantCulture, $"{_scenario.Name}, step {index} ({step.Op}): {difference}\n  {json.GetRawText()}");
            index++;
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((nint address, nuint length) in _mappings)
            _kernel.UnmapMemory(address, length);
        foreach (VectorHandle handle in _handles.Values.Reverse())
            CloseHandle(handle);
        foreach (int fd in _otherFds)
            _kernel.Close(fd);
        _pins?.Dispose();
        if (File.Exists(ForeignPin))
            File.Delete(ForeignPin);
        _arena.Dispose();
        _machine.SetCpu(0);
    }

    private string? Perform(VectorStep step)
    {
        try
        {
            Execute(step);
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException or NotImplementedException)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }

        return Compare(step);
    }

    private void Execute(VectorStep step)
    {
        switch (step.Op)
        {
            case "create": Create(step); break;
            case "update": Update(step); break;
            case "lookup": Lookup(step, BpfCommand.MapLookupElem); break;
            case "lookup_and_delete": Lookup(step, BpfCommand.MapLookupAndDeleteElem); break;
            case "delete": Delete(step); break;
            case "next_key": NextKey(step); break;
            case "walk": Walk(step); break;
            case "dump": Dump(step); break;
            case "batch_lookup": BatchLookup(step, BpfCommand.MapLookupBatch); break;
            case "batch_lookup_and_delete": BatchLookup(step, BpfCommand.MapLookupAndDeleteBatch); break;
            case "batch_update": BatchChange(step, BpfCommand.MapUpdateBatch); break;
            case "batch_delete": BatchChange(step, BpfCommand.MapDeleteBatch); break;
            case "batch_walk": BatchWalk(step); break;
            case "freeze": Freeze(step); break;
            case "info": Info(step); break;
            case "next_id": NextId(step); break;
            case "open_by_id": OpenById(step); break;
            case "pin": Pin(step); break;
            case "get": Get(step); break;
            case "unlink": step.Answer(_kernel.RemovePath(PinPath(step))); break;
            case "mkdir": step.Answer(_kernel.CreateDirectory(PinPath(step))); break;
            case "close": Close(step); break;
            case "mmap": MapMemory(step); break;
            case "munmap": UnmapMemory(step); break;
            case "mprotect": ProtectMemory(step); break;
            case "mmap_read": ReadMemory(step); break;
            case "mmap_write": WriteMemory(step); break;
            case "set_cpu": _machine.SetCpu(step.Int("cpu")); break;
            case "prog_load": LoadTrivialProgram(step); break;
            case "btf_spinlock": LoadSpinLockBtf(step); break;
            case "prog_update" or "prog_delete" or "prog_lookup" or "prog_lookup_percpu" or "prog_push" or "prog_pop" or "prog_peek": RunHelper(step); break;
            case "for_each": RunForEach(step); break;
            case "elem_count": CountElements(step); break;
            case "rb_output": RingOutput(step); break;
            case "rb_submit" or "rb_discard": RingReserve(step); break;
            case "rb_query": RingQuery(step); break;
            case "rb_pos": RingPositions(step); break;
            case "rb_drain": RingDrain(step); break;
            default: throw new InvalidDataException($"{_scenario.Name}: there is no step '{step.Op}'.");
        }
    }

    private VectorHandle Handle(VectorStep step) => _handles[step.Text("map") ?? "m0"];

    private int FdOf(VectorStep step) => step.Has("rawfd") ? RawFd(step.Int("rawfd")) : Handle(step).Fd;

    // Descriptor 0 of the recording was an open file that is no BPF object.
    private int RawFd(int number)
    {
        if (number != 0)
            return number;
        if (_openFileFd < 0)
        {
            _openFileFd = _kernel.OpenPath(_kernel.Facts.FindMount("bpf") ?? "/");
            if (_openFileFd < 0)
                throw new InvalidOperationException($"No file of the kernel can be opened: {-_openFileFd}.");
            _otherFds.Add(_openFileFd);
        }

        return _openFileFd;
    }

    private uint IdOf(VectorHandle handle)
    {
        if (handle.Id == 0 && handle.Fd >= 0)
        {
            bpf_map_info info = default;
            BpfAttr attr = default;
            attr.info.bpf_fd = (uint)handle.Fd;
            attr.info.info_len = 8;
            attr.info.info = (ulong)&info;
            if (_kernel.Bpf(BpfCommand.ObjGetInfoByFd, ref attr, MapAttrSize) == 0)
                handle.Id = info.id;
        }

        return handle.Id;
    }

    private void CloseHandle(VectorHandle handle)
    {
        if (handle.Fd >= 0)
        {
            IdOf(handle);
            _kernel.Close(handle.Fd);
        }

        handle.Fd = -1;
    }

    private int Call(BpfCommand command, ref BpfAttr attr) => _kernel.Bpf(command, ref attr, MapAttrSize);

    private static string Number(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BitConverter.TryWriteBytes(bytes, value);
        return Convert.ToHexStringLower(bytes);
    }
}
