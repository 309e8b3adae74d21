using System.Text;

namespace LibbpfSharp.Emulator;

/// <summary>
/// The log of BPF_PROG_LOAD in the caller's buffer. Like Linux since 6.4: by default the end of a log that does not fit is
/// kept, with BPF_LOG_FIXED its beginning; log_true_size tells what was needed, and too small a buffer is ENOSPC.
/// </summary>
internal sealed class LoadLog
{
    private const uint Level1 = 1;
    private const uint Level2 = 2;
    private const uint Stats = 4;
    private const uint Fixed = 8;
    private const uint KnownLevels = Level1 | Level2 | Stats | Fixed;

    private readonly StringBuilder _text = new();
    private readonly ulong _buffer;
    private readonly uint _size;

    public LoadLog(uint level, ulong buffer, uint size)
    {
        Level = level;
        _buffer = buffer;
        _size = size;
    }

    /// <summary>log_level.</summary>
    public uint Level { get; }

    /// <summary>True if every instruction is to be listed.</summary>
    public bool IsVerbose => (Level & Level2) != 0;

    /// <summary>All that was written, wanted by the caller or not.</summary>
    public string Text => _text.ToString();

    /// <summary>Checks the attributes.</summary>
    /// <returns>0 or -EINVAL.</returns>
    public int Check()
    {
        if ((_buffer != 0) != (_size != 0) || (_buffer != 0 && Level == 0) || (Level & ~KnownLevels) != 0 || _size > uint.MaxValue >> 2)
            return -Errno.EINVAL;
        return 0;
    }

    public void WriteLine(string line) => _text.Append(line).Append('\n');

    /// <summary>Copies the log out.</summary>
    /// <param name="trueSize">Bytes that the whole log needs, with its NUL; 0 when no log was asked for.</param>
    /// <returns>0, -ENOSPC if the buffer was too small, -EFAULT if it cannot be written.</returns>
    public int Finish(out uint trueSize) => VerifierLog.Write(_buffer, _size, Level, _text.ToString(), out trueSize);
}
