using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.UnitTests.Emulator.Engine;

/// <summary>Events whose context is a structure of the uapi, set up by field names.</summary>
public sealed class FieldEventTests : IDisposable
{
    private readonly TestMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_cgroups_programs_see_and_change_one_event()
    {
        _machine.Kernel.CreateCgroup("/sys/fs/cgroup/x");
        int first = Load(BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, a => a.Load(BpfSize.Word, R2, R1, 24).Add(R2, 1).Store(BpfSize.Word, R1, 24, R2).Mov(R0, 1));
        Attach(first, "/sys/fs/cgroup/x", BpfAttachType.CgroupInet4Connect);
        using var connect = new EmulatedEvent(BpfProgramType.CgroupSockAddr) { ["user_ip4"] = 0x0100007f, ["user_port"] = 0x5000 };
        EmulatedRun run = Assert.Single(_machine.Kernel.RaiseCgroup("/sys/fs/cgroup/x", BpfAttachType.CgroupInet4Connect, connect));
        Assert.Null(run.Fault);
        Assert.Equal(1u, run.Result);
        Assert.Equal(0x5001u, connect["user_port"]);
        Assert.Equal(0x0100007fu, connect["user_ip4"]);
        using var wrong = new EmulatedEvent(BpfProgramType.CgroupSysctl);
        Assert.Contains("CgroupSysctl", Assert.Throws<ArgumentException>(() => _machine.Kernel.RaiseCgroup("/sys/fs/cgroup/x", BpfAttachType.CgroupInet4Connect, wrong)).Message, StringComparison.Ordinal);
        Assert.Contains("user_port", Assert.Throws<ArgumentException>(() => connect["port"]).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new EmulatedEvent(BpfProgramType.Xdp));
    }

    [Fact]
    public void Every_type_of_fields_runs()
    {
        (BpfProgramType Type, BpfAttachType Attach, string Field, short Offset)[] cases =
        [
            (BpfProgramType.CgroupSock, BpfAttachType.CgroupInetSockCreate, "family", 4),
            (BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet6Bind, "user_ip6[2]", 16),
            (BpfProgramType.CgroupSockopt, BpfAttachType.CgroupSetsockopt, "optname", 28),
            (BpfProgramType.CgroupSysctl, BpfAttachType.CgroupSysctl, "write", 0),
            (BpfProgramType.CgroupDevice, BpfAttachType.CgroupDevice, "major", 4),
            (BpfProgramType.SockOps, BpfAttachType.CgroupSockOps, "op", 0),
            (BpfProgramType.SkMsg, BpfAttachType.SkMsgVerdict, "size", 68),
            (BpfProgramType.SkLookup, BpfAttachType.SkLookup, "local_port", 60),
            (BpfProgramType.SkReusePort, BpfAttachType.SkReuseportSelect, "hash", 32),
        ];
        foreach ((BpfProgramType type, BpfAttachType attach, string field, short offset) in cases)
        {
            int fd = Load(type, attach, a => a.Load(BpfSize.Word, R0, R1, offset));
            using var happened = new EmulatedEvent(type) { [field] = 1 };
            EmulatedRun run = _machine.Kernel.Run(fd, happened);
            Assert.True(run.Fault is null, $"{type}: {run.Fault}");
            Assert.Equal(1u, run.Result);
            Assert.Equal(1u, _machine.Kernel.Run(fd, happened.Context).Result);
        }
    }

    [Fact]
    public void Data_is_what_the_context_points_to()
    {
        int fd = Load(BpfProgramType.SkMsg, BpfAttachType.SkMsgVerdict, a => a.Load(BpfSize.DoubleWord, R2, R1, 0).Load(BpfSize.Byte, R0, R2, 1).Store(BpfSize.Byte, R2, 0, 9));
        using var message = new EmulatedEvent(BpfProgramType.SkMsg) { Data = [1, 2, 3] };
        EmulatedRun run = _machine.Kernel.Run(fd, message);
        Assert.Null(run.Fault);
        Assert.Equal(2u, run.Result);
        Assert.Equal([9, 2, 3], message.Data);
    }

    private int Load(BpfProgramType type, BpfAttachType attach, Func<BpfAssembler, BpfAssembler> body)
    {
        int fd = _machine.TryLoad(WrongProgramTests.Code(body), type, attachType: attach);
        Assert.True(fd > 0, _machine.Log);
        return fd;
    }

    private void Attach(int program, string cgroup, BpfAttachType type)
    {
        int target = _machine.Kernel.OpenPath(cgroup);
        BpfAttr attr = default;
        attr.prog_attach.target_fd = (uint)target;
        attr.prog_attach.attach_bpf_fd = (uint)program;
        attr.prog_attach.attach_type = (uint)type;
        Assert.Equal(0, _machine.Kernel.Bpf(BpfCommand.ProgAttach, ref attr, BpfAttr.ByteSize));
        _machine.Kernel.Close(target);
    }
}
