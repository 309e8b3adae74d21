namespace LibbpfSharp.Emulator;

/// <summary>An entry of a device or CPU map.</summary>
/// <param name="Number">Interface index, or queue size of a CPU.</param>
/// <param name="Program">The program to run there, or null; the entry owns a reference to it.</param>
internal sealed record RedirectEntry(uint Number, EmulatedObject? Program)
{
    /// <summary>Id of the program, or 0.</summary>
    public uint ProgramId => (Program as ITailCallTarget)?.Id ?? 0;
}
