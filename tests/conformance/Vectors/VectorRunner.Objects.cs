using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.Vectors;

// Ids, info, pins, descriptors.
internal sealed unsafe partial class VectorRunner
{
    private const int MapInfoSize = 104;
    private readonly string _foreignName = UniqueNames.File("libbpfsharp-not-bpffs");
    private PinFolder? _pins;

    // "/dev/shm" in a scenario stands for any folder that can be written and is not bpffs.
    private string ForeignPin => Path.Combine(Path.GetTempPath(), _foreignName);

    private void Info(VectorStep step)
    {
        int size = step.Int("info_len", MapInfoSize);
        ulong info = _arena.Allocate(Math.Max(size, MapInfoSize));
        ulong hash = _arena.Allocate(32);
        ref bpf_map_info map = ref Unsafe.AsRef<bpf_map_info>((void*)info);
        if (step.Flag("hash"))
            map.hash = hash;
        map.hash_size = (uint)step.Int("hash_size");
        if (step.Has("info_nonzero_at"))
            NativeArena.At(info, size)[step.Int("info_nonzero_at")] = 1;
        BpfAttr attr = default;
        attr.info.bpf_fd = (uint)FdOf(step);
        attr.info.info_len = (uint)size;
        attr.info.info = info;
        int result = Call(BpfCommand.ObjGetInfoByFd, ref attr);
        step.Answer(result);
        if (result < 0)
            return;
        step.Actual["info_len_out"] = (long)attr.info.info_len;
        if (step.Flag("hash"))
            step.Actual["hash_out"] = NativeArena.Hex(hash, 32);
        step.Actual["info"] = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["type"] = s_mapTypes[map.type],
            ["id"] = map.id == 0 ? "0" : "nonzero",
            ["key_size"] = (long)map.key_size,
            ["value_size"] = (long)map.value_size,
            ["max_entries"] = (long)map.max_entries,
            ["map_flags"] = (long)map.map_flags,
            ["name"] = map.name.ToString(),
            ["ifindex"] = (long)map.ifindex,
            ["btf_id_nonzero"] = map.btf_id == 0 ? 0L : 1L,
            ["btf_key_type_id"] = (long)map.btf_key_type_id,
            ["btf_value_type_id"] = (long)map.btf_value_type_id,
            ["map_extra"] = (long)map.map_extra,
        };
    }

    private void NextId(VectorStep step)
    {
        BpfAttr attr = default;
        attr.get_id.id = step.Has("start_id") ? (uint)step.Word("start_id") : IdOf(Handle(step));
        int result = Call(BpfCommand.MapGetNextId, ref attr);
        step.Answer(result);
        if (result == 0)
            step.Actual["next_id"] = (long)attr.get_id.next_id;
    }

    private void OpenById(VectorStep step)
    {
        BpfAttr attr = default;
        attr.get_id.id = step.Has("rawid") ? (uint)step.Word("rawid") : IdOf(Handle(step));
        attr.get_id.open_flags = (uint)step.Int("open_flags");
        Keep(step, Call(BpfCommand.MapGetFdById, ref attr));
    }

    private void Pin(VectorStep step)
    {
        BpfAttr attr = default;
        attr.obj.pathname = _arena.CopyText(PinPath(step));
        attr.obj.bpf_fd = (uint)FdOf(step);
        attr.obj.file_flags = (uint)step.Int("file_flags");
        step.Answer(Call(BpfCommand.ObjPin, ref attr));
    }

    private void Get(VectorStep step)
    {
        BpfAttr attr = default;
        attr.obj.pathname = _arena.CopyText(PinPath(step));
        attr.obj.bpf_fd = (uint)step.Int("bpf_fd");
        attr.obj.file_flags = (uint)step.Int("file_flags");
        Keep(step, Call(BpfCommand.ObjGet, ref attr));
    }

    private void Keep(VectorStep step, int fd)
    {
        step.Answer(fd);
        _handles[step.Text("as")!] = new VectorHandle(Math.Max(fd, -1), Handle(step).Map);
    }

    private void Close(VectorStep step)
    {
        VectorHandle handle = Handle(step);
        IdOf(handle);
        step.Answer(_kernel.Close(handle.Fd));
        handle.Fd = -1;
    }

    private string PinPath(VectorStep step)
    {
        string path = step.Text("path")!;
        if (path.StartsWith("/dev/shm/", StringComparison.Ordinal))
            return ForeignPin;
        if (path.StartsWith('/'))
            return path;
        _pins ??= new PinFolder(_kernel);
        return _pins.PathOf(path);
    }
}
