using System.Collections.Concurrent;
using System.Text;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>BTF that was loaded, or the kernel's own.</summary>
internal sealed unsafe class EmulatedBtf(EmulatedKernel kernel, BtfData data, string name, bool isKernel) : EmulatedObject(kernel)
{
    private readonly ConcurrentDictionary<uint, MapFields?> _fields = new();

    public override string Description => name.Length > 0 ? $"BTF '{name}'" : $"BTF {Id}";

    /// <summary>Its id.</summary>
    public uint Id { get; internal set; }

    /// <summary>The types.</summary>
    public BtfData Data => data;

    /// <summary>"vmlinux", a module's name, or empty for BTF of programs.</summary>
    public string Name => name;

    /// <summary>True for the kernel's and its modules'.</summary>
    public bool IsKernel => isKernel;

    /// <summary>The fields of a structure that the kernel owns, or null.</summary>
    public MapFields? FieldsOf(uint typeId) => _fields.GetOrAdd(typeId, id => MapFieldParser.Parse(Kernel, data, id));

    /// <inheritdoc/>
    public override int GetInfo(ref BpfAttr attr)
    {
        const uint Known = 32;
        int error = InfoBuffer.Read(attr.info.info, attr.info.info_len, Known, out bpf_btf_info info, keepsUnknown: true);
        if (error != 0)
            return error;
        ReadOnlySpan<byte> bytes = data.RawBytes.Span;
        uint copied = Math.Min((uint)bytes.Length, info.btf_size);
        if (copied > 0 && !UserMemory.IsValid(info.btf))
            return -Errno.EFAULT;
        bytes[..(int)copied].CopyTo(new Span<byte>((void*)info.btf, (int)copied));
        info.btf_size = (uint)bytes.Length;
        info.id = Id;
        info.kernel_btf = isKernel ? 1u : 0;
        int result = WriteName(ref info);
        if (result is not (0 or -Errno.ENOSPC))
            return result;
        error = InfoBuffer.Write(ref attr.info, Known, ref info);
        return error != 0 ? error : result;
    }

    // A buffer that is too small gets what fits; the length tells how much is needed.
    private int WriteName(ref bpf_btf_info info)
    {
        uint room = info.name_len;
        if ((info.name == 0) != (room == 0))
            return -Errno.EINVAL;
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        info.name_len = (uint)bytes.Length;
        if (room == 0)
            return 0;
        if (!UserMemory.IsValid(info.name))
            return -Errno.EFAULT;
        int length = (int)Math.Min((uint)bytes.Length, room - 1);
        var target = new Span<byte>((void*)info.name, length + 1);
        bytes.AsSpan(0, length).CopyTo(target);
        target[length] = 0;
        return length < bytes.Length ? -Errno.ENOSPC : 0;
    }

    protected override void OnUnreferenced() => Kernel.BtfCommands.Objects.Remove(Id);
}
