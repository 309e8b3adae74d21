namespace LibbpfSharp.Emulator;

/// <summary>
/// STRUCT_OPS: the one value is kernel data that the type named by btf_vmlinux_value_type_id describes. What it registers
/// and which programs its members are is up to the commands about programs.
/// </summary>
internal sealed unsafe class StructOpsMap : EmulatedMap
{
    private readonly NativeBlock _memory;

    public StructOpsMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel, spec)
    {
        _memory = new NativeBlock(spec.ValueSize);
        ValueTypeId = spec.VmlinuxValueTypeId;
    }

    /// <summary>Id of the value's type in the kernel's BTF.</summary>
    public uint ValueTypeId { get; }

    /// <summary>True once a value was stored.</summary>
    public bool IsInitialised { get; private set; }

    /// <summary>The value.</summary>
    public byte* Value => _memory.Start;

    public override int SyscallLookup(byte* key, ulong value, ulong flags) =>
        *(uint*)key != 0 ? -Errno.ENOENT : CopyOut(value, _memory.Start, ValueSize);

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file)
    {
        if (flags != 0)
            return -Errno.EINVAL;
        if (*(uint*)key != 0)
            return -Errno.E2BIG;
        if (IsInitialised)
            return -Errno.EBUSY;
        System.Runtime.CompilerServices.Unsafe.CopyBlockUnaligned(_memory.Start, value, ValueSize);
        int error = Kernel.Programs.InitialiseStructOps(this);
        IsInitialised = error == 0;
        return error;
    }

    public override int SyscallDelete(byte* key)
    {
        if (!IsInitialised)
            return -Errno.ENOENT;
        IsInitialised = false;
        return 0;
    }

    public override int SyscallNextKey(byte* key, ulong next) => ArrayKeys.Next(key, next, 1);

    protected override void Destroy()
    {
        _memory.Dispose();
        base.Destroy();
    }
}
