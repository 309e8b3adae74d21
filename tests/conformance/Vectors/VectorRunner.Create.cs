using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.Vectors;

// Making maps.
internal sealed unsafe partial class VectorRunner
{
    private static readonly string[] s_mapTypes =
    [
        "UNSPEC", "HASH", "ARRAY", "PROG_ARRAY", "PERF_EVENT_ARRAY", "PERCPU_HASH", "PERCPU_ARRAY", "STACK_TRACE", "CGROUP_ARRAY", "LRU_HASH",
        "LRU_PERCPU_HASH", "LPM_TRIE", "ARRAY_OF_MAPS", "HASH_OF_MAPS", "DEVMAP", "SOCKMAP", "CPUMAP", "XSKMAP", "SOCKHASH", "CGROUP_STORAGE",
        "REUSEPORT_SOCKARRAY", "PERCPU_CGROUP_STORAGE", "QUEUE", "STACK", "SK_STORAGE", "DEVMAP_HASH", "STRUCT_OPS", "RINGBUF", "INODE_STORAGE",
        "TASK_STORAGE", "BLOOM_FILTER", "USER_RINGBUF", "CGRP_STORAGE", "ARENA", "INSN_ARRAY",
    ];

    private static uint TypeNumber(string name)
    {
        int index = Array.IndexOf(s_mapTypes, name);
        return index >= 0 ? (uint)index : uint.Parse(name, CultureInfo.InvariantCulture);
    }

    private void Create(VectorStep step)
    {
        int fd = CreateMap(step.Json);
        step.Answer(fd);
        // A name may be used again; the earlier descriptor stays open until the end.
        if (_handles.TryGetValue(step.Text("id")!, out VectorHandle? earlier) && earlier.Fd >= 0)
            _otherFds.Add(earlier.Fd);
        _handles[step.Text("id")!] = new VectorHandle(Math.Max(fd, -1), step.Json);
    }

    private int CreateMap(JsonElement map)
    {
        int size = map.TryGetProperty("attr_size", out JsonElement attrSize) ? attrSize.GetInt32() : MapAttrSize;
        ulong buffer = _arena.Allocate(Math.Max(size, BpfAttr.ByteSize));
        ref BpfAttr attr = ref Unsafe.AsRef<BpfAttr>((void*)buffer);
        attr.map_create.map_type = TypeNumber(map.GetProperty("type").GetString()!);
        attr.map_create.key_size = Word(map, "key_size");
        attr.map_create.value_size = Word(map, "value_size");
        attr.map_create.max_entries = Word(map, "max_entries");
        attr.map_create.map_flags = Word(map, "map_flags");
        attr.map_create.numa_node = Word(map, "numa_node");
        attr.map_create.map_ifindex = Word(map, "map_ifindex");
        attr.map_create.btf_key_type_id = Word(map, "btf_key_type_id");
        attr.map_create.btf_value_type_id = Word(map, "btf_value_type_id");
        attr.map_create.btf_vmlinux_value_type_id = Word(map, "btf_vmlinux_value_type_id");
        if (map.TryGetProperty("map_extra", out JsonElement extra))
            attr.map_create.map_extra = extra.GetUInt64();
        if (map.TryGetProperty("inner", out JsonElement inner))
            attr.map_create.inner_map_fd = (uint)FdFrom(inner);
        if (map.TryGetProperty("btf_fd", out JsonElement btf))
            attr.map_create.btf_fd = (uint)FdFrom(btf);
        if (map.TryGetProperty("name", out JsonElement name))
        {
            string text = name.GetString()!;
            byte[] bytes = text.StartsWith("hex:", StringComparison.Ordinal) ? Convert.FromHexString(text.AsSpan(4)) : Encoding.UTF8.GetBytes(text);
            bytes.CopyTo(NativeArena.At(buffer + 28, 16));
        }

        if (map.TryGetProperty("attr_nonzero_at", out JsonElement at))
            NativeArena.At(buffer, size)[at.GetInt32()] = 1;
        return _kernel.Bpf(BpfCommand.MapCreate, ref attr, (uint)size);
    }

    private int FdFrom(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
            return RawFd(value.GetInt32());
        string text = value.GetString()!;
        return text[0] == '@' ? _handles[text[1..]].Fd : RawFd(int.Parse(text, CultureInfo.InvariantCulture));
    }

    private static uint Word(JsonElement map, string name) =>
        map.TryGetProperty(name, out JsonElement value) ? unchecked((uint)value.GetInt64()) : 0;
}
