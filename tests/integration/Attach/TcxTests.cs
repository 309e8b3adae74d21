using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Integration.Objects;

namespace LibbpfSharp.Tests.Integration.Attach;

/// <summary>tcx: the programs of an interface in order, with links and without, on both kernels.</summary>
public sealed class TcxTests
{
    private static readonly Version s_since = new(6, 6);

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Links_stand_where_their_anchors_say(string @case)
    {
        using var attach = Load(@case, out BpfTcProgram first, out BpfTcProgram second);
        using var wire = new Wire(attach);
        wire.Run(() =>
        {
            if (IsTooOld(attach, () => first.AttachTcx("veth0", BpfTcDirection.Egress)))
                return;
            using BpfLink later = second.AttachTcx("veth0", BpfTcDirection.Egress);
            using (first.AttachTcx("veth0", BpfTcDirection.Egress, BpfAnchor.Before(later)))
                Assert.Equal(12u, wire.LastOfOnePacket());
            using (first.AttachTcx("veth0", BpfTcDirection.Egress, BpfAnchor.After(second.Program)))
                Assert.Equal(21u, wire.LastOfOnePacket());
            using (first.AttachTcx("veth0", BpfTcDirection.Egress, BpfAnchor.First))
                Assert.Equal(12u, wire.LastOfOnePacket());
            using (first.AttachTcx("veth0", BpfTcDirection.Egress, BpfAnchor.BeforeProgramId(second.Program.Id)))
                Assert.Equal(12u, wire.LastOfOnePacket());
            Assert.Equal(BpfErrno.ESTALE, Refusal(() => first.AttachTcx("veth0", BpfTcDirection.Egress, expectedRevision: 12345)));
            Assert.Equal(BpfErrno.EEXIST, Refusal(() => second.AttachTcx("veth0", BpfTcDirection.Egress)));
            Assert.Equal(BpfErrno.ENOENT, Refusal(() => first.AttachTcx("veth0", BpfTcDirection.Egress, BpfAnchor.Before(first.Program))));
            Assert.Equal(BpfErrno.EBUSY, Refusal(() => first.AttachTcxWithoutLink("veth0", BpfTcDirection.Egress, BpfAnchor.Replace(second.Program))));
            BpfTcxLinkInfo info = Assert.IsType<BpfTcxLinkInfo>(later.GetInfo());
            Assert.Equal((attach.Object.Kernel.Facts.GetInterfaceIndex("veth0"), BpfAttachType.TcxEgress), (info.InterfaceIndex, info.AttachType));
            later.Update(first.Program, expected: second.Program);
            Assert.Equal(1u, wire.LastOfOnePacket());
            Assert.Equal(BpfErrno.EPERM, Refusal(() => later.Update(second.Program, expected: second.Program)));
            later.Detach();
            Assert.Equal(0u, wire.LastOfOnePacket());
        });
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Programs_without_links_stand_where_their_anchors_say(string @case)
    {
        using var attach = Load(@case, out BpfTcProgram first, out BpfTcProgram second);
        using var wire = new Wire(attach);
        wire.Run(() =>
        {
            if (IsTooOld(attach, () => first.AttachTcxWithoutLink("veth0", BpfTcDirection.Egress)))
                return;
            using BpfLink held = second.AttachTcxWithoutLink("veth0", BpfTcDirection.Egress);
            using (first.AttachTcxWithoutLink("veth0", BpfTcDirection.Egress, BpfAnchor.Before(second.Program)))
                Assert.Equal(12u, wire.LastOfOnePacket());
            using (first.AttachTcxWithoutLink("veth0", BpfTcDirection.Egress, BpfAnchor.Last))
                Assert.Equal(21u, wire.LastOfOnePacket());
            using (first.AttachTcx("veth0", BpfTcDirection.Egress, BpfAnchor.First))
                Assert.Equal(12u, wire.LastOfOnePacket());
            using (first.AttachTcxWithoutLink("veth0", BpfTcDirection.Egress, BpfAnchor.Replace(second.Program)))
            {
                Assert.Equal(1u, wire.LastOfOnePacket());
                Assert.Equal(BpfErrno.ENOENT, Refusal(() => second.AttachTcxWithoutLink("veth0", BpfTcDirection.Egress, BpfAnchor.Before(second.Program))));
            }

            Assert.Equal(0u, wire.LastOfOnePacket());
        });
    }

    private static AttachObject Load(string @case, out BpfTcProgram first, out BpfTcProgram second)
    {
        var attach = AttachObject.Load(@case, "tc_second", open => open.Programs["tc_first"].AutoLoad = true);
        (first, second) = (new BpfTcProgram(attach.Object.Programs["tc_first"]), new BpfTcProgram(attach.Program));
        return attach;
    }

    // A kernel without tcx is told from one with it by the error.
    private static bool IsTooOld(AttachObject attach, Func<BpfLink> call)
    {
        if (attach.Object.Kernel.Facts.Release >= s_since)
            return false;
        Assert.Equal(s_since, Assert.Throws<BpfUnsupportedFeatureException>(call).MinimumKernel);
        return true;
    }

    private static BpfErrno Refusal(Action call) => Assert.Throws<BpfException>(call).Errno;

    private static BpfErrno Refusal(Func<BpfLink> call) => Assert.Throws<BpfException>(call).Errno;

    /// <summary>An interface "veth0" of the kernel that the programs are on, and frames that leave by it.</summary>
    private sealed class Wire : IDisposable
    {
        private readonly AttachObject _attach;
        private readonly EmulatedKernel? _emulator;
        private readonly TestNetwork? _network;

        public Wire(AttachObject attach)
        {
            _attach = attach;
            _emulator = attach.Object.Kernel as EmulatedKernel;
            if (_emulator is null)
                _network = new TestNetwork();
            else
                _emulator.CreateInterface("veth0");
        }

        public void Run(Action action)
        {
            if (_network is null)
                action();
            else
                _network.Run(action);
        }

        /// <summary>What the programs made of one frame: a digit each.</summary>
        public ulong LastOfOnePacket()
        {
            // An ARP request may go first and would be counted too: it has been answered before the packet that counts.
            Send();
            _attach.Object.SetGlobal("last", 0UL);
            Send();
            return _attach.Last;
        }

        public void Dispose() => _network?.Dispose();

        private void Send()
        {
            if (_emulator is null)
                NetworkAttachTests.SendToPeer();
            else
                _emulator.RaiseTc(_emulator.Facts.GetInterfaceIndex("veth0"), isIngress: false, new byte[60]);
        }
    }
}
