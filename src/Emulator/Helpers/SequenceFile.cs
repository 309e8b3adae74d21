namespace LibbpfSharp.Emulator;

/// <summary>A seq_file: where an iterator program writes to.</summary>
internal sealed unsafe class SequenceFile : GuestObject
{
    private const int Limit = 64 * 1024; // an iterator's buffer: eight pages, and as much again for what is shown at once

    public SequenceFile()
        : base(64, isWritable: false)
    {
    }

    public override string Description => "a seq_file";

    /// <summary>What was written.</summary>
    public List<byte> Text { get; } = [];

    public static SequenceFile Of(RunContext run, ulong address)
    {
        if (run.OwnerOf(address) is SequenceFile file)
            return file;
        RunContext.FaultArgument($"A seq_file was expected (ctx->meta->seq of an iterator) but 0x{address:x} is none.");
        return null!;
    }

    public bool TryWrite(ReadOnlySpan<byte> text)
    {
        if (Text.Count + text.Length > Limit)
            return false;
        Text.AddRange(text);
        return true;
    }
}
