namespace LibbpfSharp.Emulator;

/// <summary>What BPF_ITER_CREATE gives: reading it runs the iterator program over its targets.</summary>
internal static class IteratorFile
{
    public static int Open(EmulatedKernel kernel, EmulatedLink link)
    {
        _ = kernel;
        _ = link;
        return -Errno.EOPNOTSUPP;
    }
}
