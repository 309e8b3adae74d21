using LibbpfSharp.Emulator;

namespace LibbpfSharp.Samples.Tests;

/// <summary>A kernel of the test's own with the filter attached to an interface. Anything the program does wrong fails the test.</summary>
internal sealed class FilterUnderTest : IDisposable
{
    private readonly EmulatedKernel _kernel;
    private readonly BpfLink _link;
    private readonly int _interface;

    public FilterUnderTest(bool reportsDrops = true)
    {
        _kernel = new EmulatedKernel(new EmulatedKernelOptions { PossibleCpuCount = 4 })
        {
            // Strict: reading what was never written is a fault too.
            Diagnosis = new EmulatorDiagnosis { Strict = true, Coverage = CoverageReport.Coverage },
        };
        _interface = _kernel.CreateInterface("eth0");
        Filter = PacketFilter.Load(new BpfObjectOptions { Kernel = _kernel }, reportsDrops);
        _link = Filter.Attach("eth0");
    }

    public PacketFilter Filter { get; }

    /// <summary>The dropped packets that were reported since the last call.</summary>
    public List<DroppedPacket> Reports
    {
        get
        {
            var reports = new List<DroppedPacket>();
            Filter.ReadDropped((ref readonly DroppedPacket packet) => reports.Add(packet));
            return reports;
        }
    }

    /// <summary>A packet arrives.</summary>
    /// <returns>True if it goes on, false if it is dropped.</returns>
    public bool Passes(byte[] packet, int cpu = 0)
    {
        const uint Drop = 1, Pass = 2;
        _kernel.CurrentCpu = cpu;
        EmulatedRun run = Assert.Single(_kernel.RaiseXdp(_interface, packet));
        Assert.Null(run.Fault);
        Assert.Equal(packet, run.Packet.ToArray());
        Assert.True(run.Result is Drop or Pass, $"the program returned {run.Result}");
        return run.Result == Pass;
    }

    public void Dispose()
    {
        _link.Dispose();
        Filter.Dispose();
        Assert.Equal(0, _kernel.OpenDescriptors);
        _kernel.Dispose();
    }
}
