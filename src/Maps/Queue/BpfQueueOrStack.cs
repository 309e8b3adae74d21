using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>What <see cref="BpfQueue{TValue}"/> and <see cref="BpfStack{TValue}"/> share. They have no keys; the verbs are those of the kernel's helpers.</summary>
/// <typeparam name="TValue">The value.</typeparam>
public abstract unsafe class BpfQueueOrStack<TValue> : BpfTypedMap
    where TValue : unmanaged
{
    private protected BpfQueueOrStack(BpfMap map)
        : base(map)
    {
    }

    /// <summary>Adds a value (BPF_MAP_UPDATE_ELEM).</summary>
    /// <param name="value">The value.</param>
    /// <param name="flags">Any, or Exist to drop the oldest value when it is full.</param>
    /// <exception cref="BpfException">E2BIG: full. EINVAL: another flag. EPERM: frozen or read-only.</exception>
    public void PushElem(in TValue value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        fixed (TValue* v = &value)
        {
            int result = Map.Call(BpfCommand.MapUpdateElem, null, v, (ulong)flags);
            if (result < 0)
                MapErrors.Throw(result, Map, MapErrors.Update, flags);
        }
    }

    /// <summary>Reads the next value and leaves it (BPF_MAP_LOOKUP_ELEM).</summary>
    /// <param name="value">The value, or default.</param>
    /// <returns>False if there is none.</returns>
    public bool PeekElem(out TValue value) => Read(BpfCommand.MapLookupElem, MapErrors.Lookup, out value);

    /// <summary>Takes the next value (BPF_MAP_LOOKUP_AND_DELETE_ELEM).</summary>
    /// <param name="value">The value, or default.</param>
    /// <returns>False if there is none.</returns>
    public bool PopElem(out TValue value) => Read(BpfCommand.MapLookupAndDeleteElem, MapErrors.LookupAndDelete, out value);

    private bool Read(BpfCommand command, string operation, out TValue value)
    {
        value = default;
        fixed (TValue* v = &value)
        {
            return Map.Found(Map.Call(command, null, v, 0), operation, 0);
        }
    }
}
