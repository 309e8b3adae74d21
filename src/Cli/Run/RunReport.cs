using LibbpfSharp.Emulator;
using LibbpfSharp.Formats;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Cli.Run;

/// <summary>What the runs gave, and what the maps hold after them.</summary>
internal sealed class RunReport
{
    // A packet may grow by what a program puts before and behind it.
    private const int PacketRoom = 64 << 10;

    /// <summary>"linux" or "emulator", as --kernel has it.</summary>
    public required string Kernel { get; init; }

    /// <summary>Why the object did not load; null if it did.</summary>
    public string? Error { get; init; }

    /// <summary>A program that was asked for and is not there; nothing was loaded then.</summary>
    public string? UnknownProgram { get; init; }

    public IReadOnlyList<Run> Runs { get; init; } = [];

    public IReadOnlyList<MapDump> Maps { get; init; } = [];

    public static RunReport Make(RunRequest request, Func<string, string> advise)
    {
        try
        {
            using BpfObjectOpen open = BpfObject.Open(request.Path, new BpfObjectOptions { Kernel = request.Kernel, BtfPath = request.BtfPath });
            foreach (BpfMapDefinition map in open.Maps)
                map.PinPath = null;
            foreach (string name in request.Programs)
            {
                if (!open.Programs.TryGet(name, out BpfProgramDefinition? program))
                    return new() { Kernel = NameOf(request.Kernel), UnknownProgram = name };
                program.AutoLoad = true;
            }

            using BpfObject loaded = open.Load();
            Run[] runs = [.. request.Programs.Select(name => RunOne(loaded.Programs[name], request, advise))];
            return new()
            {
                Kernel = NameOf(request.Kernel),
                Runs = runs,
                Maps = request.DumpMaps ? [.. open.File.Maps.Where(m => m.AutoCreate).Select(m => MapDump.Make(m.IsInternal ? m.SectionName : m.Name, loaded.Maps[m.Name]))] : [],
            };
        }
        catch (Exception e) when (e is BpfException or BpfObjectFormatException or InvalidOperationException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            return new() { Kernel = NameOf(request.Kernel), Error = advise(e.Message) };
        }
    }

    private static string NameOf(IBpfKernel kernel) => kernel.IsEmulated ? "emulator" : "linux";

    // The fault knows the instruction and the C line, the program what stood there.
    private static string Explain(string message, BpfProgram program, BpfProgramFault? fault)
    {
        if (fault?.Kind != BpfFaultKind.InvalidInstruction || program.UnresolvedRelocations.Count == 0)
            return message;
        return $"{message} Unresolved: {string.Join("; ", program.UnresolvedRelocations)}.";
    }

    private static bool TakesPacket(BpfProgramType type) => type is BpfProgramType.Xdp or BpfProgramType.SchedCls or BpfProgramType.SchedAct
        or BpfProgramType.SocketFilter or BpfProgramType.CgroupSkb or BpfProgramType.FlowDissector or BpfProgramType.LwtIn or BpfProgramType.LwtOut
        or BpfProgramType.LwtXmit or BpfProgramType.LwtSeg6Local or BpfProgramType.Netfilter;

    private static Run RunOne(BpfProgram program, RunRequest request, Func<string, string> advise)
    {
        bool packet = TakesPacket(program.Type);
        byte[] dataOut = packet && !request.Data.IsEmpty ? new byte[request.Data.Length + PacketRoom] : [];
        EmulatedKernel? emulator = request.Kernel as EmulatedKernel;
        BpfProgramFault? before = emulator?.LastFault;
        try
        {
            BpfTestRunResult result = program.TestRun(new BpfTestRunOptions
            {
                Data = packet ? request.Data : default,
                DataOut = dataOut,
                Context = request.Context,
                Repeat = request.Repeat,
                Cpu = request.Cpu,
            });
            return new(program.Name, result.ReturnValue, 0, dataOut.Length == 0 ? null : dataOut[..Math.Min(result.DataSize, dataOut.Length)], null, null);
        }
        catch (BpfException e)
        {
            BpfProgramFault? fault = emulator?.LastFault;
            return new(program.Name, null, (int)e.Errno, null, ReferenceEquals(fault, before) ? null : fault, advise(Explain(e.Message, program, fault)));
        }
    }

    /// <summary>One run of a program.</summary>
    internal sealed record Run(string Program, uint? ReturnValue, int Errno, byte[]? DataOut, BpfProgramFault? Fault, string? Message);
}
