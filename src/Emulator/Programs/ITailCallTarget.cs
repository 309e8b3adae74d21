namespace LibbpfSharp.Emulator;

/// <summary>A program as program arrays see it.</summary>
internal interface ITailCallTarget
{
    /// <summary>The program's id, which lookup returns.</summary>
    uint Id { get; }

    /// <summary>What must be equal for all programs of an array and all that use it (type, attach type, ...).</summary>
    object TailCallKey { get; }
}
