namespace LibbpfSharp.Tests.Integration.Attach;

/// <summary>freplace: another program's function gives way to ours while the link lives.</summary>
public sealed class ReplacementTests
{
    private const uint XdpDrop = 1, XdpPass = 2;

    public static TheoryData<BpfLoader> Loaders => AttachObject.Loaders;

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Function_of_another_program(BpfLoader loader)
    {
        using var target = AttachObject.Load(loader, "xdp_calls");
        Assert.Equal(XdpPass, Run(target.Program));
        using var attach = AttachObject.LoadOrExcuse(loader, "replacement", "ext load", open => open.Programs["replacement"].AttachProgram = target.Program);
        using (BpfLink link = attach.Program.Attach())
        {
            Assert.Equal(XdpDrop, Run(target.Program));
            Assert.True(attach.Hits > 0);
            BpfTracingLinkInfo info = Assert.IsType<BpfTracingLinkInfo>(link.GetInfo());
            Assert.Equal((attach.Program.Id, target.Program.Id), (info.ProgramId, info.TargetObjectId));
        }

        ulong hits = attach.Hits;
        Assert.Equal(XdpPass, Run(target.Program));
        Assert.Equal(hits, attach.Hits);

        // The same replacement on the same function of another program.
        using var other = AttachObject.Load(loader, "xdp_calls");
        var extension = new BpfExtensionProgram(attach.Program);
        using (extension.Attach(other.Program, "verdict"))
        {
            Assert.Equal(XdpDrop, Run(other.Program));
            Assert.Equal(XdpPass, Run(target.Program));
        }

        Assert.Equal(XdpPass, Run(other.Program));
        Assert.Contains("'no_such'", Assert.Throws<BpfException>(() => extension.Attach(other.Program, "no_such")).Message, StringComparison.Ordinal);
    }

    private static uint Run(BpfProgram program) => program.TestRun(new byte[64]).ReturnValue;
}
