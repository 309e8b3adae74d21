namespace LibbpfSharp.Emulator;

/// <summary>One thing that an iterator visits: fills the words of the context behind <c>meta</c>.</summary>
internal abstract unsafe class IteratorItem : IDisposable
{
    /// <summary>Where it stands in the walk; the walk goes on behind it.</summary>
    public required ulong Position { get; init; }

    /// <summary>Writes what the program receives.</summary>
    /// <param name="run">The run that is about to begin.</param>
    /// <param name="words">struct bpf_iter__TARGET in words of 8 bytes; word 0, meta, is filled in already.</param>
    public abstract void Fill(RunContext run, ulong* words);

    public abstract void Dispose();

    /// <summary>An item that is one object of the kernel, in word 1.</summary>
    internal sealed class OfObject(GuestObject item) : IteratorItem
    {
        public override void Fill(RunContext run, ulong* words) => words[1] = item.Address(run);

        public override void Dispose() => item.Release();
    }
}
