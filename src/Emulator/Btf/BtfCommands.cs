using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>The commands of bpf(2) that are about BTF.</summary>
internal sealed unsafe class BtfCommands
{
    private const uint MaximumSize = 16 << 20;
    private readonly EmulatedKernel _kernel;
    private readonly Lazy<EmulatedBtf?> _vmlinux;

    public BtfCommands(EmulatedKernel kernel)
    {
        _kernel = kernel;
        _vmlinux = new Lazy<EmulatedBtf?>(() => Objects.ToArray().FirstOrDefault(b => b.Name == "vmlinux"));
        if (kernel.Machine.KernelBtf.IsEmpty)
            return;
        BtfData data = BtfData.Parse(kernel.Machine.KernelBtf);
        Add(new EmulatedBtf(kernel, data, "vmlinux", isKernel: true));
        foreach (string module in kernel.Machine.BtfModules)
            Add(new EmulatedBtf(kernel, BtfData.Parse(kernel.Machine.ModuleBtf[module], data), module, isKernel: true));
    }

    public IdTable<EmulatedBtf> Objects { get; } = new();

    /// <summary>The kernel's BTF, or null if it has none.</summary>
    public EmulatedBtf? Vmlinux => _vmlinux.Value;

    public int Load(ref bpf_attr_btf_load attr)
    {
        if (attr.btf_size > MaximumSize)
            return -Errno.E2BIG;
        if (!UserMemory.IsValid(attr.btf))
            return -Errno.EFAULT;
        byte[] bytes = new ReadOnlySpan<byte>((void*)attr.btf, (int)attr.btf_size).ToArray();
        try
        {
            EmulatedBtf btf = Add(new EmulatedBtf(_kernel, BtfData.Parse(bytes), string.Empty, isKernel: false));
            return _kernel.OpenDescriptor(btf);
        }
        catch (BpfObjectFormatException e)
        {
            return VerifierLog.Write(attr.btf_log_buf, attr.btf_log_size, attr.btf_log_level, e.Message + "\n", out attr.btf_log_true_size) is var full && full != 0 ? full : -Errno.EINVAL;
        }
    }

    public int GetFdById(in bpf_attr_get_id attr)
    {
        if (attr.open_flags != 0)
            return -Errno.EINVAL;
        return Objects.TryAcquire(attr.id, out EmulatedBtf? btf) ? _kernel.OpenDescriptor(btf) : -Errno.ENOENT;
    }

    private EmulatedBtf Add(EmulatedBtf btf)
    {
        btf.Id = Objects.Add(btf);
        return btf;
    }
}
