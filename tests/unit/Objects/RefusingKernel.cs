using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Unit.Interop;

namespace LibbpfSharp.Tests.Unit.Objects;

/// <summary>A kernel that permits nothing but what a test lists.</summary>
internal sealed class RefusingKernel(bool emulated) : FakeKernel
{
    public bool AllowMaps { get; init; }

    public BpfProgramType[] Allowed { get; init; } = [];

    public int Opened { get; private set; }

    public override bool IsEmulated => emulated;

    public override int Bpf(BpfCommand command, ref BpfAttr attr, uint size)
    {
        bool allowed = command switch
        {
            BpfCommand.MapCreate => AllowMaps,
            BpfCommand.ProgLoad => Allowed.Contains((BpfProgramType)attr.prog_load.prog_type),
            _ => false,
        };
        if (!allowed)
            return -(int)BpfErrno.EPERM;
        Opened++;
        return 10 + Opened;
    }
}
