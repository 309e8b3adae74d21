using System.Net;
using System.Net.Sockets;
using LibbpfSharp;
using LibbpfSharp.Samples;

// Drops packets from networks and to ports as they arrive at an interface, before the kernel's network stack sees them.
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

using var stop = new CancellationTokenSource(options.Time);
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

try
{
    using PacketFilter filter = PacketFilter.Load();
    foreach (IPNetwork network in options.Networks)
        filter.Block(network);
    foreach ((ProtocolType protocol, ushort number) in options.Ports)
        filter.Block(protocol, number);

    using (filter.Attach(options.Interface, options.Mode))
    {
        Console.WriteLine($"Filtering on {options.Interface}; Ctrl+C ends it.");
        while (!stop.IsCancellationRequested)
        {
            filter.ReadDropped((ref readonly DroppedPacket packet) => Console.WriteLine(packet.ToString()));
            stop.Token.WaitHandle.WaitOne(100);
        }

        filter.ReadDropped((ref readonly DroppedPacket packet) => Console.WriteLine(packet.ToString()));
    }

    Console.WriteLine($"{"VERDICT",-16} {"PACKETS",12} {"BYTES",14}");
    foreach (Verdict verdict in Enum.GetValues<Verdict>())
    {
        Traffic traffic = filter.Count(verdict);
        Console.WriteLine($"{verdict,-16} {traffic.Packets,12} {traffic.Bytes,14}");
    }

    return 0;
}
catch (BpfException e)
{
    Console.Error.WriteLine($"XdpFilter: {e.Message}");
    return 1;
}
