using System.Globalization;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.RandomWalk;

// Calls on elements.
internal sealed unsafe partial class WalkPlayer
{
    private const int WalkLimit = 10_000;

    private WalkAnswer Update(Handle handle, WalkStep step)
    {
        BpfAttr attr = default;
        attr.map_elem.map_fd = (uint)handle.Fd;
        attr.map_elem.key = Pointer(step.KeyPointer, Join(step.Keys));
        attr.map_elem.value = Pointer(step.ValuePointer, Values(handle.Spec, step));
        attr.map_elem.flags = step.Flags;
        int result = _kernel.Bpf(BpfCommand.MapUpdateElem, ref attr, AttrSize);
        if (!handle.Spec.Evicts || step.Map < 0)
            return Of(result);
        if (result < 0)
            return Loose(result, step.Flags == 0 && result is -(int)BpfErrno.ENOENT or -(int)BpfErrno.EEXIST or -(int)BpfErrno.E2BIG ? "an LRU refuses an update" : null);
        string key = Convert.ToHexStringLower(step.Keys[0]);
        handle.State.Written[key] = Mask(handle.Spec, step.Values[0]);
        return Loose(0, Find(handle, step.Keys[0]) is { } error && error != "EPERM" ? $"the key just written: {error}" : null);
    }

    private WalkAnswer Lookup(Handle handle, WalkStep step, BpfCommand command)
    {
        WalkMapSpec spec = handle.Spec;
        bool asks = spec.Type == BpfMapType.BloomFilter;
        ulong value = asks ? Pointer(step.ValuePointer, step.Values[0]) : Pointer(step.OutPointer, new byte[Math.Max(spec.ValueBytes, 8)]);
        BpfAttr attr = default;
        attr.map_elem.map_fd = (uint)handle.Fd;
        attr.map_elem.key = Pointer(step.KeyPointer, Join(step.Keys));
        attr.map_elem.value = value;
        attr.map_elem.flags = step.Flags;
        int result = _kernel.Bpf(command, ref attr, AttrSize);
        if (asks)
            return Loose(result);
        string? found = result == 0 && step.Map >= 0 ? Show(spec, NativeArena.At(value, spec.ValueBytes)) : null;
        if (!spec.Evicts || step.Map < 0)
            return Of(result, found ?? "");
        // With a bad pointer whether there is something to copy decides between ENOENT and EFAULT.
        if (result == -(int)BpfErrno.EFAULT && step.OutPointer != WalkPointer.Good)
            return new WalkAnswer(-result, WalkAnswer.Unspecified);
        if (result == -(int)BpfErrno.ENOENT && step.OutPointer != WalkPointer.Good)
            return new WalkAnswer(-result, WalkAnswer.Unspecified);
        return Loose(result, found is null ? null : CheckWhole(handle, step.Keys[0], found));
    }

    private WalkAnswer Delete(Handle handle, WalkStep step)
    {
        BpfAttr attr = default;
        attr.map_elem.map_fd = (uint)handle.Fd;
        attr.map_elem.key = Pointer(step.KeyPointer, Join(step.Keys));
        attr.map_elem.flags = step.Flags;
        int result = _kernel.Bpf(BpfCommand.MapDeleteElem, ref attr, AttrSize);
        return handle.Spec.Evicts && step.Map >= 0 ? Loose(result) : Of(result);
    }

    private WalkAnswer NextKey(Handle handle, WalkStep step)
    {
        WalkMapSpec spec = handle.Spec;
        ulong next = Pointer(step.OutPointer, new byte[Math.Max((int)spec.KeySize, 8)]);
        BpfAttr attr = default;
        attr.map_elem.map_fd = (uint)handle.Fd;
        attr.map_elem.key = Pointer(step.KeyPointer, Join(step.Keys));
        attr.map_elem.next_key = next;
        attr.map_elem.flags = step.Flags;
        int result = _kernel.Bpf(BpfCommand.MapGetNextKey, ref attr, AttrSize);
        if (step.Map < 0)
            return Of(result);
        byte[] key = result == 0 ? NativeArena.At(next, (int)spec.KeySize).ToArray() : [];
        if (!spec.IsHash)
            return Of(result, Convert.ToHexStringLower(key));
        // Which key follows which is the hash's secret; that it is one of the map's is not.
        string? violation = result == 0 && Find(handle, key) is { } error && error != "EPERM" && spec.Type != BpfMapType.HashOfMaps ? $"the next key: {error}" : null;
        if (step.OutPointer != WalkPointer.Good && result is -(int)BpfErrno.EFAULT or -(int)BpfErrno.ENOENT)
            return new WalkAnswer(-result, WalkAnswer.Unspecified);
        return step.KeyPointer == WalkPointer.Null && !spec.Evicts ? Of(result, "", violation) : Loose(result, violation);
    }

