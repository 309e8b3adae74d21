using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LibbpfSharp.Samples;

/// <summary>The command line.</summary>
internal sealed record Options(string Interface)
{
    public const string Usage = "usage: XdpFilter INTERFACE [--block NETWORK]... [--port tcp/N|udp/N]... [--generic] [--seconds N]";

    public List<IPNetwork> Networks { get; } = [];

    public List<(ProtocolType Protocol, ushort Number)> Ports { get; } = [];

    public BpfXdpMode Mode { get; private set; } = BpfXdpMode.Automatic;

    /// <summary>How long it runs; for ever if not given.</summary>
    public TimeSpan Time { get; private set; } = Timeout.InfiniteTimeSpan;

    /// <summary>Reads the command line; null if it is not understood.</summary>
    public static Options? Parse(string[] args)
    {
        if (args.Length == 0 || args[0].StartsWith('-'))
            return null;
        var options = new Options(args[0]);
        for (int i = 1; i < args.Length; i++)
        {
            if (args[i] == "--generic")
                options.Mode = BpfXdpMode.Generic;
            else if (++i == args.Length || !options.TryAdd(args[i - 1], args[i]))
                return null;
        }

        return options;
    }

    private bool TryAdd(string name, string value)
    {
        switch (name)
        {
            case "--block" when TryParseNetwork(value, out IPNetwork network):
                Networks.Add(network);
                return true;
            case "--port" when value.Split('/') is ["tcp" or "udp", string number] && ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port):
                Ports.Add((value[0] == 't' ? ProtocolType.Tcp : ProtocolType.Udp, port));
                return true;
            case "--seconds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds > 0:
                Time = TimeSpan.FromSeconds(seconds);
                return true;
            default:
                return false;
        }
    }

    // An address alone is a network of one.
    private static bool TryParseNetwork(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out IPAddress? address))
        {
            network = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }
}
