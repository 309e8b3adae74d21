using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Unit.Interop;

namespace LibbpfSharp.Tests.Unit.Attach;

/// <summary>A kernel that keeps the bytes of each command and answers what a test says; interfaces are 'eth0' (2) and 'nk0' (7).</summary>
internal sealed class RecordingKernel : FakeKernel
{
    public List<(BpfCommand Command, byte[] Attr)> Commands { get; } = [];

    /// <summary>The answer to a command; null for descriptor 50.</summary>
    public Func<BpfCommand, int>? Answer { get; init; }

    /// <summary>The attribute of the only call of a command.</summary>
    public byte[] Single(BpfCommand command) => Assert.Single(Commands, c => c.Command == command).Attr;

    public override int Bpf(BpfCommand command, ref BpfAttr attr, uint size)
    {
        byte[] bytes = new byte[size];
        Unsafe.CopyBlockUnaligned(ref bytes[0], ref Unsafe.As<BpfAttr, byte>(ref attr), size);
        Commands.Add((command, bytes));
        return Answer?.Invoke(command) ?? 50;
    }
}