    private WalkAnswer Walk(Handle handle)
    {
        WalkMapSpec spec = handle.Spec;
        var items = new List<string>();
        string? violation = null;
        ulong key = _arena.Allocate((int)spec.KeySize);
        ulong next = _arena.Allocate((int)spec.KeySize);
        for (int i = 0; ; i++)
        {
            BpfAttr attr = default;
            attr.map_elem.map_fd = (uint)handle.Fd;
            attr.map_elem.key = i == 0 ? 0 : key;
            attr.map_elem.next_key = next;
            int result = _kernel.Bpf(BpfCommand.MapGetNextKey, ref attr, AttrSize);
            if (i > WalkLimit)
                return Of(0, "", "a walk does not end");
            if (result != 0)
            {
                items.Insert(0, BpfErrnoText.Name((BpfErrno)(-result)));
                break;
            }

            (key, next) = (next, key);
            byte[] found = NativeArena.At(key, (int)spec.KeySize).ToArray();
            string value = Read(handle, found);
            items.Add($"{Convert.ToHexStringLower(found)}={value}");
            if (spec.Evicts && value.Length > 0 && value[0] != '!')
                violation ??= CheckWhole(handle, found, value);
        }

        if (spec.Evicts)
        {
            uint limit = spec.MaxEntries + 1;
            return new WalkAnswer(0, WalkAnswer.Unspecified, items.Count - 1 > limit ? $"{items.Count - 1} elements in an LRU of {spec.MaxEntries}" : violation);
        }

        if (spec.IsHash)
            items.Sort(StringComparer.Ordinal);
        return Of(0, string.Join(' ', items));
    }

    private static string? CheckWhole(Handle handle, byte[] key, string found)
    {
        string name = Convert.ToHexStringLower(key);
        return !handle.State.Written.TryGetValue(name, out string? written) ? $"key {name} was never written"
            : written == found ? null
            : $"key {name} holds {found}, last written was {written}";
    }

    // Null if the key is there.
    private string? Find(Handle handle, byte[] key) => Read(handle, key) is ['!', .. var error] ? error : null;

    private string Read(Handle handle, byte[] key)
    {
        ulong value = _arena.Allocate(Math.Max(handle.Spec.ValueBytes, 8));
        BpfAttr attr = default;
        attr.map_elem.map_fd = (uint)handle.Fd;
        attr.map_elem.key = _arena.Copy(key);
        attr.map_elem.value = value;
        int result = _kernel.Bpf(BpfCommand.MapLookupElem, ref attr, AttrSize);
        return result < 0 ? "!" + BpfErrnoText.Name((BpfErrno)(-result)) : Show(handle.Spec, NativeArena.At(value, handle.Spec.ValueBytes));
    }

    private ulong Pointer(WalkPointer kind, byte[] bytes) => kind switch
    {
        WalkPointer.Bad => BadAddress,
        WalkPointer.Null => 0,
        _ => bytes.Length == 0 ? 0 : _arena.Copy(bytes),
    };

    private static byte[] Join(byte[][] parts) => [.. parts.SelectMany(p => p)];

    // Values that name handles become descriptors.
    private byte[] Values(WalkMapSpec spec, WalkStep step) =>
        Join(spec.HoldsDescriptors && step.Map >= 0 ? [.. step.Values.Select(v => BitConverter.GetBytes(Fd(BitConverter.ToInt32(v))))] : step.Values);

    private string Show(WalkMapSpec spec, ReadOnlySpan<byte> value) => spec.HoldsDescriptors ? ShowId(spec, BitConverter.ToUInt32(value)) : Mask(spec, value);

    // Maps and programs are numbered apart.
    private string ShowId(WalkMapSpec spec, uint id)
    {
        for (int i = 0; spec.IsMapOfMaps && i < _handles.Count; i++)
        {
            if (_handles[i].Fd >= 0 && Id(_handles[i].Fd) == id)
                return string.Create(CultureInfo.InvariantCulture, $"#{i}");
        }

        int program = Array.FindIndex(_programs, p => p >= 0 && Id(p) == id);
        return string.Create(CultureInfo.InvariantCulture, $"program {program}");
    }

    // What lies behind value_size in a per-CPU slot is nobody's.
    private static string Mask(WalkMapSpec spec, ReadOnlySpan<byte> value)
    {
        if (!spec.IsPerCpu)
            return Convert.ToHexStringLower(value);
        int slot = spec.ValueBytes / 2;
        return $"{Convert.ToHexStringLower(value[..(int)spec.ValueSize])}|{Convert.ToHexStringLower(value.Slice(slot, (int)spec.ValueSize))}";
    }
}
