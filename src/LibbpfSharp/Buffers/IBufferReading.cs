namespace LibbpfSharp;

/// <summary>One look for records, which a wait repeats.</summary>
internal interface IBufferReading
{
    /// <summary>Hands over what is there.</summary>
    /// <returns>How many records.</returns>
    int Read();
}
