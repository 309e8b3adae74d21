namespace LibbpfSharp.Emulator;

/// <summary>Numbers of the regions that every run has; the same on every run, so that addresses are the same.</summary>
internal static class RegionLayout
{
    /// <summary>Never opened: what small integers and NULL select.</summary>
    public const int Null = 0;

    /// <summary>The context.</summary>
    public const int Context = 1;

    /// <summary>The packet at entry. Helpers that change the packet open another region.</summary>
    public const int Packet = 2;

    /// <summary>Scratch region for helpers that hand out memory for the time of one callback.</summary>
    public const int Scratch = 3;

    /// <summary>First of <see cref="MaximumFrames"/> stack frames.</summary>
    public const int Stack = 16;

    /// <summary>Most frames of one run: subprograms, callbacks and tail calls together.</summary>
    public const int MaximumFrames = 64;

    /// <summary>First of <see cref="MaximumMaps"/> maps of the program, as objects.</summary>
    public const int Maps = Stack + MaximumFrames;

    /// <summary>Most maps of a program (MAX_USED_MAPS).</summary>
    public const int MaximumMaps = 64;

    /// <summary>First of <see cref="MaximumMaps"/> values addressed directly: global data.</summary>
    public const int DirectValues = Maps + MaximumMaps;

    /// <summary>Addresses of subprograms; the offset is the number of the function.</summary>
    public const int Functions = DirectValues + MaximumMaps;

    /// <summary>First region opened on demand.</summary>
    public const int Dynamic = 256;

    /// <summary>Not used: numbers from -4095 to -1 seen as addresses (error pointers) select it.</summary>
    public const int ErrorPointers = GuestAddress.RegionCount - 1;
}
