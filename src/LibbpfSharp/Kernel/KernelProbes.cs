using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Asks a kernel by trying: the smallest map, the smallest program, the smallest BTF.</summary>
internal static unsafe class KernelProbes
{
    private const uint Sleepable = 1 << 4;

    /// <summary>The end of every program.</summary>
    public static readonly BpfInstruction Exit = new(BpfOpcode.Jmp | BpfOpcode.Exit, (byte)0, (byte)0, 0, 0);

    private static readonly BpfInstruction[] s_return0 = [new(BpfOpcode.Alu64 | BpfOpcode.Mov, (byte)0, (byte)0, 0, 0), Exit];

    /// <summary>Turns the result of a try into an answer.</summary>
    public static BpfFeature Answer(string name, int result) => new(
        name,
        result >= 0 ? BpfFeatureSupport.Supported : IsRefusal(result) ? BpfFeatureSupport.NotPermitted : BpfFeatureSupport.Unsupported,
        result >= 0 ? BpfErrno.None : (BpfErrno)(-result));

    /// <summary>Loads a program of a kind, with the flags that the kind demands.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="type">The kind.</param>
    /// <param name="attachType">Where it would be attached.</param>
    /// <param name="attachBtfId">What of the kernel's types it would be attached to.</param>
    /// <param name="instructions">The program; "return 0" if empty.</param>
    /// <param name="log">Takes the verifier's log, if it is not empty.</param>
    /// <returns>A descriptor or -errno.</returns>
    public static int LoadProgram(IBpfKernel kernel, BpfProgramType type, BpfAttachType attachType, uint attachBtfId = 0, ReadOnlySpan<BpfInstruction> instructions = default, Span<byte> log = default)
    {
        if (instructions.IsEmpty)
            instructions = s_return0;
        byte* license = stackalloc byte[4] { (byte)'G', (byte)'P', (byte)'L', 0 };
        log.Clear();
        fixed (BpfInstruction* first = instructions)
        fixed (byte* text = log)
        {
            BpfAttr attr = default;
            ref bpf_attr_prog_load load = ref attr.prog_load;
            load.prog_type = (uint)type;
            load.insns = (ulong)first;
            load.insn_cnt = (uint)instructions.Length;
            load.license = (ulong)license;
            load.prog_flags = type == BpfProgramType.Syscall ? Sleepable : 0;
            load.expected_attach_type = (uint)attachType;
            load.attach_btf_id = attachBtfId;
            load.log_buf = (ulong)text;
            load.log_size = (uint)log.Length;
            load.log_level = log.IsEmpty ? 0u : 1;
            return kernel.Bpf(BpfCommand.ProgLoad, ref attr, BpfAttr.ByteSize);
        }
    }

    /// <summary>An attach type that a kind has, for those that must have one; else 0.</summary>
    public static BpfAttachType AttachTypeOf(BpfProgramType type) => type switch
    {
        BpfProgramType.CgroupSockAddr => BpfAttachType.CgroupInet4Connect,
        BpfProgramType.CgroupSockopt => BpfAttachType.CgroupGetsockopt,
        BpfProgramType.SkLookup => BpfAttachType.SkLookup,
        BpfProgramType.Netfilter => BpfAttachType.Netfilter,
        BpfProgramType.Tracing => BpfAttachType.TraceFentry,
        BpfProgramType.Lsm => BpfAttachType.LsmMac,
        _ => 0,
    };

    /// <summary>Whether a result tells nothing of the feature: there was no room or no time to try.</summary>
    public static bool IsInconclusive(int result) =>
        result is -(int)BpfErrno.ENOMEM or -(int)BpfErrno.EMFILE or -(int)BpfErrno.ENFILE or -(int)BpfErrno.EAGAIN or -(int)BpfErrno.EINTR;

