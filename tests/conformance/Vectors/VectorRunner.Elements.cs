using System.Globalization;
using System.Text.Json;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.Vectors;

// One element at a time, and walks.
internal sealed unsafe partial class VectorRunner
{
    private const int WalkLimit = 1_000_000;

    private void Update(VectorStep step)
    {
        BpfAttr attr = default;
        attr.map_elem.map_fd = (uint)FdOf(step);
        attr.map_elem.key = Pointer(step.Json, "key");
        attr.map_elem.value = Pointer(step.Json, "value");
        attr.map_elem.flags = step.Word("flags");
        step.Answer(Call(BpfCommand.MapUpdateElem, ref attr));
    }

    private void Lookup(VectorStep step, BpfCommand command)
    {
        int size = step.Has("rawfd") ? 8 : Handle(step).ValueBytes;
        BpfAttr attr = default;
        attr.map_elem.map_fd = (uint)FdOf(step);
        attr.map_elem.key = Pointer(step.Json, "key");
        attr.map_elem.value = step.Has("value_in") || Asks(step) ? Pointer(step.Json, "value_in") : _arena.Allocate(size, 0xEE);
        attr.map_elem.flags = step.Word("flags");
        int result = Call(command, ref attr);
        step.Answer(result);
        if (result == 0)
            step.Actual["value"] = NativeArena.Hex(attr.map_elem.value, size);
    }

    // A bloom filter reads the value that it is asked for.
    private bool Asks(VectorStep step) => !step.Has("rawfd") && Handle(step).Type == "BLOOM_FILTER";

    private void Delete(VectorStep step)
    {
        BpfAttr attr = default;
        attr.map_elem.map_fd = (uint)FdOf(step);
        attr.map_elem.key = Pointer(step.Json, "key");
        attr.map_elem.flags = step.Word("flags");
        step.Answer(Call(BpfCommand.MapDeleteElem, ref attr));
    }

    private void NextKey(VectorStep step)
    {
        int size = Handle(step).KeySize;
        BpfAttr attr = default;
        attr.map_elem.map_fd = (uint)FdOf(step);
        attr.map_elem.key = Pointer(step.Json, "key");
        attr.map_elem.next_key = step.Has("next_ptr") ? BadAddress : _arena.Allocate(size);
        attr.map_elem.flags = step.Word("flags");
        int result = Call(BpfCommand.MapGetNextKey, ref attr);
        step.Answer(result);
        if (result == 0)
            step.Actual["next_key"] = NativeArena.Hex(attr.map_elem.next_key, size);
    }

    private void Walk(VectorStep step)
    {
        List<byte[]> keys = Keys(Handle(step));
        step.Actual["count"] = (long)keys.Count;
        step.Actual["keys"] = keys.Select(k => (object)Convert.ToHexStringLower(k)).ToArray();
    }

    private void Dump(VectorStep step)
    {
        VectorHandle handle = Handle(step);
        var items = new List<object>();
        long missing = 0;
        ulong value = _arena.Allocate(handle.ValueBytes);
        foreach (byte[] key in Keys(handle))
        {
            BpfAttr attr = default;
            attr.map_elem.map_fd = (uint)handle.Fd;
            attr.map_elem.key = _arena.Copy(key);
            attr.map_elem.value = value;
            int result = Call(BpfCommand.MapLookupElem, ref attr);
            if (result == 0)
                items.Add(new object[] { Convert.ToHexStringLower(key), NativeArena.Hex(value, handle.ValueBytes) });
            else if (result == -(int)BpfErrno.ENOENT)
                missing++;
            else
                items.Add(new object[] { Convert.ToHexStringLower(key), string.Create(CultureInfo.InvariantCulture, $"errno {-result}") });
        }

        step.Actual["count"] = (long)items.Count;
        step.Actual["missing"] = missing;
        step.Actual["items"] = items.ToArray();
    }

    private List<byte[]> Keys(VectorHandle handle)
    {
        var keys = new List<byte[]>();
        ulong key = _arena.Allocate(handle.KeySize);
        ulong next = _arena.Allocate(handle.KeySize);
        BpfAttr attr = default;
        while (keys.Count < WalkLimit)
        {
            attr = default;
            attr.map_elem.map_fd = (uint)handle.Fd;
            attr.map_elem.key = keys.Count == 0 ? 0 : key;
            attr.map_elem.next_key = next;
            int result = Call(BpfCommand.MapGetNextKey, ref attr);
            // ENOENT at the end, or at once where the type has no walk.
            if (result == -(int)BpfErrno.ENOENT || (result < 0 && keys.Count == 0))
                return keys;
            if (result < 0)
                throw new InvalidOperationException($"A walk ends with {BpfErrnoText.Name((BpfErrno)(-result))} after {keys.Count} keys.");
            keys.Add(NativeArena.At(next, handle.KeySize).ToArray());
            (key, next) = (next, key);
        }

        throw new InvalidOperationException("A walk does not end.");
    }

    private void Freeze(VectorStep step)
    {
        BpfAttr attr = default;
        attr.map_elem.map_fd = (uint)FdOf(step);
        if (step.Flag("attr_nonzero_tail"))
            attr.map_elem.key = 1;
        step.Answer(Call(BpfCommand.MapFreeze, ref attr));
    }

    // Hex is copied, "@x" is the descriptor of x, "fd:N" a number, "bad" an address that nobody may touch.
    private ulong Pointer(JsonElement step, string name)
    {
        if (!step.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return 0;
        return value.GetString() == "bad" ? BadAddress : _arena.Copy(Bytes(value.GetString()!));
    }

    private byte[] Bytes(string text)
    {
        if (text.StartsWith('@'))
            return BitConverter.GetBytes(_handles[text[1..]].Fd);
        if (text.StartsWith("fd:", StringComparison.Ordinal))
            return BitConverter.GetBytes(RawFd(int.Parse(text.AsSpan(3), CultureInfo.InvariantCulture)));
        return Convert.FromHexString(text);
    }
}
