namespace LibbpfSharp.Samples;

/// <summary>The command line: --name NAME --seconds N.</summary>
internal sealed record Options(string? Name, int Seconds)
{
    public const string Usage = "usage: LogSyscalls [--name NAME] [--seconds N]";

    /// <summary>Reads the command line; null if it is not understood.</summary>
    public static Options? Parse(string[] args)
    {
        var options = new Options(null, 0);
        for (int i = 0; i < args.Length; i += 2)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--name" when !string.IsNullOrEmpty(value):
                    options = options with { Name = value };
                    break;
                case "--seconds" when int.TryParse(value, out int seconds) && seconds > 0:
                    options = options with { Seconds = seconds };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