    /// <summary>Makes and closes a map.</summary>
    /// <returns>0 or -errno.</returns>
    public static int TryCreateMap(IBpfKernel kernel, BpfMapType type)
    {
        BpfAttr attr = default;
        ref bpf_attr_map_create create = ref attr.map_create;
        create.map_type = (uint)type;
        create.key_size = 4;
        create.value_size = 4;
        create.max_entries = 1;
        int inner = -1;
        int btf = -1;
        switch (type)
        {
            case BpfMapType.LpmTrie:
                create.key_size = 8;
                create.map_flags = (uint)BpfMapFlags.NoPrealloc;
                break;
            case BpfMapType.StackTrace:
                create.value_size = 8;
                break;
            case BpfMapType.CgroupStorage or BpfMapType.PerCpuCgroupStorage:
                create.key_size = 8;
                create.max_entries = 0;
                break;
            case BpfMapType.Queue or BpfMapType.Stack or BpfMapType.BloomFilter:
                create.key_size = 0;
                break;
            case BpfMapType.RingBuf or BpfMapType.UserRingBuf:
                create.key_size = 0;
                create.value_size = 0;
                create.max_entries = (uint)kernel.Facts.PageSize;
                break;
            case BpfMapType.Arena:
                create.key_size = 0;
                create.value_size = 0;
                create.map_flags = (uint)BpfMapFlags.MMapable;
                break;
            case BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage or BpfMapType.CgrpStorage:
                create.max_entries = 0;
                create.map_flags = (uint)BpfMapFlags.NoPrealloc;
                btf = LoadBtf(kernel);
                if (btf < 0)
                    return btf;
                create.btf_fd = (uint)btf;
                create.btf_key_type_id = 1;
                create.btf_value_type_id = 1;
                break;
            case BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps:
                BpfAttr innerAttr = default;
                innerAttr.map_create.map_type = (uint)BpfMapType.Array;
                innerAttr.map_create.key_size = 4;
                innerAttr.map_create.value_size = 4;
                innerAttr.map_create.max_entries = 1;
                inner = kernel.Bpf(BpfCommand.MapCreate, ref innerAttr, BpfAttr.ByteSize);
                if (inner < 0)
                    return inner;
                create.inner_map_fd = (uint)inner;
                break;
            case BpfMapType.StructOps:
                // Cannot be made without a value type of vmlinux; ENOTSUPP of a wrong type proves that the kind is known.
                create.btf_vmlinux_value_type_id = 1;
                break;
            default:
                break;
        }

        int fd = kernel.Bpf(BpfCommand.MapCreate, ref attr, BpfAttr.ByteSize);
        Close(kernel, inner);
        Close(kernel, btf);
        if (type == BpfMapType.StructOps && fd is -(int)BpfErrno.ENOTSUPP)
            return 0;
        return Finish(kernel, fd);
    }

    /// <summary>Loads and closes "return 0".</summary>
    /// <returns>0 or -errno.</returns>
    public static int TryLoadProgram(IBpfKernel kernel, BpfProgramType type)
    {
        // Kinds that attach to a type of the kernel are asked with id 1: a kernel that knows the kind says so in its log.
        bool needsTarget = type is BpfProgramType.Tracing or BpfProgramType.Lsm or BpfProgramType.Ext or BpfProgramType.StructOps;
        Span<byte> log = stackalloc byte[needsTarget ? 4096 : 0];
        uint target = needsTarget ? 1u : 0;
        int fd = LoadProgram(kernel, type, AttachTypeOf(type), target, default, log);

        // A kernel may refuse trampolines but allow tracepoints by BTF.
        if (type == BpfProgramType.Tracing && IsRefusal(fd))
            fd = LoadProgram(kernel, type, BpfAttachType.TraceRawTp, target, default, log);
        if (needsTarget && fd < 0 && !IsRefusal(fd) && log[0] != 0)
            return 0;
        return Finish(kernel, fd);
    }

    /// <summary>Loads and closes a BTF of one integer.</summary>
    /// <returns>0 or -errno.</returns>
    public static int TryLoadBtf(IBpfKernel kernel) => Finish(kernel, LoadBtf(kernel));

    /// <summary>Whether an error speaks of permission rather than of the feature.</summary>
    public static bool IsRefusal(int result) => result is -(int)BpfErrno.EPERM or -(int)BpfErrno.EACCES or -(int)BpfErrno.ENOSYS || IsInconclusive(result);

    private static int LoadBtf(IBpfKernel kernel)
    {
        // Header (24 bytes), one 32-bit INT (16 bytes), strings "\0int\0".
        const int Size = 24 + 16 + 5;
        byte* btf = stackalloc byte[Size];
        new Span<byte>(btf, Size).Clear();
        *(ushort*)btf = 0xeb9f;
        btf[2] = 1;
        *(uint*)(btf + 4) = 24;
        *(uint*)(btf + 12) = 16;
        *(uint*)(btf + 16) = 16;
        *(uint*)(btf + 20) = 5;
        *(uint*)(btf + 24) = 1;
        *(uint*)(btf + 28) = 1u << 24;
        *(uint*)(btf + 32) = 4;
        *(uint*)(btf + 36) = 1u << 24 | 32;
        "int"u8.CopyTo(new Span<byte>(btf + 41, 3));
        BpfAttr attr = default;
        attr.btf_load.btf = (ulong)btf;
        attr.btf_load.btf_size = Size;
        return kernel.Bpf(BpfCommand.BtfLoad, ref attr, BpfAttr.ByteSize);
    }

    private static int Finish(IBpfKernel kernel, int fd)
    {
        Close(kernel, fd);
        return Math.Min(fd, 0);
    }

    private static void Close(IBpfKernel kernel, int fd)
    {
        if (fd >= 0)
            kernel.Close(fd);
    }
}
