namespace LibbpfSharp.Emulator;

/// <summary>A cgroup, socket, process or network namespace that a test made on an <see cref="EmulatedKernel"/>.</summary>
internal abstract class EmulatedStandIn(EmulatedKernel kernel) : EmulatedObject(kernel)
{
    /// <summary>Number that programs and info know it by: cgroup id, socket cookie, inode of a namespace, process id.</summary>
    public abstract ulong Id { get; }

    /// <summary>Values of local storage maps, by map.</summary>
    public LocalStorage Storage { get; } = new();

    /// <summary>The test is done with it: it can no longer be opened, and goes with its last descriptor.</summary>
    public void Remove()
    {
        Kernel.StandIns.Forget(this);
        Release();
    }

    /// <inheritdoc/>
    protected override void Destroy() => Storage.Clear();
}
