namespace LibbpfSharp.Emulator;

/// <summary>A file that an event is about: owner of the region that its struct file is.</summary>
internal sealed record EventFile(string Path)
{
    public override string ToString() => $"file '{Path}'";
}
