namespace LibbpfSharp.Emulator;

/// <summary>Flow dissectors: struct __sk_buff with data, data_end and flow_keys.</summary>
internal sealed unsafe class FlowDissectorKind : ProgramKind
{
    private const int EthernetHeader = 14;
    private const int KeysSize = 56;

    public override BpfProgramType Type => BpfProgramType.FlowDissector;

    public override string Name => "flow_dissector";

    public override uint ContextSize => 192;

    public override bool TryLoad(RunContext run, uint offset, int size, out ulong value)
    {
        value = 0;
        if (run.ContextState is not FlowDissectorState state)
            return false;
        switch (offset)
        {
            case 76 when size == 4:
                value = state.Packet.DataAddress;
                return true;
            case 80 when size == 4:
                value = state.Packet.EndAddress;
                return true;
            case 144 when size == 8:
                value = state.KeysAddress;
                return true;
            default:
                return false;
        }
    }

    public override int TestRun(ProgramTestRun request)
    {
        ref Interop.bpf_attr_test attr = ref request.Attr;
        if (attr.flags != 0 || attr.cpu != 0 || attr.batch_size != 0)
            return -Errno.EINVAL;
        int error = request.ReadData((uint)request.Kernel.Facts.PageSize, out ReadOnlySpan<byte> frame);
        if (error != 0)
            return error;
        byte* user = stackalloc byte[KeysSize];
        error = request.ReadContext(new Span<byte>(user, KeysSize), out bool given);
        if (error != 0)
            return error;

        // Only flags may be set.
        const int FlagsOffset = 48;
        var given56 = new ReadOnlySpan<byte>(user, KeysSize);
        if (given && (given56[..FlagsOffset].ContainsAnyExcept((byte)0) || given56[(FlagsOffset + 4)..].ContainsAnyExcept((byte)0)))
            return -Errno.EINVAL;
        uint flags = *(uint*)(user + FlagsOffset);
        using var packet = new PacketBuffer(0, frame.Length, 0);
        frame.CopyTo(packet.Data);
        byte* keys = stackalloc byte[KeysSize];
        var state = new FlowDissectorState(packet, keys, flags, *(ushort*)(packet.Memory + 12), EthernetHeader);
        error = request.Repeat(null, 0, state, attr.repeat, result =>
        {
            state.Finish();
            return (uint)result;
        });
        if (error != 0)
            return error;
        error = request.WriteResults(new ReadOnlySpan<byte>(keys, KeysSize));
        return error != 0 || !given ? error : request.WriteContext(new ReadOnlySpan<byte>(user, KeysSize));
    }
}
