namespace LibbpfSharp.Tests;

/// <summary>Checks numbered events: each producer's come in order, and what is missing is counted.</summary>
internal sealed class SequenceCheck(int producers)
{
    private readonly ulong[] _next = new ulong[producers];
    private readonly ulong[] _missing = new ulong[producers];
    private string? _disorder;

    /// <summary>Events seen.</summary>
    public long Seen { get; private set; }

    /// <summary>Takes an event; from one thread at a time.</summary>
    public void Take(in StreamEvent e)
    {
        ref ulong next = ref _next[e.Producer];
        if (e.Sequence < next)
            _disorder ??= $"producer {e.Producer}: event {e.Sequence} came after {next - 1}";
        else
            _missing[e.Producer] += e.Sequence - next;
        next = e.Sequence + 1;
        Seen++;
    }

    /// <summary>Compares with what a producer says: its events are all here but those that it could not write.</summary>
    public void AssertComplete(int producer, ulong written, ulong dropped)
    {
        Assert.Null(_disorder);
        Assert.Equal((producer, dropped), (producer, _missing[producer] + (written - _next[producer])));
    }
}
