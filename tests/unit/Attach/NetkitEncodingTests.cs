using System.Buffers.Binary;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Unit.Attach;

/// <summary>
/// netkit, which neither the host nor the guests were built with: the bytes of its command, as linux/bpf.h has them
/// (BPF_LINK_CREATE of a netkit link: prog_fd, target_ifindex, attach_type, flags, relative fd or id, expected revision).
/// </summary>
public sealed class NetkitEncodingTests
{
    private const int PrimaryType = 54, PeerType = 55;

    [Theory]
    [InlineData(false, PrimaryType)]
    [InlineData(true, PeerType)]
    public void Device_end_and_program(bool peer, int attachType)
    {
        var kernel = new RecordingKernel();
        using BpfProgram program = Program(kernel, 9);
        using (BpfLink link = NewTc(program).AttachNetkit("nk0", peer))
            Assert.Equal(50, link.FileDescriptor);
        byte[] attr = kernel.Single(BpfCommand.LinkCreate);
        Assert.Equal([9, 7, attachType, 0, 0, 0, 0, 0], Words(attr)[..8]);
        Assert.All(attr[32..], b => Assert.Equal(0, b));
    }

    [Fact]
    public void Place_among_others_and_revision()
    {
        const int Before = 1 << 3, After = 1 << 4, Id = 1 << 5, Link = 1 << 13;
        var kernel = new RecordingKernel();
        using BpfProgram program = Program(kernel, 9), other = Program(kernel, 11);
        using var otherLink = BpfLink.FromDescriptor(kernel, 12, "other");
        (BpfAnchor Anchor, int Flags, int Relative)[] cases =
        [
            (BpfAnchor.Before(other), Before, 11), (BpfAnchor.After(other), After, 11),
            (BpfAnchor.Before(otherLink), Before | Link, 12), (BpfAnchor.After(otherLink), After | Link, 12),
            (BpfAnchor.BeforeProgramId(77), Before | Id, 77), (BpfAnchor.AfterProgramId(77), After | Id, 77),
            (BpfAnchor.First, Before, 0), (BpfAnchor.Last, After, 0),
        ];
        foreach ((BpfAnchor anchor, int flags, int relative) in cases)
        {
            kernel.Commands.Clear();
            NewTc(program).AttachNetkit("nk0", anchor: anchor, expectedRevision: 0x1_0000_0002).Dispose();
            Assert.Equal([9, 7, PrimaryType, flags, relative, 0, 2, 1], Words(kernel.Single(BpfCommand.LinkCreate))[..8]);
        }
    }

    [Fact]
    public void Refusals_name_the_device_and_the_kernel_that_has_it()
    {
        using BpfProgram program = Program(new RecordingKernel { Answer = _ => -(int)BpfErrno.EINVAL }, 9);
        var e = Assert.Throws<BpfException>(() => NewTc(program).AttachNetkit("nk0"));
        Assert.Contains("netkit primary of interface 7", e.Message, StringComparison.Ordinal);
        Assert.Contains("netkit device", e.Message, StringComparison.Ordinal);

        using BpfProgram old = Program(new RecordingKernel { Answer = _ => -(int)BpfErrno.EINVAL, Release = new(6, 1) }, 9);
        var unsupported = Assert.Throws<BpfUnsupportedFeatureException>(() => NewTc(old).AttachNetkit("nk0"));
        Assert.Equal(new Version(6, 7), unsupported.MinimumKernel);
    }

    private static BpfTcProgram NewTc(BpfProgram program) => new(program);

    private static BpfProgram Program(RecordingKernel kernel, int fd) =>
        new(new KernelHandle(kernel, fd, "program 'p'"), "p", "tc", BpfProgramType.SchedCls, 0);

    private static int[] Words(byte[] attr) =>
        [.. Enumerable.Range(0, attr.Length / 4).Select(i => BinaryPrimitives.ReadInt32LittleEndian(attr.AsSpan(i * 4)))];
}
