using System.Globalization;
using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Tests.Conformance.Differential;

/// <summary>What the programs of an object did on one kernel, line by line.</summary>
internal static class DifferentialOutcome
{
    /// <summary>Packets that every program over packets sees, in this order.</summary>
    private static readonly byte[][] s_packets =
    [
        Frame("ffffffffffff020202020202", "0800", "4500003212344000400600000a0000010a000002", 44),
        Frame("0a0a0a0a0a0a020202020202", "86dd", "60000000002011402001000000000000000000000000000120010000000000000000000000000002", 60),
        Frame("000000000000020202020202", "8100", "00640800450000281234400040060000c0a80001c0a80002", 64),
        Frame("01005e000001020202020202", "0806", "", 50),
    ];

    /// <summary>Loads an object, runs its programs in order, and tells all that can be seen of it.</summary>
    public static List<string> Of(IBpfKernel kernel, string path)
    {
        using BpfObject loaded = BpfObject.OpenAndLoad(path, new BpfObjectOptions { Kernel = kernel, Loader = BpfLoader.Managed });
        List<string> lines = ["loaded", .. Of(loaded, s_packets).SelectMany(o => o.Lines)];
        if (kernel is EmulatedKernel { LastFault: { } fault })
            lines.Add(fault.ToString());
        return lines;
    }

    /// <summary>Runs the programs of a loaded object in order over packets; what each did, then what each map holds.</summary>
    public static List<(string Subject, List<string> Lines)> Of(BpfObject loaded, IReadOnlyList<byte[]> packets)
    {
        var all = new List<(string, List<string>)>();
        foreach (BpfProgram program in loaded.Programs)
        {
            var lines = new List<string>();
            all.Add((program.Name, lines));
            if (IteratorReads.IsRead(program))
                IteratorReads.Read(lines, program, loaded);
            else
                Run(lines, program, packets);
        }

        foreach (BpfMap map in loaded.Maps)
        {
            var lines = new List<string>();
            all.Add((map.Name, lines));

            // Linux fills heads of lists in what it copies out with addresses of its own.
            if (!map.Name.Contains("hidden", StringComparison.Ordinal))
                Dump(lines, map);
        }

        return all;
    }

    private static void Run(List<string> lines, BpfProgram program, IReadOnlyList<byte[]> packets)
    {
        switch (program.Type)
        {
            case BpfProgramType.Xdp or BpfProgramType.SchedCls or BpfProgramType.SchedAct or BpfProgramType.SocketFilter or BpfProgramType.CgroupSkb or BpfProgramType.FlowDissector
                or BpfProgramType.LwtIn or BpfProgramType.LwtOut or BpfProgramType.LwtXmit or BpfProgramType.LwtSeg6Local or BpfProgramType.Netfilter:
                foreach (byte[] packet in packets)
                    RunPacket(lines, program, packet);
                break;
            case BpfProgramType.RawTracepoint:
                byte[] arguments = new byte[12 * 8]; // as many as a raw tracepoint can have
                arguments[0] = 5;
                arguments[8] = 6;
                Run(lines, program, new BpfTestRunOptions { Context = arguments }, []);
                break;
            case BpfProgramType.Syscall:
                byte[] context = [1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
                Run(lines, program, new BpfTestRunOptions { Context = context }, context);
                break;
            default:
                lines.Add($"{program.Name}: {program.Type} has no test run");
                break;
        }
    }

    private static void RunPacket(List<string> lines, BpfProgram program, byte[] packet)
    {
        byte[] output = new byte[Math.Max(4096, packet.Length + 512)];
        int contextSize = program.Type switch { BpfProgramType.Xdp => 24, BpfProgramType.FlowDissector or BpfProgramType.Netfilter => 0, _ => 192 };
        byte[] context = new byte[contextSize];
        if (contextSize == 24)
            BitConverter.TryWriteBytes(context.AsSpan(4), packet.Length);
        byte[] contextOut = new byte[contextSize];
        Run(lines, program, new BpfTestRunOptions { Data = packet, DataOut = output, Context = context, ContextOut = contextOut }, contextOut, output);
    }

    private static void Run(List<string> lines, BpfProgram program, BpfTestRunOptions options, byte[] context, byte[]? output = null)
    {
        try
        {
            BpfTestRunResult result = program.TestRun(options);
            string data = output is null ? "" : Convert.ToHexStringLower(output.AsSpan(0, Math.Min(result.DataSize, output.Length)));
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{program.Name}({options.Data.Length}) = {result.ReturnValue:x8} data {data} context {Convert.ToHexStringLower(context)}"));
        }
        catch (BpfException e)
        {
            lines.Add($"{program.Name}({options.Data.Length}): {e.Errno}");
        }
    }

    private static void Dump(List<string> lines, BpfMap map)
    {
        switch (map.Type)
        {
            case BpfMapType.RingBuf:
                using (var ring = new RingBuffer(map))
                    ring.Consume(record => lines.Add($"{map.Name}: record {Convert.ToHexStringLower(record)}"));
                break;
            case BpfMapType.Hash or BpfMapType.Array or BpfMapType.PerCpuHash or BpfMapType.PerCpuArray or BpfMapType.LruHash
                or BpfMapType.LruPerCpuHash or BpfMapType.LpmTrie or BpfMapType.StackTrace or BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.CpuMap:
                var entries = new List<string>();
                byte[] value = new byte[map.ElementSize];
                foreach (byte[] key in map.EnumerateKeys())
                {
                    if (map.LookupElem(key, value) && value.AsSpan().ContainsAnyExcept((byte)0))
                        entries.Add($"{map.Name}[{Describe(key)}] = {Describe(value)}");
                }

                entries.Sort(StringComparer.Ordinal);
                lines.AddRange(entries);
                break;
        }
    }

    // Small numbers read better as numbers.
    private static string Describe(byte[] bytes) => bytes.Length switch
    {
        4 => BitConverter.ToInt32(bytes).ToString("d4", CultureInfo.InvariantCulture),
        8 => BitConverter.ToInt64(bytes).ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToHexStringLower(bytes),
    };

    private static byte[] Frame(string addresses, string type, string rest, int length)
    {
        byte[] head = Convert.FromHexString(addresses + type + rest);
        byte[] frame = new byte[Math.Max(length, head.Length)];
        head.CopyTo(frame, 0);
        for (int i = head.Length; i < frame.Length; i++)
            frame[i] = (byte)i;
        return frame;
    }
}
