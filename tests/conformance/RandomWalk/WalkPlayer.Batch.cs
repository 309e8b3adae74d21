using System.Globalization;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.RandomWalk;

// Batches.
internal sealed unsafe partial class WalkPlayer
{
    private WalkAnswer BatchChange(Handle handle, WalkStep step, BpfCommand command)
    {
        BpfAttr attr = default;
        attr.batch.map_fd = (uint)handle.Fd;
        attr.batch.keys = Pointer(step.KeyPointer, Join(step.Keys));
        attr.batch.values = Pointer(step.ValuePointer, Values(handle.Spec, step));
        attr.batch.count = (uint)step.Count;
        attr.batch.elem_flags = step.ElementFlags;
        attr.batch.flags = step.Flags;
        int result = _kernel.Bpf(command, ref attr, AttrSize);
        string text = string.Create(CultureInfo.InvariantCulture, $"{(result < 0 ? BpfErrnoText.Name((BpfErrno)(-result)) : "ok")} count {attr.batch.count}");
        if (!handle.Spec.Evicts || step.Map < 0)
            return new WalkAnswer(-result, text);
        if (command == BpfCommand.MapDeleteBatch)
            return result is 0 or -(int)BpfErrno.ENOENT ? new WalkAnswer(-result, WalkAnswer.Unspecified) : new WalkAnswer(-result, text);
        for (int i = 0; result == 0 && i < step.Count; i++)
            handle.State.Written[Convert.ToHexStringLower(step.Keys[i])] = Mask(handle.Spec, step.Values[i]);
        return new WalkAnswer(-result, text);
    }

    private WalkAnswer BatchLookup(Handle handle, WalkStep step, BpfCommand command)
    {
        WalkMapSpec spec = handle.Spec;
        bool hash = spec.IsHash;
        int cursorSize = hash ? 4 : (int)spec.KeySize;
        ulong keys = Pointer(step.KeyPointer, new byte[Math.Max(step.Count, 1) * (int)Math.Max(spec.KeySize, 1)]);
        ulong values = Pointer(step.ValuePointer, new byte[Math.Max(step.Count, 1) * Math.Max(spec.ValueBytes, 1)]);
        ulong cursor = Pointer(step.OutPointer, new byte[Math.Max(cursorSize, 8)]);
        BpfAttr attr = default;
        attr.batch.map_fd = (uint)handle.Fd;
        attr.batch.in_batch = step.Cursor is null ? 0 : _arena.Copy(step.Cursor);
        attr.batch.out_batch = cursor;
        attr.batch.keys = keys;
        attr.batch.values = values;
        attr.batch.count = (uint)step.Count;
        attr.batch.elem_flags = step.ElementFlags;
        attr.batch.flags = step.Flags;
        int result = _kernel.Bpf(command, ref attr, AttrSize);
        string error = result < 0 ? BpfErrnoText.Name((BpfErrno)(-result)) : "ok";
        if (spec.Evicts && step.Map >= 0 && result is 0 or -(int)BpfErrno.ENOENT or -(int)BpfErrno.EFAULT)
            return new WalkAnswer(-result, WalkAnswer.Unspecified);
        var text = new List<string>();
        if (result is 0 or -(int)BpfErrno.ENOENT && keys > BadAddress && values > BadAddress && step.Map >= 0)
        {
            for (int i = 0; i < Math.Min(attr.batch.count, (uint)step.Count); i++)
            {
                text.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{NativeArena.Hex(keys + (ulong)(i * spec.KeySize), (int)spec.KeySize)}={Show(spec, NativeArena.At(values + (ulong)(i * spec.ValueBytes), spec.ValueBytes))}"));
            }
        }

        if (hash)
            text.Sort(StringComparer.Ordinal);
        else if (cursor > BadAddress)
            text.Add($"cursor {NativeArena.Hex(cursor, cursorSize)}");
        return new WalkAnswer(-result, string.Create(CultureInfo.InvariantCulture, $"{error} count {attr.batch.count} {string.Join(' ', text)}"));
    }
}
