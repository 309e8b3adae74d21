namespace LibbpfSharp.Emulator;

/// <summary>
/// STRUCT_OPS: the one value is a table of callbacks, that the type named by btf_vmlinux_value_type_id describes. It is
/// stored once, and registered then, or by a link (BPF_F_LINK).
/// </summary>
internal sealed unsafe class StructOpsMap : EmulatedMap
{
    private readonly NativeBlock _memory;
    private readonly StructOpsTable _table;
    private readonly Lock _lock = new();
    private (string Member, EmulatedProgram Program)[] _callbacks = [];
    private StructOpsState _state;

    public StructOpsMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel, spec)
    {
        _memory = new NativeBlock(spec.ValueSize);
        ValueTypeId = spec.VmlinuxValueTypeId;
        _table = new StructOpsTable(kernel, ValueTypeId);
    }

    /// <summary>Id of the value's type in the kernel's BTF.</summary>
    public uint ValueTypeId { get; }

    /// <summary>What a table of this kind may not share with another that is registered: TCP's name of itself.</summary>
    public string Key => _table.Key(Value);

    /// <summary>Whether a link can register it.</summary>
    public bool IsReady => _state == StructOpsState.Ready;

    private ReadOnlySpan<byte> Value => new(_memory.Start, (int)ValueSize);

    private bool IsLinked => (Flags & BpfMapFlags.Link) != 0;

    /// <summary>The program of a member; null for none.</summary>
    public EmulatedProgram? Callback(string member) => _callbacks.FirstOrDefault(c => c.Member == member).Program;

    public override int SyscallLookup(byte* key, ulong value, ulong flags)
    {
        if (*(uint*)key != 0)
            return -Errno.ENOENT;
        byte[] copy = Value.ToArray();
        _table.WriteState(copy, _state);
        fixed (byte* bytes = copy)
            return CopyOut(value, bytes, ValueSize);
    }

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file)
    {
        if (flags != 0)
            return -Errno.EINVAL;
        if (*(uint*)key != 0)
            return -Errno.E2BIG;
        var bytes = new ReadOnlySpan<byte>(value, (int)ValueSize);
        if (!_table.IsValid(bytes))
            return -Errno.EINVAL;
        lock (_lock)
        {
            if (_state != StructOpsState.Initial)
                return -Errno.EBUSY;
            int error = _table.Resolve(bytes, out (string, EmulatedProgram)[] callbacks);
            if (error != 0)
                return error;
            bytes.CopyTo(new Span<byte>(_memory.Start, (int)ValueSize));
            if (!IsLinked && (error = Kernel.Programs.StructOps.Register(this)) != 0)
            {
                new Span<byte>(_memory.Start, (int)ValueSize).Clear();
                return error;
            }

            foreach ((_, EmulatedProgram program) in callbacks)
                program.Acquire();
            _callbacks = callbacks;
            _state = IsLinked ? StructOpsState.Ready : StructOpsState.InUse;
            return 0;
        }
    }

    public override int SyscallDelete(byte* key)
    {
        if (IsLinked)
            return -Errno.EOPNOTSUPP;
        lock (_lock)
        {
            if (_state != StructOpsState.InUse)
                return _state == StructOpsState.Initial ? -Errno.ENOENT : -(int)BpfErrno.EINPROGRESS;
            _state = StructOpsState.ToBeFreed;
        }

        Kernel.Programs.StructOps.Unregister(this);
        return 0;
    }

    public override int SyscallNextKey(byte* key, ulong next) => ArrayKeys.Next(key, next, 1);

    protected override void Destroy()
    {
        foreach ((_, EmulatedProgram program) in _callbacks)
            program.Release();
        _memory.Dispose();
        base.Destroy();
    }
}
