namespace LibbpfSharp.Emulator;

/// <summary>An open file: what one descriptor and its duplicates share. Access rights belong to it, not to the object.</summary>
internal sealed class KernelFile
{
    private int _descriptors = 1;

    /// <summary>Takes over one reference to the object.</summary>
    public KernelFile(EmulatedObject target, bool canRead = true, bool canWrite = true)
    {
        Object = target;
        CanRead = canRead;
        CanWrite = canWrite;
        target.AddUser();
    }

    public EmulatedObject Object { get; }

    /// <summary>Opened without BPF_F_WRONLY.</summary>
    public bool CanRead { get; }

    /// <summary>Opened without BPF_F_RDONLY.</summary>
    public bool CanWrite { get; }

    /// <summary>Position of reading, for iterators.</summary>
    public long Position { get; set; }

    /// <summary>State of reading, for iterators.</summary>
    public object? State { get; set; }

    public void AddDescriptor() => Interlocked.Increment(ref _descriptors);

    public void RemoveDescriptor()
    {
        if (Interlocked.Decrement(ref _descriptors) != 0)
            return;
        Object.OnFileClosed(this);
        Object.RemoveUser();
        Object.Release();
    }
}
