using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>A seq_file: where an iterator program writes to.</summary>
internal sealed unsafe class SequenceFile : GuestObject
{
    /// <summary>An iterator's buffer in bytes: eight pages.</summary>
    private const int Capacity = 8 * 4096;

    private readonly List<byte> _text = [];

    public SequenceFile()
        : base(64, isWritable: false)
    {
    }

    public override string Description => "a seq_file";

    /// <summary>Bytes written and not taken yet.</summary>
    public int Count => _text.Count;

    /// <summary>Something did not fit: what the present item wrote does not count.</summary>
    public bool HasOverflowed { get; private set; }

    public static SequenceFile Of(RunContext run, ulong address)
    {
        if (run.OwnerOf(address) is SequenceFile file)
            return file;
        RunContext.FaultArgument($"A seq_file was expected (ctx->meta->seq of an iterator) but 0x{address:x} is none.");
        return null!;
    }

    public bool TryWrite(ReadOnlySpan<byte> text)
    {
        if (HasOverflowed || _text.Count + text.Length > Capacity)
        {
            HasOverflowed = true;
            return false;
        }

        _text.AddRange(text);
        return true;
    }

    /// <summary>Goes back to so many bytes.</summary>
    public void Truncate(int count)
    {
        _text.RemoveRange(count, _text.Count - count);
        HasOverflowed = false;
    }

    /// <summary>Takes bytes out, oldest first.</summary>
    /// <returns>Their number.</returns>
    public int Take(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _text.Count);
        CollectionsMarshal.AsSpan(_text)[..count].CopyTo(buffer);
        _text.RemoveRange(0, count);
        return count;
    }
}
