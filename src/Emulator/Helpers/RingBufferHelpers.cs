namespace LibbpfSharp.Emulator;

/// <summary>Helpers over ring buffers.</summary>
internal static class RingBufferHelpers
{
    public static void Declare(HelperTable table) => ArgumentNullException.ThrowIfNull(table);
}
