using LibbpfSharp;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;
using LibbpfSharp.Tests.Hosts;

// Does in the state that its host is in what the arguments say, one after the other, and prints a line for each:
// "ok OPERATION" or "error OPERATION: ERRNO: message". tests/hosts/run.sh judges the lines.
using var loggers = new RecordingLogger.Factory();
if (args is ["--log", ..])
{
    BpfLogging.LoggerFactory = loggers;
    args = args[1..];
}

bool failed = false;
foreach (string operation in args)
{
    string[] words = operation.Split('=', 2);
    try
    {
        Operations.Run(words[0], words.Length > 1 ? words[1] : "");
        Console.WriteLine($"ok {operation}");
    }
    catch (BpfException e)
    {
        failed = true;
        Console.WriteLine($"error {operation}: {BpfErrnoText.Name(e.Errno)}: {e.Message.ReplaceLineEndings(" | ")}");
    }
}

return failed ? 1 : 0;
