namespace LibbpfSharp;

/// <summary>What opens, relocates and loads an object. Both give the same object: attaching, maps and buffers do not differ.</summary>
public enum BpfLoader
{
    /// <summary>
    /// libbpf on Linux where it is installed, knows what the object uses, and finds the kernel's configuration if the object
    /// asks for values of it; else the managed loader.
    /// </summary>
    Default = 0,

    /// <summary>The native libbpf (Linux only).</summary>
    Libbpf = 1,

    /// <summary>The loader of this library, on either kernel.</summary>
    Managed = 2,
}
