namespace LibbpfSharp.Emulator;

/// <summary>CGROUP_ARRAY.</summary>
internal sealed class CgroupArrayMap(EmulatedKernel kernel, MapSpec spec) : ObjectArrayMap(kernel, spec)
{
    protected override int Resolve(uint fd, out EmulatedObject? item)
    {
        item = Kernel.FindFile((int)fd)?.Object as EmulatedCgroup;
        return item is null ? -Errno.EBADF : 0;
    }
}
