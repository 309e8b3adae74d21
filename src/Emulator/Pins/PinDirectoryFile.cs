namespace LibbpfSharp.Emulator;

/// <summary>An open directory of the pin name space, for path_fd.</summary>
internal sealed class PinDirectoryFile(EmulatedKernel kernel, string path) : EmulatedObject(kernel)
{
    public override string Description => $"directory '{path}'";

    public string Path => path;
}
