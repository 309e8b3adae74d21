using System.Text.Json;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.Vectors;

// Many elements in one call.
internal sealed unsafe partial class VectorRunner
{
    private const byte Poison = 0xA5;

    private void BatchLookup(VectorStep step, BpfCommand command)
    {
        VectorHandle handle = Handle(step);
        int count = step.Int("count_in");
        int cursorSize = handle.IsHash ? 4 : handle.KeySize;
        ulong keys = step.Has("keys") ? BadAddress : _arena.Allocate(count * handle.KeySize);
        ulong values = step.Has("values") ? BadAddress : _arena.Allocate(count * handle.ValueBytes);
        ulong cursor = _arena.Allocate(Math.Max(cursorSize, 8), Poison);
        BpfAttr attr = default;
        attr.batch.map_fd = (uint)handle.Fd;
        attr.batch.in_batch = step.Text("in_batch") == "prev" ? _arena.Copy(handle.Cursor ?? []) : Pointer(step.Json, "in_batch");
        attr.batch.out_batch = step.Has("out_batch_ptr") ? Pointer(step.Json, "out_batch_ptr") : cursor;
        attr.batch.keys = keys;
        attr.batch.values = values;
        attr.batch.count = (uint)count;
        attr.batch.elem_flags = step.Word("elem_flags");
        attr.batch.flags = step.Word("flags");
        int result = Call(command, ref attr);
        step.Answer(result);
        step.Actual["count_out"] = (long)attr.batch.count;
        if (result is 0 or -(int)BpfErrno.ENOENT)
            step.Actual["items"] = Items(handle, keys, values, (int)Math.Min(attr.batch.count, (uint)count));
        bool written = NativeArena.At(cursor, cursorSize).ContainsAnyExcept(Poison);
        step.Actual["out_batch_written"] = written;
        if (!written)
            return;
        handle.Cursor = NativeArena.At(cursor, cursorSize).ToArray();
        step.Actual["out_batch"] = Convert.ToHexStringLower(handle.Cursor);
    }

    private void BatchChange(VectorStep step, BpfCommand command)
    {
        BpfAttr attr = default;
        attr.batch.map_fd = (uint)Handle(step).Fd;
        attr.batch.keys = Many(step.Json, "keys");
        attr.batch.values = Many(step.Json, "values");
        attr.batch.count = (uint)step.Int("count_in");
        attr.batch.elem_flags = step.Word("elem_flags");
        attr.batch.flags = step.Word("flags");
        step.Answer(Call(command, ref attr));
        step.Actual["count_out"] = (long)attr.batch.count;
    }

    private void BatchWalk(VectorStep step)
    {
        VectorHandle handle = Handle(step);
        int chunk = step.Int("chunk");
        BpfCommand command = step.Flag("delete") ? BpfCommand.MapLookupAndDeleteBatch : BpfCommand.MapLookupBatch;
        var items = new List<object>();
        ulong cursor = 0;
        for (int calls = 0; calls < WalkLimit; calls++)
        {
            ulong keys = _arena.Allocate(chunk * handle.KeySize);
            ulong values = _arena.Allocate(chunk * handle.ValueBytes);
            ulong next = _arena.Allocate(Math.Max(handle.KeySize, 8));
            BpfAttr attr = default;
            attr.batch.map_fd = (uint)handle.Fd;
            attr.batch.in_batch = cursor;
            attr.batch.out_batch = next;
            attr.batch.keys = keys;
            attr.batch.values = values;
            attr.batch.count = (uint)chunk;
            int result = Call(command, ref attr);
            if (result == -(int)BpfErrno.ENOSPC)
            {
                chunk *= 2;
                continue;
            }

            if (result is not (0 or -(int)BpfErrno.ENOENT))
                throw new InvalidOperationException($"A batch walk ends with {BpfErrnoText.Name((BpfErrno)(-result))}.");
            items.AddRange(Items(handle, keys, values, (int)attr.batch.count));
            if (result < 0)
                break;
            cursor = next;
        }

        step.Actual["count"] = (long)items.Count;
        step.Actual["items"] = items.ToArray();
    }

    private static object[] Items(VectorHandle handle, ulong keys, ulong values, int count) =>
        keys == BadAddress || values == BadAddress
            ? []
            : [.. Enumerable.Range(0, count).Select(i => (object)new object[]
            {
                NativeArena.Hex(keys + (ulong)(i * handle.KeySize), handle.KeySize),
                NativeArena.Hex(values + (ulong)(i * handle.ValueBytes), handle.ValueBytes),
            })];

    private ulong Many(JsonElement step, string name)
    {
        if (!step.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return 0;
        if (value.ValueKind == JsonValueKind.String)
            return Pointer(step, name);
        return _arena.Copy([.. value.EnumerateArray().SelectMany(e => Bytes(e.GetString()!)), .. new byte[64]]);
    }
}
