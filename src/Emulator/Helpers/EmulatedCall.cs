using System.Text;

namespace LibbpfSharp.Emulator;

/// <summary>One call of a registered helper or kfunc. Valid during the call.</summary>
public readonly unsafe ref struct EmulatedCall
{
    private readonly RunContext _run;
    private readonly ulong _r1;
    private readonly ulong _r2;
    private readonly ulong _r3;
    private readonly ulong _r4;
    private readonly ulong _r5;

    internal EmulatedCall(RunContext run, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        _run = run;
        _r1 = r1;
        _r2 = r2;
        _r3 = r3;
        _r4 = r4;
        _r5 = r5;
    }

    /// <summary>The virtual CPU that the program runs on.</summary>
    public int Cpu => _run.Kernel.Facts.PossibleCpus[_run.Cpu];

    /// <summary>Name of the program that calls.</summary>
    public string Program => _run.Program.Name;

    /// <summary>An argument as the program passed it.</summary>
    /// <param name="index">0 for r1 to 4 for r5.</param>
    /// <returns>The register.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are five arguments.</exception>
    public ulong Argument(int index) => index switch
    {
        0 => _r1,
        1 => _r2,
        2 => _r3,
        3 => _r4,
        4 => _r5,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "A helper has five arguments, 0 to 4."),
    };

    /// <summary>Copies memory of the program.</summary>
    /// <param name="address">Address as the program passed it.</param>
    /// <param name="destination">Receives that many bytes.</param>
    /// <returns>False if the program may not read all of it; then nothing is copied.</returns>
    public bool TryRead(ulong address, Span<byte> destination)
    {
        if (!_run.TryTranslate(address, (uint)destination.Length, false, out byte* native))
            return false;
        new ReadOnlySpan<byte>(native, destination.Length).CopyTo(destination);
        return true;
    }

    /// <summary>Stores into memory of the program.</summary>
    /// <param name="address">Address as the program passed it.</param>
    /// <param name="source">The bytes.</param>
    /// <returns>False if the program may not write all of it; then nothing is stored.</returns>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        if (!_run.TryTranslate(address, (uint)source.Length, true, out byte* native))
            return false;
        source.CopyTo(new Span<byte>(native, source.Length));
        return true;
    }

    /// <summary>Reads a zero-terminated UTF-8 string of the program's memory.</summary>
    /// <param name="address">Address as the program passed it.</param>
    /// <param name="maximum">Bytes to look at, at most.</param>
    /// <returns>The string, or null if the memory cannot be read or has no NUL in that many bytes.</returns>
    public string? ReadString(ulong address, int maximum = 4096)
    {
        ReadOnlySpan<byte> bytes = _run.ReadableSpan(address, maximum);
        int end = bytes.IndexOf((byte)0);
        return end < 0 ? null : Encoding.UTF8.GetString(bytes[..end]);
    }
}
