using System.Text;
using LibbpfSharp.Interop;
using Microsoft.Extensions.Logging;

namespace LibbpfSharp;

/// <summary>
/// What libbpf said during one load. Verifier logs come among its messages, of any size, between two marks: they are
/// taken out, and never reach a logger above the debug level.
/// </summary>
internal sealed class LibbpfMessages
{
    private const string LogBegin = ": -- BEGIN PROG LOAD LOG --\n";
    private const string BtfLogBegin = "-- BEGIN BTF LOAD LOG ---";
    private const string BtfLogEnd = "-- END BTF LOAD LOG --";
    private const string LogEnd = "-- END PROG LOAD LOG --";

    private readonly List<(LibbpfLogLevel Level, string Text)> _messages = [];
    private readonly Dictionary<string, string> _logs = new(StringComparer.Ordinal);
    private string? _lastLogged;

    /// <summary>Takes a message.</summary>
    public void Add(LibbpfLogLevel level, string text)
    {
        // "libbpf: prog 'NAME': -- BEGIN PROG LOAD LOG --\n...-- END PROG LOAD LOG --\n"
        int begin = text.IndexOf(LogBegin, StringComparison.Ordinal);
        if (begin >= 0)
        {
            int end = text.LastIndexOf(LogEnd, StringComparison.Ordinal);
            string log = (end > begin ? text[(begin + LogBegin.Length)..end] : text[(begin + LogBegin.Length)..]).TrimEnd('\n');
            string name = QuotedName(text.AsSpan(0, begin + 1));
            _logs[name] = log;
            _lastLogged = name;
            _messages.Add((LibbpfLogLevel.Debug, text));
            return;
        }

        // Of the log about BTF the last line tells what was refused; the types before it may be thousands.
        int btf = text.IndexOf(BtfLogBegin, StringComparison.Ordinal);
        if (btf >= 0)
        {
            _messages.Add((LibbpfLogLevel.Debug, text));
            int end = text.LastIndexOf(BtfLogEnd, StringComparison.Ordinal);
            string refused = (end > btf ? text[(btf + BtfLogBegin.Length)..end] : "").TrimEnd().Split('\n')[^1].Trim();
            text = text[..btf] + refused;
        }

        _messages.Add((level, Shorten(text)));
    }

    /// <summary>The log of a program, or null.</summary>
    public string? VerifierLogOf(string program) => _logs.GetValueOrDefault(program);

    /// <summary>The exception for a failure: the verifier's, if it wrote a log, else with libbpf's own words.</summary>
    public BpfException Explain(int result, IBpfKernel kernel, string subject, string operation)
    {
        var errno = (BpfErrno)(-result);
        if (_lastLogged is { } program && _logs[program].Length > 0)
            return new BpfVerifierException(errno, program, _logs[program]);

        // The ulimit that libbpf blames for EPERM is none on kernels that account memory by cgroup (5.11).
        string[] warnings = [.. _messages.Where(m => m.Level == LibbpfLogLevel.Warning && !m.Text.Contains("ulimit", StringComparison.Ordinal) && !IsFollowUp(m.Text)).Select(m => m.Text)];
        string words = string.Join("; ", warnings.Distinct(StringComparer.Ordinal).Take(3));
        string? remedy = KernelErrors.Remedy(errno, kernel);
        string text = words.Length == 0 ? remedy ?? "" : remedy is null ? $"libbpf: {words}." : $"libbpf: {words}. {remedy}";
        return new BpfException(errno, operation, subject, text.Length == 0 ? null : text);
    }

    /// <summary>Hands the messages to a logger; after a failure at the debug level, since the exception has what matters.</summary>
    public void Forward(ILogger logger, bool failed)
    {
        foreach ((LibbpfLogLevel level, string text) in _messages)
        {
            if (level == LibbpfLogLevel.Warning && !failed)
                logger.LibbpfWarning(text);
            else if (level == LibbpfLogLevel.Information && !failed)
                logger.LibbpfInformation(text);
            else
                logger.LibbpfDebug(text);
        }
    }

    private static bool IsFollowUp(string text) => text.StartsWith("failed to load object", StringComparison.Ordinal);

    private static string Shorten(string text)
    {
        text = text.Trim();
        return text.StartsWith("libbpf: ", StringComparison.Ordinal) ? text[8..] : text;
    }

    private static string QuotedName(ReadOnlySpan<char> text)
    {
        int open = text.IndexOf('\'');
        int close = text.LastIndexOf('\'');
        return open >= 0 && close > open ? text[(open + 1)..close].ToString() : "";
    }
}
