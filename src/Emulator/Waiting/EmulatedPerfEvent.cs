using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>A perf event: what programs are attached through, and the buffer that bpf_perf_event_output() fills.</summary>
internal sealed unsafe class EmulatedPerfEvent : EmulatedObject
{
    private const uint TypeSoftware = 1, TypeTracepoint = 2;
    private const ulong BpfOutput = 10;
    private const int HeadOffset = 1024, TailOffset = 1032, DataOffset = 1040, DataSize = 1048;

    private readonly Lock _lock = new();
    private NativeBlock? _memory;
    private byte* _data;
    private ulong _dataSize;
    private ulong _lost;
    private int _mappings;

    private EmulatedPerfEvent(EmulatedKernel kernel, uint type, ulong config, int cpu, AttachPoint target)
        : base(kernel)
    {
        Type = type;
        Config = config;
        Cpu = cpu;
        Target = target;
    }

    /// <summary>perf_event_attr.type.</summary>
    public uint Type { get; }

    /// <summary>perf_event_attr.config.</summary>
    public ulong Config { get; }

    /// <summary>CPU number, or -1.</summary>
    public int Cpu { get; }

    /// <summary>What a program attached to this event is attached to.</summary>
    public AttachPoint Target { get; }

    /// <summary>The event counts (PERF_EVENT_IOC_ENABLE).</summary>
    public bool IsEnabled { get; private set; }

    /// <summary>Programs set by PERF_EVENT_IOC_SET_BPF.</summary>
    public EmulatedProgram? Program { get; private set; }

    /// <summary>True for an event that only carries what programs output.</summary>
    public bool IsOutput => Type == TypeSoftware && Config == BpfOutput;

    public override string Description => $"perf event of {Target.Name}";

    public override bool CanBeWaitedFor => true;

    public override bool IsReadable
    {
        get
        {
            NativeBlock? memory = Volatile.Read(ref _memory);
            return memory is not null && Volatile.Read(ref *(ulong*)(memory.Start + HeadOffset)) != Volatile.Read(ref *(ulong*)(memory.Start + TailOffset));
        }
    }

