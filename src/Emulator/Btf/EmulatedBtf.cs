using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Emulator;

/// <summary>BTF that was loaded, or the kernel's own.</summary>
internal sealed class EmulatedBtf(EmulatedKernel kernel, BtfData data, string name, bool isKernel) : EmulatedObject(kernel)
{
    public override string Description => name.Length > 0 ? $"BTF '{name}'" : $"BTF {Id}";

    /// <summary>Its id.</summary>
    public uint Id { get; internal set; }

    /// <summary>The types.</summary>
    public BtfData Data => data;

    /// <summary>"vmlinux", a module's name, or empty for BTF of programs.</summary>
    public string Name => name;

    /// <summary>True for the kernel's and its modules'.</summary>
    public bool IsKernel => isKernel;

    protected override void OnUnreferenced() => Kernel.BtfCommands.Objects.Remove(Id);
}
