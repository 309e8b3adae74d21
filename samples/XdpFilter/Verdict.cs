namespace LibbpfSharp.Samples;

/// <summary>What becomes of a packet: enum verdict of the program.</summary>
public enum Verdict : byte
{
    /// <summary>Goes on.</summary>
    Passed,

    /// <summary>Dropped: from a blocked network.</summary>
    BlockedNetwork,

    /// <summary>Dropped: to a blocked port.</summary>
    BlockedPort,

    /// <summary>Dropped: it ends inside a header.</summary>
    Malformed,
}