    /// <summary>perf_event_open(2).</summary>
    /// <returns>A descriptor or -errno.</returns>
    public static int Open(EmulatedKernel kernel, ref byte attr, int processId, int cpu)
    {
        uint type = Unsafe.ReadUnaligned<uint>(ref attr);
        uint size = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref attr, 4));
        if (size is not 0 and < 64)
            return -Errno.E2BIG;
        ulong config = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref attr, 8));
        ulong config1 = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref attr, 56));
        ulong config2 = size > 64 ? Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref attr, 64)) : 0;
        if (cpu >= 0 && kernel.Machine.SlotOf(cpu) < 0)
            return -Errno.ENODEV;
        if (processId == -1 && cpu == -1)
            return -Errno.EINVAL;
        int error = ResolveTarget(kernel, type, config, config1, config2, out AttachPoint target);
        return error != 0 ? error : kernel.OpenDescriptor(new EmulatedPerfEvent(kernel, type, config, cpu, target));
    }

    /// <summary>ioctl(2).</summary>
    public int Control(uint request, ulong argument)
    {
        const uint Enable = 0x2400, Disable = 0x2401, Reset = 0x2403, SetBpf = 0x40042408;
        switch (request)
        {
            case Enable:
                IsEnabled = true;
                return 0;
            case Disable:
                IsEnabled = false;
                return 0;
            case Reset:
                return 0;
            case SetBpf:
                int error = Kernel.Find((uint)argument, out EmulatedProgram? program);
                if (error != 0)
                    return error;
                if (Program is not null)
                    return -Errno.EEXIST;
                program!.Acquire();
                Program = program;
                return 0;
            default:
                return -Errno.ENOTTY;
        }
    }

    /// <summary>Appends a sample (PERF_RECORD_SAMPLE with raw data).</summary>
    /// <param name="data">First byte of the data.</param>
    /// <param name="length">Its length.</param>
    /// <returns>0, -ENOSPC when the buffer is full, -ENOENT when nobody mapped it.</returns>
    public int Output(byte* data, uint length)
    {
        const uint Sample = 9, Lost = 2;
        lock (_lock)
        {
            if (_memory is null)
                return -Errno.ENOENT;

            // Header of 8 bytes, the size of the raw data of 4, data, padding to 8 bytes that counts as data.
            uint raw = ((length + sizeof(uint) + 7) & ~7u) - sizeof(uint);
            uint record = 8 + sizeof(uint) + raw;
            ulong head = *(ulong*)(_memory.Start + HeadOffset);
            ulong tail = Volatile.Read(ref *(ulong*)(_memory.Start + TailOffset));
            ulong needed = record + (_lost > 0 ? 24u : 0u);
            if (head + needed - tail > _dataSize || record > ushort.MaxValue)
            {
                _lost++;
                return -Errno.ENOSPC;
            }

            if (_lost > 0)
            {
                byte* lost = stackalloc byte[24];
                *(uint*)lost = Lost;
                *(uint*)(lost + 4) = 24u << 16;
                *(ulong*)(lost + 8) = 0;
                *(ulong*)(lost + 16) = _lost;
                Put(ref head, lost, 24);
                _lost = 0;
            }

            uint* header = stackalloc uint[3];
            header[0] = Sample;
            header[1] = record << 16;
            header[2] = raw;
            Put(ref head, (byte*)header, 12);
            Put(ref head, data, length);
            ulong zero = 0;
            Put(ref head, (byte*)&zero, raw - length);
            Volatile.Write(ref *(ulong*)(_memory.Start + HeadOffset), head);
        }

        Signal();
        return 0;
    }

    public override int MapMemory(KernelFile file, MemoryRequest request, out nint address)
    {
        address = 0;
        ulong page = (ulong)Kernel.Machine.PageSize;
        ulong pages = request.Length / page;
        if (request.Offset != 0 || pages == 0 || (pages > 1 && ((pages - 1) & (pages - 2)) != 0))
            return -Errno.EINVAL;
        lock (_lock)
        {
            if (_memory is null)
            {
                _memory = new NativeBlock(request.Length, (uint)page);
                _data = _memory.Start + page;
                _dataSize = request.Length - page;
                *(ulong*)(_memory.Start + DataOffset) = page;
                *(ulong*)(_memory.Start + DataSize) = _dataSize;
            }
            else if (_dataSize + page != request.Length)
            {
                return -Errno.EINVAL;
            }

            _mappings++;
            address = (nint)_memory.Start;
            return 0;
        }
    }

    public override void OnUnmapped()
    {
        lock (_lock)
        {
            if (--_mappings == 0)
            {
                _memory?.Dispose();
                _memory = null;
            }
        }
    }

    protected override void Destroy()
    {
        Program?.Release();
        _memory?.Dispose();
    }

    private static int ResolveTarget(EmulatedKernel kernel, uint type, ulong config, ulong config1, ulong config2, out AttachPoint target)
    {
        const ulong ReferenceCounter = 0xffffffff00000000;
        target = new AttachPoint(AttachKind.PerfEvent, $"type {type} config {config}", BpfAttachType.PerfEvent) { Number = (long)config };
        if (type == TypeTracepoint)
        {
            string? name = kernel.Machine.FindTracepoint((int)config);
            if (name is null)
                return -Errno.ENOENT;
            target = new AttachPoint(AttachKind.Tracepoint, name, BpfAttachType.PerfEvent) { Number = (long)config };
            return 0;
        }

        bool isKprobe = type == (uint)kernel.Machine.GetPmuType("kprobe");
        if (!isKprobe && type != (uint)kernel.Machine.GetPmuType("uprobe"))
            return type is TypeSoftware ? 0 : -Errno.ENOENT;
        bool isReturn = (config & ~ReferenceCounter & 1) != 0;
        string name1 = "";
        if (config1 != 0)
        {
            int error = UserMemory.ReadString(config1, 4096, out name1);
            if (error != 0)
                return error;
        }

        target = isKprobe
            ? new AttachPoint(AttachKind.KernelFunction, config1 != 0 ? name1 : $"0x{config2:x}", BpfAttachType.PerfEvent) { Number = (long)config2, IsReturn = isReturn }
            : new AttachPoint(AttachKind.UserFunction, LinkTarget.UserPlace(name1, config2), BpfAttachType.PerfEvent) { Number = (long)config2, IsReturn = isReturn };
        return 0;
    }

    private void Put(ref ulong head, byte* source, uint length)
    {
        for (uint copied = 0; copied < length;)
        {
            ulong at = head & (_dataSize - 1);
            uint part = (uint)Math.Min(length - copied, _dataSize - at);
            Unsafe.CopyBlockUnaligned(_data + at, source + copied, part);
            head += part;
            copied += part;
        }
    }
}
